"""Many calls out at once, from bounded threads, each given up after a hard time-out.

Threads are daemons on purpose: a provider that never answers must hold up neither the next call
nor the end of the process. It must never know what the calls are about.
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from union.gateways.port import GatewayUnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_AT_ONCE = 80
"""Enough for 250 words a second by a gateway that thinks for 300 ms."""

Job = TypeVar("Job")
Answer = TypeVar("Answer")


def call_all(
    jobs: Sequence[Job],
    call: Callable[[Job], Answer],
    seconds: float,
    at_once: int = MOST_AT_ONCE,
) -> list[Answer | Exception]:
    """Call for every job and return the answers in the jobs' order.

    After `seconds` for the whole round, what has not answered is a GatewayUnreachableError;
    what a call raised stands in its place. Nothing is raised here.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Answer | Exception]] = queue.SimpleQueue()
    for index in range(len(jobs)):
        waiting.put(index)
    ends = time.monotonic() + seconds

    def work_off() -> None:
        while time.monotonic() < ends:
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            done.put((index, _answer_of(call, jobs[index])))

    for _ in range(min(len(jobs), at_once)):
        threading.Thread(target=work_off, daemon=True, name="gateway-call").start()
    return _collect(done, len(jobs), ends)


@dataclass
class Calls(Generic[Job, Answer]):
    """Calls that are out, each given up after `seconds`; more may begin while others wait."""

    call: Callable[[Job], Answer]
    seconds: float
    most: int = MOST_AT_ONCE
    _out: dict[int, tuple[Job, float]] = field(default_factory=dict)
    _done: queue.SimpleQueue[tuple[int, Answer | Exception]] = field(
        default_factory=queue.SimpleQueue
    )
    _begun: int = 0

    @property
    def room(self) -> int:
        """How many more may begin now."""
        return self.most - len(self._out)

    @property
    def all_in(self) -> bool:
        """Whether none is out."""
        return not self._out

    def begin(self, jobs: Sequence[Job]) -> None:
        """Call for each of these, all at once."""
        for job in jobs:
            self._begun += 1
            self._out[self._begun] = (job, time.monotonic() + self.seconds)
            threading.Thread(
                target=self._carry_out, args=(self._begun, job), daemon=True, name="gateway-call"
            ).start()

    def answered(self, seconds: float) -> list[tuple[Job, Answer | Exception]]:
        """Each job with its answer, or what was raised; waits for all, but so long at most.

        Whoever took too long has a GatewayUnreachableError, and what she says later is not heard.
        """
        found: list[tuple[Job, Answer | Exception]] = []
        ends = time.monotonic() + seconds
        while self._out:
            try:
                number, answer = self._done.get(timeout=max(0.0, ends - time.monotonic()))
            except queue.Empty:
                break
            if number in self._out:
                found.append((self._out.pop(number)[0], answer))
        now = time.monotonic()
        late = [number for number, (_, until) in self._out.items() if until <= now]
        return found + [(self._out.pop(number)[0], GatewayUnreachableError()) for number in late]

    def _carry_out(self, number: int, job: Job) -> None:
        self._done.put((number, _answer_of(self.call, job)))


def _answer_of(call: Callable[[Job], Answer], job: Job) -> Answer | Exception:
    try:
        return call(job)
    except Exception as error:  # noqa: BLE001  whatever a provider's library raises is one failed call
        return error


def _collect(
    done: queue.SimpleQueue[tuple[int, Answer | Exception]], count: int, ends: float
) -> list[Answer | Exception]:
    answers: list[Answer | Exception] = [GatewayUnreachableError() for _ in range(count)]
    for _ in range(count):
        try:
            index, answer = done.get(timeout=max(0.0, ends - time.monotonic()))
        except queue.Empty:
            break
        answers[index] = answer
    return answers
