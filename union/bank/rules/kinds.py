"""What a line can be, which side it must be on, and why a rule thinks so."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What was decided that a line is."""

    DUES = "dues"
    BOOKED = "booked"
    VOUCHER = "voucher"
    BATCH = "batch"
    RETURNED = "returned"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    PAYOUT = "payout"
    CHARGEBACK = "chargeback"
    CHARGE = "charge"
    CARD_FEE = "card_fee"
    INTEREST = "interest"
    GIFT = "gift"
    OTHER_INCOME = "other_income"
    HELD = "held"
    CARRIED = "carried"


COMES_IN = frozenset(
    {
        Kind.DUES,
        Kind.RETURNED,
        Kind.DEPOSIT,
        Kind.PAYOUT,
        Kind.INTEREST,
        Kind.GIFT,
        Kind.OTHER_INCOME,
        Kind.HELD,
    }
)
"""Kinds of money that came; the others went, but for what stands in the books already."""

GOES_OUT = frozenset(
    {
        Kind.VOUCHER,
        Kind.BATCH,
        Kind.WITHDRAWAL,
        Kind.CHARGEBACK,
        Kind.CHARGE,
        Kind.CARD_FEE,
        Kind.CARRIED,
    }
)


TWO_HANDED = frozenset({Kind.CHARGE, Kind.CARD_FEE, Kind.WITHDRAWAL, Kind.DEPOSIT})
"""What a second person may have to confirm before it is booked."""


def fits_side(kind: Kind, amount_minor: int) -> bool:
    """Whether a line of this amount can be of this kind."""
    return kind not in (GOES_OUT if amount_minor > 0 else COMES_IN)


class Reason(StrEnum):
    """Why a rule thinks a line is what it says."""

    OUR_CODE = "our_code"
    CARD = "card"
    CARDS_SEVERAL = "cards_several"
    PHONE = "phone"
    PHONE_SHARED = "phone_shared"
    PAID_BEFORE = "paid_before"
    AMOUNT_DUE = "amount_due"
    AMOUNT_MONTHS = "amount_months"
    AMOUNT_UNUSUAL = "amount_unusual"
    MEMBER_GONE = "member_gone"
    AMOUNT_SAME = "amount_same"
    SAME_PERSON = "same_person"
    DAY_NEAR = "day_near"
    BANK_WORDS = "bank_words"
    AMOUNT_LARGE = "amount_large"
    HANDED_OVER = "handed_over"
    CASH_SHORT = "cash_short"
    PROVIDER_HOLDS = "provider_holds"
    PROVIDER_SHORT = "provider_short"
    PROVIDER_TOLD = "provider_told"
    BY_HAND = "by_hand"
