"""What fails, and what libraries say of it: kinds of errors and places in code, never a message.

A message may hold whatever somebody typed: a request that cannot be read, a value that is no
number, the parameters of a statement. Ours say codes through ``logs``; this is for all others.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING

from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_LONGEST_CHAIN = 10
_AROUND = ("logging/__init__.py", "/warnings.py", "gunicorn/glogging.py", "infra/bare_logs.py")


def keep_messages_out() -> None:
    """From here on nothing that this process says of an error or a warning carries its message.

    Who already hears of errors in Python's place (a test does) goes on hearing of them.
    """
    logging.setLogRecordFactory(BareRecord)
    logging.captureWarnings(capture=True)
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _fell
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = lambda told: _say_fallen(told.exc_value)
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda told: _say_fallen(told.exc_value)


def fallen(error: BaseException | None) -> str:
    """What led to what, the last first: kinds, codes, and where in the code."""
    return "\n".join(line for one in _chain(error) for line in _lines(one))


class BareRecord(logging.LogRecord):
    """A record of a library: where it was written, and what fell, in place of what it says."""

    def getMessage(self) -> str:  # noqa: N802  the name is that of the method it replaces
        """Where in the code it was said, past what libraries lay around logging."""
        said = (f for f in reversed(traceback.extract_stack()) if not f.filename.endswith(_AROUND))
        return next((f"{_place(frame.filename)}:{frame.lineno}" for frame in said), "")

    @property
    def exc_text(self) -> str | None:
        """What fell, as formatters write it beneath."""
        return fallen(self.exc_info[1]) if self.exc_info else None

    @exc_text.setter
    def exc_text(self, _text: str | None) -> None:
        """Nothing: no formatter says it better."""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_LONGEST_CHAIN):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _lines(error: BaseException) -> Iterator[str]:
    kind = type(error)
    code = error.code if isinstance(error, UnionError) else getattr(error, "sqlstate", None)
    yield " ".join(filter(None, (f"{kind.__module__}.{kind.__qualname__}", code)))
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_place(frame.filename)}:{frame.lineno} {frame.name}"


def _place(file: str) -> str:
    return "/".join(PurePath(file).parts[-3:])


def _fell(
    _kind: type[BaseException], error: BaseException, _traceback: TracebackType | None
) -> None:
    _say_fallen(error)


def _say_fallen(error: BaseException | None) -> None:
    sys.stderr.write(f"{fallen(error)}\n")
