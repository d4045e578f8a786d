"""Many calls out at once, from bounded threads, each given up after a hard time-out.

Threads are daemons on purpose: a provider that never answers must hold up neither the next call
nor the end of the process. It must never know what the calls are about.
"""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, TypeVar

from union.gateways.port import GatewayUnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_AT_ONCE = 50

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
