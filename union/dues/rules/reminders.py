"""Who is reminded and how firmly, from plain values; words and hours are the messages' own.

Three levels follow each other: nobody hears the second before the first. Whoever is let off, has
paid something that is not booked yet, or is no longer with us is left in peace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LEVELS = 3


class Why(StrEnum):
    """Why somebody who is behind is not reminded; the last two are the messages' own codes."""

    NOT_WITH_US = "not_with_us"
    NOT_KNOWN = "not_known"
    SUSPENDED = "suspended"
    LET_OFF = "let_off"
    PAID_SOMETHING = "paid_something"
    THIS_MONTH = "this_month"
    NOT_HERE = "not_here"
    NO_CONSENT = "no_consent"
    NO_WAY = "no_way"


@dataclass(frozen=True, slots=True)
class Behind:
    """What is known of somebody behind with her dues.

    ``last_level`` is the latest reminder since she was last wholly paid up (0: none);
    ``this_month``: one went out this month already.
    """

    months: int | None
    last_level: int = 0
    this_month: bool = False
    with_us: bool = True
    suspended: bool = False
    let_off: bool = False
    paid_something: bool = False


def level(behind: Behind, remind_months: Sequence[int]) -> int:
    """Which of the three reminders is hers now; 0 if she is not far enough behind for any."""
    reached = sum(behind.months is not None and behind.months >= one for one in remind_months)
    return min(reached, behind.last_level + 1, LEVELS)


def left_in_peace(behind: Behind) -> Why | None:
    """Why she is not reminded although she is behind, the weightiest reason first."""
    reasons = (
        (not behind.with_us, Why.NOT_WITH_US),
        (behind.months is None, Why.NOT_KNOWN),
        (behind.suspended, Why.SUSPENDED),
        (behind.let_off, Why.LET_OFF),
        (behind.paid_something, Why.PAID_SOMETHING),
        (behind.this_month, Why.THIS_MONTH),
    )
    return next((why for holds, why in reasons if holds), None)
