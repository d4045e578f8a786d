"""Keeps our processes alive: starts them, shows what they say, restarts what dies, stops them all.

Each child leads a process group of its own and dies with the supervisor, so that nothing is left
behind however that ends. Knows commands only, never what they do; has one thread, for it forks.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

from worker.child import Child, Command

FIRST_WAIT = 0.25
LONGEST_WAIT = 10.0
STEADY = 20.0
"""Seconds alive after which a death counts as the first again."""

GRACE = 8.0
POLL = 0.1
NOW_AND_THEN = 1.0


class Mouth(Protocol):
    """Whatever shows one line, with the name of the process that said it."""

    def __call__(self, name: str, line: str) -> None:
        """Show it."""


@dataclass(slots=True)
class _Place:
    """One command's place among the children, whoever fills it at the moment."""

    command: Command
    child: Child | None = None
    started_at: float = 0.0
    wait: float = FIRST_WAIT
    start_again_at: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Runs ``commands`` until SIGINT, SIGTERM or SIGHUP; a child that dies is started again.

    The wait before a restart doubles from a quarter of a second to ten seconds, and falls back
    once a child has lived for twenty. ``grace`` seconds lie between asking the children to stop and
    making them.
    """

    commands: Sequence[Command]
    environment: Mapping[str, str]
    show: Mouth
    grace: float = GRACE
    _places: list[_Place] = field(default_factory=list, init=False)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector, init=False)
    _stopping: bool = field(default=False, init=False)

    def run(
        self,
        is_open: Callable[[], bool] = lambda: True,
        now_and_then: Callable[[], None] = lambda: None,
    ) -> None:
        """Start everything and return after the stop.

        ``is_open`` is asked every tenth of a second until it says yes; ``now_and_then`` is called
        once a second from then on.
        """
        with _signals_as_bytes(self._ask_to_stop) as wakened, self._selector:
            self._selector.register(wakened, selectors.EVENT_READ)
            self._places = [_Place(command) for command in self.commands]
            try:
                for place in self._places:
                    self._start(place)
                self._watch(wakened, is_open, now_and_then)
            finally:
                self._stop()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _watch(
        self, wakened: int, is_open: Callable[[], bool], now_and_then: Callable[[], None]
    ) -> None:
        opened = False
        called_at = 0.0
        while not self._stopping:
            opened = opened or is_open()
            now = time.monotonic()
            if opened and now - called_at >= NOW_AND_THEN:
                now_and_then()
                called_at = now
            for place in self._places:
                self._look_after(place, now)
            self._listen(wakened, self._sleep(now) if opened else POLL)

    def _listen(self, wakened: int, timeout: float) -> None:
        for key, _ in self._selector.select(timeout):
            if key.fileobj == wakened:
                os.read(wakened, 4096)
            else:
                self._hear(key.data)

    def _hear(self, place: _Place) -> None:
        if place.child is not None:
            for line in place.child.lines():
                self.show(place.command.name, line)

    def _look_after(self, place: _Place, now: float) -> None:
        if place.child is not None and place.child.has_ended():
            if now - place.started_at > STEADY:
                place.wait = FIRST_WAIT
            child = self._bury(place)
            reason = _reason(child.code or 0)
            self.show(place.command.name, f"stopped ({reason}); starting it again")
            place.start_again_at = now + place.wait
            place.wait = min(place.wait * 2, LONGEST_WAIT)
        if place.child is None and now >= place.start_again_at:
            self._start(place)

    def _sleep(self, now: float) -> float:
        waiting = [place.start_again_at for place in self._places if place.child is None]
        return max(0.0, min([now + NOW_AND_THEN, *waiting]) - now)

    def _start(self, place: _Place) -> None:
        place.started_at = time.monotonic()
        place.child = Child.begin(place.command, self.environment)
        self._selector.register(place.child.mouth, selectors.EVENT_READ, place)

    def _bury(self, place: _Place) -> Child:
        """Hear the last words of a child that has ended, and end what it left in its group."""
        child = place.child
        if child is None:
            message = "nobody is in this place"
            raise ValueError(message)
        # What it may have left in its group must not work beside its successor.
        child.signal_group(signal.SIGKILL)
        self._hear(place)
        self._selector.unregister(child.mouth)
        child.let_go()
        place.child = None
        return child

    def _stop(self) -> None:
        self._tell_all(signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        while self._running() and time.monotonic() < deadline:
            for key, _ in self._selector.select(POLL):
                if key.data is not None:
                    self._hear(key.data)
        self._tell_all(signal.SIGKILL)
        while self._running():
            time.sleep(0.01)

    def _running(self) -> list[_Place]:
        for place in self._places:
            if place.child is not None and place.child.has_ended():
                self._bury(place)
        return [place for place in self._places if place.child is not None]

    def _tell_all(self, number: signal.Signals) -> None:
        for place in self._running():
            if place.child is not None:
                place.child.signal_group(number)


@contextlib.contextmanager
def _signals_as_bytes(
    ask_to_stop: Callable[[int, FrameType | None], None],
) -> Iterator[int]:
    """Yield a file in which a byte arrives for every signal, so that waiting ends with it."""
    wakened, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(wakened, False)
    handlers = dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), ask_to_stop)
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    woke_before = signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    try:
        yield wakened
    finally:
        signal.set_wakeup_fd(woke_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(wakened)
        os.close(waker)


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
