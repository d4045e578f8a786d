"""Reading a stranger's file in a process of its own, with little memory and little time.

What takes the reader down takes down nothing else; it can write to no disk and leaves no image of
its memory. Its own words are never passed on: they may quote the file.
"""

from __future__ import annotations

import importlib
import resource
import subprocess  # nosec B404 # starts this same interpreter and nothing else
import sys
from collections.abc import Callable

from union.kernel.errors import UnionError

MEMORY = 1024 * 1024 * 1024
SECONDS = 20


class ReadingFailedError(UnionError):
    """The reader needed more than it was given, or broke."""

    code = "reading_failed"


def apart(read: Callable[[bytes], bytes], content: bytes) -> bytes:
    """What ``read``, a function of a module, makes of ``content``, or ReadingFailedError."""
    named = f"{read.__module__}:{read.__qualname__}"
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603 # the command is made of constants
            [sys.executable, "-I", "-B", "-m", __name__, named],
            input=content,
            capture_output=True,
            check=True,
            timeout=2 * SECONDS,
        )
    except (subprocess.SubprocessError, OSError):
        raise ReadingFailedError(reader=read.__qualname__) from None
    return done.stdout


def hold_bounds() -> None:
    """From here on this process has little of everything, for good."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(named: str) -> None:
    """Read what comes in and write what came of it, within the bounds."""
    module, _, function = named.partition(":")
    read: Callable[[bytes], bytes] = getattr(importlib.import_module(module), function)
    hold_bounds()
    sys.stdout.buffer.write(read(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main(sys.argv[1])
