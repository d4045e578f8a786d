"""The tables of the books; what the models cannot say, the laws in the migration hold."""

from __future__ import annotations

from union.ledger.models.chart import Account, AccountingPeriod, ClearingTarget, Fund, FundPurpose
from union.ledger.models.floats import (
    FloatAccount,
    FloatAnswer,
    FloatLimit,
    FloatPurpose,
    FloatSettlement,
)
from union.ledger.models.funds import Donation, InterFundAnswer, InterFundTransfer
from union.ledger.models.journal import (
    AccountBalance,
    AccountDay,
    EntryText,
    JournalEntry,
    JournalLeg,
)
from union.ledger.models.keeping import (
    BudgetLine,
    CashCount,
    CountSettlement,
    CountWitness,
    MonthClose,
)
from union.ledger.models.seals import Seal, SealEntry, SealHead
from union.ledger.models.spending import SPENDING_NUMBER, Paper, PaperPiece, Payee
from union.ledger.models.vouchers import Voucher, VoucherApproval, VoucherText

__all__ = [
    "SPENDING_NUMBER",
    "Account",
    "AccountBalance",
    "AccountDay",
    "AccountingPeriod",
    "BudgetLine",
    "CashCount",
    "ClearingTarget",
    "CountSettlement",
    "CountWitness",
    "Donation",
    "EntryText",
    "FloatAccount",
    "FloatAnswer",
    "FloatLimit",
    "FloatPurpose",
    "FloatSettlement",
    "Fund",
    "FundPurpose",
    "InterFundAnswer",
    "InterFundTransfer",
    "JournalEntry",
    "JournalLeg",
    "MonthClose",
    "Paper",
    "PaperPiece",
    "Payee",
    "Seal",
    "SealEntry",
    "SealHead",
    "Voucher",
    "VoucherApproval",
    "VoucherText",
]
