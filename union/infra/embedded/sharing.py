"""Who starts a part and who stops it, when several commands use the same clone.

Every user holds a file lock shared while she works; it falls with its process, however that ends.
The last one to let go stops the part, so a command attaches to what runs and none is left behind.
"""

from __future__ import annotations

import contextlib
import fcntl
from typing import IO, TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import subprocess  # nosec B404 # a type's name; nothing starts here
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Part(Protocol):
    """A server that can be found running, brought up and stopped by any process of ours."""

    def is_running(self) -> bool:
        """Whether it answers."""

    def has_fallen(self) -> bool:
        """Whether it ended without having been asked to."""

    def bring_up(self, say: Callable[[str], None]) -> None:
        """Make what is missing, start it, and return when it answers."""

    def stop(self) -> None:
        """Stop it and return when it is gone."""

    def leave(self) -> None:
        """Let it run for others, one of whom will stop it."""


@contextlib.contextmanager
def shared(
    part: Part, folder: Path, name: str, say: Callable[[str], None]
) -> Iterator[Callable[[], None]]:
    """Keep ``part`` running for as long as the block runs, together with whoever else uses it.

    ``folder`` holds the two lock files called after ``name``. Yields a function that brings the
    part up again if it has fallen meanwhile, to be called now and then.
    """

    def revive() -> None:
        if part.has_fallen():
            with _locked(turn):
                if not part.is_running():
                    part.bring_up(say)

    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.turn").open("a") as turn, (folder / f"{name}.users").open("a") as users:
        with _locked(turn):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not part.is_running():
                part.bring_up(say)
        try:
            yield revive
        finally:
            with _locked(turn):
                if _alone(users):
                    part.stop()
                else:
                    part.leave()


@contextlib.contextmanager
def _locked(file: IO[Any]) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _alone(users: IO[Any]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def leave_running(process: subprocess.Popen[bytes] | None) -> None:
    """Let a process run for others, one of whom will stop it; nobody waits for it here."""
    if process is not None:
        # Python takes a process that nobody waited for as lost, and says so when it ends.
        process.returncode = 0
