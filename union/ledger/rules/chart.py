"""The chart of a small union's accounts and funds as codes; the migration holds the same rows.

Codes never change once posted against. 1 is what the union has, 2 what it owes, 3 its own,
4 what comes in, 5 what goes out; a code with a dash is one collector's part of the code before it.
"""

from __future__ import annotations

from enum import StrEnum


class AccountCode(StrEnum):
    """Every account the union is born with."""

    CASH_AT_DESK = "1010"
    CASH_WITH_COLLECTORS = "1020"
    PETTY_CASH = "1030"
    CASH_DIFFERENCES_TO_SETTLE = "1090"
    BANK = "1110"
    CARD_PROVIDER = "1120"
    BANK_CHARGES_TO_CLEAR = "1190"
    CARD_REFUNDS_TO_CLEAR = "1195"
    DUES_RECEIVABLE = "1210"
    FLOATS_GIVEN_OUT = "1310"
    SURETIES = "1320"
    MEMBER_CREDIT = "2110"
    RECEIPTS_TO_PLACE = "2190"
    PAYABLES = "2210"
    HELD_FOR_PAYER = "2220"
    OPENING_BALANCES = "3010"
    CARRIED_FORWARD = "3020"
    FUND_TRANSFERS = "3110"
    DUES_INCOME = "4010"
    DUES_WAIVED = "4020"
    DONATIONS = "4110"
    BANK_INTEREST = "4120"
    OTHER_INCOME = "4190"
    WELFARE_PAYMENTS = "5010"
    LEGAL_AID = "5020"
    CRISIS_COSTS = "5030"
    RENT = "5110"
    TRAVEL = "5120"
    PHONES = "5130"
    PRINTING = "5140"
    MEETINGS = "5150"
    WAGES = "5160"
    AUDIT_FEES = "5170"
    OFFICE_COSTS = "5180"
    BANK_CHARGES = "5210"
    CARD_FEES = "5220"
    DUES_WRITTEN_OFF = "5310"
    CASH_DIFFERENCES = "5320"
    ROUNDING = "5330"


class AccountKind(StrEnum):
    """On which side of the books an account stands."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class MoneyPlace(StrEnum):
    """Where the money of a money account lies; an account without one holds no money."""

    CASH = "cash"
    BANK = "bank"
    PROVIDER = "provider"


class FundCode(StrEnum):
    """Whose money it is: all but the general one may be spent on their own purpose only."""

    GENERAL = "general"
    WELFARE = "welfare"
    LEGAL = "legal"
    CRISIS = "crisis"


COLLECTOR_SEPARATOR = "-"

CARE = frozenset({AccountCode.LEGAL_AID, AccountCode.CRISIS_COSTS, AccountCode.SURETIES})
"""Money for somebody's case or call; with floats for the night, what tells that there is one."""


def is_care(account_code: str) -> bool:
    """Whether words and papers beside this account would tell of a case or of a call."""
    return account_code in CARE or account_code.startswith(
        f"{AccountCode.FLOATS_GIVEN_OUT}{COLLECTOR_SEPARATOR}"
    )


def collector_cash(number: int) -> str:
    """The code of the cash in one collector's hands, "1020-0007"; she has the number for good."""
    return f"{AccountCode.CASH_WITH_COLLECTORS}{COLLECTOR_SEPARATOR}{number:04d}"
