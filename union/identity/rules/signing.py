"""How names to sign in by are read."""

from __future__ import annotations


def read_sign_in_name(text: str) -> str:
    """The name without outer space or difference of case."""
    return text.strip().casefold()
