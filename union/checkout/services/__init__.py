"""Use cases of card payments. Invariant of all: every line the provider told is booked once.

What a notice says is never believed: the thing it points at is asked for anew.
"""

from __future__ import annotations

from union.checkout.services.asides import ask_again, settle_aside
from union.checkout.services.asking import (
    ask_end,
    ask_instruction,
    ask_payment,
    ask_refund,
    ask_rest,
    lead_to_page,
)
from union.checkout.services.clearing import bear, count_as_owed, place
from union.checkout.services.events import CARDS_QUEUE, catch_up, has_due, keep_notice, work_cards
from union.checkout.services.fees import clear_fees
from union.checkout.services.reconciling import reconcile, reconcile_when_due, reconciliation_due
from union.checkout.services.statement import try_asides

__all__ = [
    "CARDS_QUEUE",
    "ask_again",
    "ask_end",
    "ask_instruction",
    "ask_payment",
    "ask_refund",
    "ask_rest",
    "bear",
    "catch_up",
    "clear_fees",
    "count_as_owed",
    "has_due",
    "keep_notice",
    "lead_to_page",
    "place",
    "reconcile",
    "reconcile_when_due",
    "reconciliation_due",
    "settle_aside",
    "try_asides",
    "work_cards",
]
