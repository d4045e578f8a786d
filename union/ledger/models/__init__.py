"""The tables of the books; what the models cannot say, the laws in the migration hold."""

from __future__ import annotations

from union.ledger.models.chart import Account, AccountingPeriod, ClearingTarget, Fund, FundPurpose
from union.ledger.models.journal import (
    AccountBalance,
    AccountDay,
    EntryText,
    JournalEntry,
    JournalLeg,
)
from union.ledger.models.seals import Seal, SealEntry, SealHead
from union.ledger.models.vouchers import Voucher, VoucherApproval, VoucherText

__all__ = [
    "Account",
    "AccountBalance",
    "AccountDay",
    "AccountingPeriod",
    "ClearingTarget",
    "EntryText",
    "Fund",
    "FundPurpose",
    "JournalEntry",
    "JournalLeg",
    "Seal",
    "SealEntry",
    "SealHead",
    "Voucher",
    "VoucherApproval",
    "VoucherText",
]
