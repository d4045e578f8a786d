"""The reports a treasurer prints: each one query, made into one sheet."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import LazyString, lazy_gettext

from union.infra.work import Work
from union.reports.asked import Asked
from union.reports.books.annual import annual_return
from union.reports.books.cash import account_book, receipts_and_payments
from union.reports.books.results import balance_sheet, fund_statement, income_and_expenditure
from union.reports.books.trial import trial
from union.reports.sheets import Sheet

Builder = Callable[[Work, Asked], Sheet]

BUILDERS: dict[str, Builder] = {
    "trial-balance": trial,
    "income-and-expenditure": income_and_expenditure,
    "balance-sheet": balance_sheet,
    "fund-statement": fund_statement,
    "receipts-and-payments": receipts_and_payments,
    "book": account_book,
    "annual-return": annual_return,
}

TITLES: dict[str, LazyString] = {
    "trial-balance": lazy_gettext("Trial balance"),
    "income-and-expenditure": lazy_gettext("Income and expenditure"),
    "balance-sheet": lazy_gettext("Balance sheet"),
    "fund-statement": lazy_gettext("Statement of funds"),
    "receipts-and-payments": lazy_gettext("Receipts and payments"),
    "book": lazy_gettext("Cash, bank and petty cash books"),
    "annual-return": lazy_gettext("Figures for the annual return"),
}

ANSWERS: dict[str, LazyString] = {
    "trial-balance": lazy_gettext("Are both sides of the books equal?"),
    "income-and-expenditure": lazy_gettext("What was earned and what was spent?"),
    "balance-sheet": lazy_gettext("What do we have, what do we owe, whose is the rest?"),
    "fund-statement": lazy_gettext("What did each fund begin with, and what is left in it?"),
    "receipts-and-payments": lazy_gettext("What money came in and what went out, and for what?"),
    "book": lazy_gettext("What moved in one box or at the bank, day by day?"),
    "annual-return": lazy_gettext("What does the registrar ask?"),
}

__all__ = ["ANSWERS", "BUILDERS", "TITLES"]
