"""What one month costs one member, and why; the set-based run asks the same in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from union.kernel.periods import Month

LAST_DAY_TO_JOIN = 15
"""Who joins later in a month pays from the next one on, unless the union's rule says otherwise:
half a month is given, not halved."""

ANY_CATEGORY = ""
"""The category of a rate that holds for everybody without one of her own."""


class Why(StrEnum):
    """Why a month costs what it costs."""

    OWN_FEE = "own_fee"
    RATE = "rate"
    NO_RATE = "no_rate"
    FREE = "free"
    WAIVED = "waived"
    NOT_JOINED = "not_joined"
    GONE = "gone"
    AWAY = "away"
    LAPSED = "lapsed"
    PAID_BEFORE = "paid_before"


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """A monthly fee for a category from a month on, until the next one begins; in paise.

    Of two for one month the one written later holds: rates are given in the order written.
    """

    category: str
    amount_minor: int
    from_month: Month


@dataclass(frozen=True, slots=True)
class WaivedPeriod:
    """Months she need not pay: hardship, a payment holiday; without an end it goes on."""

    from_month: Month
    until_month: Month | None

    def covers(self, month: Month) -> bool:
        """Whether the month lies in it, both ends counted."""
        return self.from_month <= month and (self.until_month is None or month <= self.until_month)


@dataclass(frozen=True, slots=True)
class Absence:
    """She had left on a day and was back on another."""

    gone_on: date
    back_on: date


@dataclass(frozen=True, slots=True)
class Payer:
    """What the month's charge depends on; ``own_fee_minor`` None means the category's rate.

    ``lapsed`` are the months on whose eve her membership had lapsed, by ``rules.standing``.
    """

    category: str
    own_fee_minor: int | None
    joined_on: date | None
    gone_on: date | None
    covered_to: Month | None
    absences: tuple[Absence, ...] = ()
    lapsed: frozenset[Month] = frozenset()


@dataclass(frozen=True, slots=True)
class MonthCharge:
    """What a month costs, in paise, and why."""

    amount_minor: int
    why: Why


def month_charge(
    payer: Payer,
    month: Month,
    rates: Iterable[RatePeriod],
    waived: Iterable[WaivedPeriod] = (),
    join_day: int = LAST_DAY_TO_JOIN,
) -> MonthCharge:
    """What a month costs her.

    Nothing before she joined (who joins after ``join_day`` pays from the next month), nothing for
    the month in which she left or died and later, until the month she is back in, nothing for
    months settled when the old register was taken over, nothing while it is waived, nothing
    from the month after her membership lapsed to the one she was reinstated in. Else her own
    fee, or the latest rate of her category, or the rate for everybody.
    """
    nothing = _why_nothing(payer, month, waived, join_day)
    if nothing is not None:
        return MonthCharge(0, nothing)
    if payer.own_fee_minor is not None:
        why = Why.OWN_FEE if payer.own_fee_minor else Why.FREE
        return MonthCharge(payer.own_fee_minor, why)
    amount = rate_in(month, payer.category, rates)
    if amount is None:
        return MonthCharge(0, Why.NO_RATE)
    return MonthCharge(amount, Why.RATE if amount else Why.FREE)


def rate_in(month: Month, category: str, rates: Iterable[RatePeriod]) -> int | None:
    """The category's rate in a month, in paise; that for everybody if it has none; None if none."""
    begun = [rate for rate in rates if rate.from_month <= month]
    for wanted in (category, ANY_CATEGORY):
        own = [rate for rate in begun if rate.category == wanted]
        if own:
            latest = max(rate.from_month for rate in own)
            return [rate for rate in own if rate.from_month == latest][-1].amount_minor
    return None


def first_month(joined_on: date | None, join_day: int = LAST_DAY_TO_JOIN) -> Month | None:
    """The first month she pays for; None if nobody knows when she joined."""
    if joined_on is None:
        return None
    joined = Month.of(joined_on)
    return joined if joined_on <= last_to_join(joined, join_day) else joined.next()


def last_to_join(month: Month, join_day: int = LAST_DAY_TO_JOIN) -> date:
    """The last day on which joining makes the month hers to pay; never beyond its end."""
    return month.first_day.replace(day=min(join_day, month.last_day.day))


def _why_nothing(
    payer: Payer, month: Month, waived: Iterable[WaivedPeriod], join_day: int
) -> Why | None:
    first = first_month(payer.joined_on, join_day)
    if first is not None and month < first:
        return Why.NOT_JOINED
    covered = payer.covered_to is not None and month <= payer.covered_to
    reasons = (
        (payer.gone_on is not None and month >= Month.of(payer.gone_on), Why.GONE),
        (any(one.gone_on <= month.last_day < one.back_on for one in payer.absences), Why.AWAY),
        (covered, Why.PAID_BEFORE),
        (any(period.covers(month) for period in waived), Why.WAIVED),
        (month in payer.lapsed, Why.LAPSED),
    )
    return next((why for true, why in reasons if true), None)
