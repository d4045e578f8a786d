"""Why somebody need not pay, and for how long that may be given at once."""

from __future__ import annotations

from enum import StrEnum

LONGEST_GIVEN = 24
"""Months: whoever needs longer is asked again, so that nobody is forgotten in a list."""


class WaiverReason(StrEnum):
    """Why; a code, never words."""

    HARDSHIP = "hardship"
    HOLIDAY = "holiday"
    ILLNESS = "illness"
    DETAINED = "detained"


OPEN = frozenset({WaiverReason.ILLNESS, WaiverReason.DETAINED})
"""Nobody knows when a fever or a detention ends: these may go on until somebody ends them."""


def may_stay_open(reason: str) -> bool:
    """Whether a waiver for this reason needs no end when it is given."""
    return reason in OPEN
