"""What an old register's "paid up to" means on the day it is taken over: months owed, or ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from union.dues.rules.charges import first_month
from union.kernel.periods import Month, months_between


@dataclass(frozen=True, slots=True)
class OpeningArrears:
    """One row of the old register as dues need it; ``fee_minor`` in paise a month.

    ``paid_upto`` None means that nobody can say ("not paid since long"): nothing is invented,
    the treasurer sees her in a list and asks.
    """

    person_id: int
    branch_id: int | None
    fee_minor: int
    paid_upto: Month | None
    joined_on: date | None = None


@dataclass(frozen=True, slots=True)
class OpeningPosition:
    """What a row comes to: months owed at her fee, or a sum paid ahead, never both."""

    owed_months: tuple[Month, ...]
    owed_minor: int
    ahead_minor: int


def register_month(openings: Iterable[OpeningArrears], today: date) -> Month:
    """The month the register was closed in: the one most members have paid up to.

    It is the first month charged here. A month still to come, or a register in which nobody
    can say anything, means the present one.
    """
    present = Month.of(today)
    counted = Counter(row.paid_upto for row in openings if row.paid_upto is not None)
    if not counted:
        return present
    most, _rows = max(counted.items(), key=lambda pair: (pair[1], pair[0]))
    return min(most, present)


def position(opening: OpeningArrears, first_charged: Month) -> OpeningPosition:
    """What she owes or has paid ahead on the eve of the first month charged here.

    Months before she joined are never owed.
    """
    last = first_charged.previous()
    if opening.paid_upto is None or opening.fee_minor == 0:
        return OpeningPosition((), 0, 0)
    ahead = months_between(last, opening.paid_upto)
    if ahead > 0:
        return OpeningPosition((), 0, ahead * opening.fee_minor)
    begins = opening.paid_upto.next()
    joined = first_month(opening.joined_on)
    if joined is not None:
        begins = max(begins, joined)
    owed = tuple(begins.through(last))
    return OpeningPosition(owed, len(owed) * opening.fee_minor, 0)
