"""How long cash stays in a collector's hands, and what looks like lapping.

Lapping is one receipt's cash spent and covered by the next one's: seen from outside, cash grows
old in a hand that keeps handing in, days run against the numbers of the receipts, and receipts are
written down long after they were given. Each sign alone is innocent; two together deserve a look.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

LONG_DAYS = 31
"""Cash is handed in at least once a month."""

LATE_DAYS = 45
"""A round on paper comes in once a month; what comes a fortnight after that is late."""

SUSPICIOUS_SIGNS = 2


@dataclass(frozen=True, slots=True)
class CashAge:
    """Paise-weighted days from receipt to hand-over, the longest, and what still waits."""

    average_days: float
    longest_days: int
    in_hand_minor: int
    oldest_on: date | None


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt of a collector: its number, the day on it, the day it was written down."""

    number: int
    happened_on: date
    written_on: date
    amount_minor: int


def cash_age(
    receipts: Iterable[tuple[date, int]], handed: Iterable[tuple[date, int]], as_on: date
) -> CashAge:
    """Which hand-over brought which receipt, the oldest first; what is left is in her hands.

    Cash handed in before its receipt was written counts as handed in at once.
    """
    waiting = deque(sorted((day, amount) for day, amount in receipts if amount > 0))
    days = paise = longest = 0
    for handed_on, amount in sorted(handed):
        left = amount
        while left > 0 and waiting:
            taken_on, taken = waiting.popleft()
            part = min(left, taken)
            kept = max((handed_on - taken_on).days, 0)
            days, paise, longest = days + kept * part, paise + part, max(longest, kept)
            left -= part
            if taken > part:
                waiting.appendleft((taken_on, taken - part))
    oldest = waiting[0][0] if waiting else None
    if oldest is not None:
        longest = max(longest, (as_on - oldest).days)
    return CashAge(
        average_days=days / paise if paise else 0.0,
        longest_days=longest,
        in_hand_minor=sum(amount for _, amount in waiting),
        oldest_on=oldest,
    )


def against_the_numbers(receipts: Iterable[ReceiptLine]) -> int:
    """How often a receipt bears an earlier day than the number before it."""
    ordered = sorted(receipts, key=lambda one: one.number)
    return sum(later.happened_on < earlier.happened_on for earlier, later in pairwise(ordered))


def written_late(receipts: Iterable[ReceiptLine]) -> int:
    """How many receipts were written down more than six weeks after the day on them."""
    return sum((one.written_on - one.happened_on).days > LATE_DAYS for one in receipts)


def signs_of_lapping(*, longest_days: int, backwards: int, late: int, disputed: int) -> int:
    """How many of the four signs are there."""
    return sum((longest_days > LONG_DAYS, backwards > 0, late > 0, disputed > 0))
