"""Decisions and arithmetic of the books over plain values; no table, no clock, no page."""

from __future__ import annotations

from union.ledger.rules.chart import (
    AccountCode,
    AccountKind,
    FundCode,
    MoneyPlace,
    collector_cash,
)
from union.ledger.rules.entries import (
    EntryKind,
    Narration,
    NewEntry,
    NewLeg,
    Source,
    credit,
    debit,
)
from union.ledger.rules.vouchers import NewVoucher, VoucherState

__all__ = [
    "AccountCode",
    "AccountKind",
    "EntryKind",
    "FundCode",
    "MoneyPlace",
    "Narration",
    "NewEntry",
    "NewLeg",
    "NewVoucher",
    "Source",
    "VoucherState",
    "collector_cash",
    "credit",
    "debit",
]
