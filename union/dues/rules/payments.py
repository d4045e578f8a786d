"""What a payment is before it is booked: plain values, asked for by desks, rounds and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS_AHEAD = 12
USUAL_MINOR = 120_000
"""What is usual of somebody whose fee nobody knows, in paise."""


class Method(StrEnum):
    """How the money came."""

    CASH = "cash"
    BANK = "bank"
    CARD = "card"
    UPI = "upi"


@dataclass(frozen=True, slots=True)
class ReceivePayment:
    """Money from a member, in paise; ``happened_on`` is the civil day she gave it.

    With a collector it is cash in her hands, under the number in her book. ``source`` names
    what it was read from ("bank_line:12") and never comes twice.
    """

    person_id: int
    amount_minor: int
    happened_on: date
    method: Method = Method.CASH
    collector_person_id: int | None = None
    receipt_no: int | None = None
    source: str | None = None


def is_unusual(amount_minor: int, owed_minor: int, fee_minor: int) -> bool:
    """Whether a sum is far more than somebody owes and a year of her fee; all in paise."""
    return amount_minor > owed_minor + (MONTHS_AHEAD * fee_minor or USUAL_MINOR)
