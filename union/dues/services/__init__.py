"""Use cases of dues. Invariant of all: sub-ledgers equal their accounts at every commit (M5)."""

from __future__ import annotations

from union.dues.rules.opening import OpeningArrears
from union.dues.rules.payments import Method, ReceivePayment
from union.dues.services.collectors import collector_for_card, collector_for_person
from union.dues.services.counts import import_handovers
from union.dues.services.desk import take_at_desk
from union.dues.services.lines import SettleLine, drop_line, settle_line
from union.dues.services.opening import open_arrears, open_arrears_batch, withdraw_openings
from union.dues.services.payments import receive_payment, receive_payments
from union.dues.services.rates import NewWaiver, set_rate, waive
from union.dues.services.rounds import (
    HandOverCash,
    close_round,
    hand_over,
)
from union.dues.services.runs import RunOutcome, charge_month, run_month, start_run
from union.dues.services.sheets import SheetOutcome, import_collections

__all__ = [
    "HandOverCash",
    "Method",
    "NewWaiver",
    "OpeningArrears",
    "ReceivePayment",
    "RunOutcome",
    "SettleLine",
    "SheetOutcome",
    "charge_month",
    "close_round",
    "collector_for_card",
    "collector_for_person",
    "drop_line",
    "hand_over",
    "import_collections",
    "import_handovers",
    "open_arrears",
    "open_arrears_batch",
    "receive_payment",
    "receive_payments",
    "run_month",
    "set_rate",
    "settle_line",
    "start_run",
    "take_at_desk",
    "waive",
    "withdraw_openings",
]
