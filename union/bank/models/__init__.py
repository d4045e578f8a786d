"""The tables of the bank; what the models cannot say, the laws in the migration hold."""

from __future__ import annotations

from union.bank.models.hands import BankCeiling, BankWord
from union.bank.models.lines import BankDecision, BankLine, BankLineEntry
from union.bank.models.paying import BankBatch, BankBatchItem, BankPayee
from union.bank.models.statements import (
    BankAccount,
    BankMapping,
    BankStatement,
    BankStatementLine,
    BankUpload,
)
from union.bank.models.upi import BankAddress, BankPayCode

__all__ = [
    "BankAccount",
    "BankAddress",
    "BankBatch",
    "BankBatchItem",
    "BankCeiling",
    "BankDecision",
    "BankLine",
    "BankLineEntry",
    "BankMapping",
    "BankPayCode",
    "BankPayee",
    "BankStatement",
    "BankStatementLine",
    "BankUpload",
    "BankWord",
]
