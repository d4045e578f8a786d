"""What an entry is before it is posted, and the plain arithmetic of legs; never a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from union.ledger.errors import EntryIncompleteError, EntryUnbalancedError
from union.ledger.rules.chart import FundCode

FEWEST_LEGS = 2


class EntryKind(StrEnum):
    """Why an entry was made; from PAYMENT on money may go out, each on its own terms (M6)."""

    OPENING = "opening"
    CHARGE = "charge"
    RECEIPT = "receipt"
    ALLOCATION = "allocation"
    WAIVER = "waiver"
    CLEARING = "clearing"
    ADJUSTMENT = "adjustment"
    PAYMENT = "payment"
    TRANSFER = "transfer"
    BANK_CHARGE = "bank_charge"
    CARD_REFUND = "card_refund"
    CARD_DISPUTE = "card_dispute"
    REVERSAL = "reversal"
    FLOAT_SPENT = "float_spent"
    CLOSING = "closing"
    FUND_TRANSFER = "fund_transfer"


STATEMENT_LINE = "statement_line"
"""The source kind that a bank's own charge must name."""

PROVIDER_EVENT = "provider_event"
"""The source kind that a card refund or dispute must name."""

REVERSED_ENTRY = "journal_entry"
"""The source kind of a reversal: the entry it takes back."""

HAND_VOUCHER = "spending"
"""The source kind of a voucher written by hand; its id is a number of its own."""

FLOAT_SETTLEMENT = "float_settlement"
"""The source kind of what was spent from a float: its settlement."""

FINANCIAL_YEAR = "financial_year"
"""The source kind of the entry that carries a year forward: the year it began in."""

BROUGHT_FORWARD = "brought_forward"
"""The source kind of what the union had when its books began; its id is 1."""

CASH_COUNT = "cash_count"
"""The source kind of a counted difference: its count."""

COUNT_SETTLEMENT = "count_settlement"
"""The source kind of a counted difference's end: its settlement."""

COUNT_GIVEN_UP = "count_difference"
"""The source kind of the voucher by which what a count missed is given up: its count."""

INTER_FUND_TRANSFER = "inter_fund_transfer"
"""The source kind of money moved between funds: what two people decided."""

DONATION = "donation"
"""The source kind of a gift or other income taken at the office."""

PAID_VOUCHER = "voucher"
"""The source kind of a payment: its voucher."""

PAID_AGAIN = "voucher_again"
"""The source kind of a payment after one that was booked by mistake: what took that back."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an entry was made from: an opaque kind and id, and never twice the same (M4)."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class NewLeg:
    """One line of an entry: ``amount_minor`` is a debit when positive, a credit when negative."""

    account: str
    amount_minor: int
    fund: str = FundCode.GENERAL


def debit(account: str, amount_minor: int, fund: str = FundCode.GENERAL) -> NewLeg:
    """A leg that adds to what we have or spent."""
    return NewLeg(account, amount_minor, fund)


def credit(account: str, amount_minor: int, fund: str = FundCode.GENERAL) -> NewLeg:
    """A leg that adds to what we owe or earned, or takes from what we have."""
    return NewLeg(account, -amount_minor, fund)


@dataclass(frozen=True, slots=True)
class Narration:
    """Words beside an entry, under ``key_ref``: the person's, case's or batch's they speak of."""

    text: str
    key_ref: UUID


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to post.

    ``happened_on`` is the civil date of the thing itself. ``posted_on`` is left out but where a
    statement dictates it: the service then takes the day it happened on, or, if that month is
    closed or before the books began, today.
    """

    kind: EntryKind
    happened_on: date
    source: Source
    legs: tuple[NewLeg, ...]
    posted_on: date | None = None
    narration: Narration | None = None


def check_legs(legs: Iterable[NewLeg]) -> tuple[NewLeg, ...]:
    """The legs as they will be posted: two or more, none of zero, zero in total for each fund.

    Raises EntryIncompleteError or EntryUnbalancedError; the database refuses the same (M1).
    """
    kept = tuple(legs)
    if len(kept) < FEWEST_LEGS or any(leg.amount_minor == 0 for leg in kept):
        raise EntryIncompleteError(legs=len(kept))
    totals: Counter[str] = Counter()
    for leg in kept:
        totals[leg.fund] += leg.amount_minor
    if any(totals.values()):
        raise EntryUnbalancedError(legs=len(kept))
    return kept


def reversed_legs(legs: Iterable[NewLeg]) -> tuple[NewLeg, ...]:
    """The exact opposite of the legs."""
    return tuple(NewLeg(leg.account, -leg.amount_minor, leg.fund) for leg in legs)
