"""How names to sign in by are read, and how long a sign-in lasts."""

from __future__ import annotations

from datetime import timedelta

SIGN_IN_LASTS = timedelta(hours=12)
"""A working night; after it one signs in again."""


def read_sign_in_name(text: str) -> str:
    """The name without outer space or difference of case."""
    return text.strip().casefold()
