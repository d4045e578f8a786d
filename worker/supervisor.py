"""Keeps our processes alive: starts them, shows what they say, restarts what dies, stops them all.

Each child leads a process group of its own and is on a leash (``worker.leash``) that ends it with
the supervisor, so that nothing is left behind however that ends. Knows commands only, never what
they do.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO, Protocol

from worker.leash import HOLDER

FIRST_WAIT = 0.25
LONGEST_WAIT = 10.0
STEADY = 20.0
"""Seconds alive after which a death counts as the first again."""

GRACE = 8.0


class Mouth(Protocol):
    """Whatever shows one line, with the name of the process that said it."""

    def __call__(self, name: str, line: str) -> None:
        """Show it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One process to keep alive; ``name`` stands before each line it says."""

    name: str
    argv: Sequence[str]


@dataclass(slots=True)
class _Child:
    command: Command
    process: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    wait: float = FIRST_WAIT
    start_again_at: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Runs ``commands`` until SIGINT or SIGTERM; a child that dies is started again.

    The wait before a restart doubles from a quarter of a second to ten seconds, and falls back
    once a child has lived for twenty. ``grace`` seconds lie between asking the children to stop and
    making them.
    """

    commands: Sequence[Command]
    environment: Mapping[str, str]
    show: Mouth
    grace: float = GRACE
    _children: list[_Child] = field(default_factory=list, init=False)
    _stopping: bool = field(default=False, init=False)
    _readers: list[threading.Thread] = field(default_factory=list, init=False)
    _wakened: int = field(default=-1, init=False)

    def run(self, when_started: Callable[[], None] = lambda: None) -> None:
        """Start everything, call ``when_started``, and return after the stop."""
        asleep, self._wakened = os.pipe()
        os.set_blocking(self._wakened, False)
        before = {
            number: signal.signal(number, self._ask_to_stop)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, self._wake)
        try:
            self._children = [_Child(command) for command in self.commands]
            for child in self._children:
                self._start(child)
            when_started()
            self._watch(asleep)
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(asleep)
            os.close(self._wakened)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._wake(_number, _frame)

    def _wake(self, _number: int, _frame: FrameType | None) -> None:
        try:
            os.write(self._wakened, b".")
        except BlockingIOError:
            return

    def _watch(self, asleep: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(asleep, selectors.EVENT_READ)
            while not self._stopping:
                now = time.monotonic()
                for child in self._children:
                    self._look_after(child, now)
                if selector.select(self._longest_sleep(now)):
                    os.read(asleep, 4096)

    def _look_after(self, child: _Child, now: float) -> None:
        if child.process is not None and child.process.poll() is not None:
            if now - child.started_at > STEADY:
                child.wait = FIRST_WAIT
            self.show(
                child.command.name,
                f"stopped ({_reason(child.process.returncode)}); starting it again",
            )
            # What it may have left in its group must not work beside its successor.
            _signal_group(child.process, signal.SIGKILL)
            child.process = None
            child.start_again_at = now + child.wait
            child.wait = min(child.wait * 2, LONGEST_WAIT)
        if child.process is None and now >= child.start_again_at:
            self._start(child)

    def _longest_sleep(self, now: float) -> float | None:
        waiting = [child.start_again_at for child in self._children if child.process is None]
        return max(0.0, min(waiting) - now) if waiting else None

    def _start(self, child: _Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            [sys.executable, "-m", "worker.leash", *child.command.argv],
            env={**self.environment, HOLDER: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        if child.process.stdout is None:
            return
        reader = threading.Thread(
            target=self._read, args=(child.command.name, child.process.stdout), daemon=True
        )
        reader.start()
        self._readers.append(reader)

    def _read(self, name: str, said: IO[str]) -> None:
        with said:
            for line in said:
                self.show(name, line.rstrip("\n"))

    def _stop(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue
        for process in running:
            _signal_group(process, signal.SIGKILL)
            process.wait()
        for reader in self._readers:
            reader.join(1.0)


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
