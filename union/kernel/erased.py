"""What stands where somebody's name was before she was erased, and where words were kept too long.

Pages say it in the reader's language: whoever shows pages says how, once, when it starts. Nothing
is known here of anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

_HOW: list[Callable[[], str]] = [lambda: "erased"]
_AGED: list[Callable[[date], str]] = [lambda since: f"gone since {since}"]


def erased() -> str:
    """The word for it."""
    return _HOW[-1]()


def say_erased(how: Callable[[], str]) -> None:
    """From now on it is said so."""
    _HOW[:] = [how]


def aged_out(since: date) -> str:
    """That words are gone since that day."""
    return _AGED[-1](since)


def say_aged_out(how: Callable[[date], str]) -> None:
    """From now on it is said so."""
    _AGED[:] = [how]
