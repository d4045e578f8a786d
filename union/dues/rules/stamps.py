"""A year of dues as twelve stamps: what each month shows, from plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from union.dues.rules.charges import WaivedPeriod
from union.kernel.periods import Month

MONTHS = 12


class StampState(StrEnum):
    """What a stamp shows; ``none`` is a month that is not hers to pay.

    ``ahead`` is a month to come of which nothing is paid, ``paid_ahead`` one that is.
    """

    PAID = "paid"
    PAID_AHEAD = "paid_ahead"
    PART = "part"
    DUE = "due"
    WAIVED = "waived"
    AHEAD = "ahead"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What one month was charged and what of it is paid, in paise."""

    amount_minor: int
    settled_minor: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """One month of the card; ``due_minor`` is what is still missing on it, in paise."""

    month: Month
    state: StampState
    due_minor: int


@dataclass(frozen=True, slots=True)
class Card:
    """What the stamps are made from.

    ``paid_upto`` and ``covered_to`` come from the old register, ``credit_minor`` and
    ``fee_minor`` say how many coming months are paid already; ``present`` is the month it is.
    """

    charged: Mapping[Month, MonthSum]
    waived: tuple[WaivedPeriod, ...]
    first: Month | None
    paid_upto: Month | None
    covered_to: Month | None
    credit_minor: int
    fee_minor: int
    present: Month


def year_of_stamps(card: Card, year: int) -> tuple[Stamp, ...]:
    """The twelve stamps of a calendar year."""
    ahead = _paid_ahead(card)
    return tuple(_stamp(card, Month(year, number), ahead) for number in range(1, MONTHS + 1))


def _stamp(card: Card, month: Month, ahead: frozenset[Month]) -> Stamp:
    held = card.charged.get(month)
    if held is None:
        return Stamp(month, _uncharged(card, month, ahead), 0)
    left = held.amount_minor - held.settled_minor
    if left == 0:
        return Stamp(month, StampState.PAID, 0)
    return Stamp(month, StampState.PART if held.settled_minor else StampState.DUE, left)


def _uncharged(card: Card, month: Month, ahead: frozenset[Month]) -> StampState:
    if any(period.covers(month) for period in card.waived):
        return StampState.WAIVED
    if card.first is not None and month < card.first:
        return StampState.NONE
    if month in ahead:
        return StampState.PAID_AHEAD
    if card.paid_upto is not None and month <= card.paid_upto:
        return StampState.PAID if month <= card.present else StampState.PAID_AHEAD
    taken_over = card.covered_to is not None and month <= card.covered_to
    return StampState.NONE if taken_over else StampState.AHEAD


def _paid_ahead(card: Card) -> frozenset[Month]:
    """The months not charged yet that her credit covers wholly."""
    last = max(_known_months(card), default=None)
    if last is None or card.fee_minor <= 0:
        return frozenset()
    count = card.credit_minor // card.fee_minor
    return frozenset(last.shift(number) for number in range(1, count + 1))


def _known_months(card: Card) -> Iterable[Month]:
    yield from card.charged
    if card.covered_to is not None:
        yield card.covered_to
