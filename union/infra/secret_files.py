"""Files that hold a secret: read only if nobody but their owner could have written or read them.

It never follows a link, never says what stands in a file, and never mends what it finds.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS = 0o077
_OTHERS_WRITE = 0o022


class SecretFileUnfitError(OSError):
    """A file of secrets that somebody else could read, write or put in another's place."""


def read_secret_file(path: Path) -> str:
    """Its text; SecretFileUnfitError says why it is not read, OSError that it cannot be.

    The checks are of the opened file itself, so that none can be laid in its place meanwhile.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if path.is_symlink():
            raise SecretFileUnfitError("a link") from error
        raise
    with os.fdopen(descriptor, encoding="utf-8") as file:
        _hold(os.fstat(file.fileno()), path.absolute().parent.stat())
        return file.read()


def _hold(file: os.stat_result, folder: os.stat_result) -> None:
    if not stat.S_ISREG(file.st_mode):
        raise SecretFileUnfitError("no plain file")
    if file.st_mode & _OTHERS:
        raise SecretFileUnfitError("readable by others")
    if file.st_uid not in _trusted():
        raise SecretFileUnfitError("somebody else's")
    if folder.st_mode & _OTHERS_WRITE and not folder.st_mode & stat.S_ISVTX:
        raise SecretFileUnfitError("in a folder others write to")


def _trusted() -> set[int]:
    """Who may own a secret: whoever runs this process, and root."""
    return {os.geteuid(), 0}
