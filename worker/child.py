"""One child process: begun, heard, asked whether it lives, signalled with all its own children.

Must only be used by a process of one thread: it forks, so that a child may begin with everything
its parent has already imported.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

_PR_SET_NAME = 15
_PR_SET_PDEATHSIG = 1
_FIRST_OWN_FILE = 3
_READ = 65536
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Command:
    """What a child does: becomes the program ``argv``, or calls ``inside`` for its exit code.

    Of its parent's open files it has those in ``keeps`` and no others.
    """

    name: str
    argv: Sequence[str] = ()
    inside: Callable[[], int] | None = None
    keeps: Sequence[int] = ()


@dataclass(slots=True)
class Child:
    """A running child; ``mouth`` is the file from which what it says is read."""

    pid: int
    mouth: int
    code: int | None = None
    _unfinished: bytes = field(default=b"", init=False)

    @classmethod
    def begin(cls, command: Command, environment: Mapping[str, str]) -> Child:
        """Start the command as the leader of a process group of its own, on a leash.

        The leash is the kernel's: the child is sent SIGTERM when this process dies, however that
        happens (Linux only).
        """
        mouth, ear = os.pipe()
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            _live(command, environment, ear, parent)
        os.close(ear)
        os.set_blocking(mouth, False)
        return cls(pid, mouth)

    def lines(self) -> list[str]:
        """What it has said since the last time, whole lines only."""
        try:
            said = os.read(self.mouth, _READ)
        except BlockingIOError:
            return []
        *lines, self._unfinished = (self._unfinished + said).split(b"\n")
        if not said and self._unfinished:
            lines, self._unfinished = [*lines, self._unfinished], b""
        return [line.decode(errors="replace") for line in lines]

    def has_ended(self) -> bool:
        """Whether it is over; ``code`` is then its exit code, or minus the signal that ended it."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the child and whatever it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def let_go(self) -> None:
        """Stop listening."""
        os.close(self.mouth)


def _live(command: Command, environment: Mapping[str, str], ear: int, parent: int) -> NoReturn:
    """The child's whole life; it never returns into what its parent was doing."""
    code = 1
    try:
        os.setsid()
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            _LIBC.prctl(_PR_SET_NAME, command.name.encode())
        if os.getppid() == parent:
            _shed_what_is_the_parents(ear, command.keeps)
            os.environ.clear()
            os.environ.update(environment)
            if command.inside is None:
                os.execvp(command.argv[0], list(command.argv))  # nosec B606 # a command of our own plan, no shell
            code = command.inside()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001  nothing may unwind into the parent's own blocks
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _shed_what_is_the_parents(ear: int, keeps: Sequence[int]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    silence = os.open(os.devnull, os.O_RDONLY)
    os.dup2(silence, 0)
    os.dup2(ear, 1)
    os.dup2(ear, 2)
    # Locks and pipes of the parent must not live on in the child.
    for file in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        if file in keeps:
            fcntl.fcntl(file, fcntl.F_SETFD, 0)
        elif file >= _FIRST_OWN_FILE:
            with contextlib.suppress(OSError):
                os.close(file)
