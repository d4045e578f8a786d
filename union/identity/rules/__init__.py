"""What identity decides over plain values; never a clock of its own."""

from __future__ import annotations

from union.identity.rules.sessions import (
    BROWSERS,
    MEMBER_RESTS,
    OFFICE_RESTS,
    SEEN_EVERY,
    SIGN_IN_LASTS,
    kind_of_browser,
)
from union.identity.rules.signing import read_sign_in_name

__all__ = [
    "BROWSERS",
    "MEMBER_RESTS",
    "OFFICE_RESTS",
    "SEEN_EVERY",
    "SIGN_IN_LASTS",
    "kind_of_browser",
    "read_sign_in_name",
]
