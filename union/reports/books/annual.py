"""Figures for the annual return of a trade union: members, general account, what is had and owed.

The headings follow the return under the Trade Unions Act, 1926 (section 28): whoever fills the
form finds each figure under the words the form uses; the form itself is the registrar's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from union.infra.work import Work
from union.kernel.figures import in_fives
from union.kernel.money import grouped
from union.kernel.periods import Month
from union.ledger.queries.figures import Moved, Place, accounts, moved, standing
from union.ledger.rules.chart import AccountCode as Code
from union.reports.asked import Asked
from union.reports.books.figures import chain_words
from union.reports.queries import members_on
from union.reports.sheets import Column, Kind, Row, Sheet, head, total
from union.web.formats import month as month_name

INCOME: tuple[tuple[LazyString, tuple[Code, ...]], ...] = (
    (lazy_gettext("Contributions from members"), (Code.DUES_INCOME, Code.DUES_WAIVED)),
    (lazy_gettext("Donations"), (Code.DONATIONS,)),
    (lazy_gettext("Interest on investments"), (Code.BANK_INTEREST,)),
    (lazy_gettext("Income from miscellaneous sources"), (Code.OTHER_INCOME,)),
)
SPENT: tuple[tuple[LazyString, tuple[Code, ...]], ...] = (
    (lazy_gettext("Salaries, allowances and expenses"), (Code.WAGES, Code.TRAVEL)),
    (
        lazy_gettext("Expenses of establishment, rent, printing and postage"),
        (Code.RENT, Code.PHONES, Code.PRINTING, Code.OFFICE_COSTS),
    ),
    (lazy_gettext("Auditors’ fees"), (Code.AUDIT_FEES,)),
    (lazy_gettext("Legal expenses"), (Code.LEGAL_AID,)),
    (lazy_gettext("Benefits: sickness, accident, unemployment"), (Code.WELFARE_PAYMENTS,)),
    (lazy_gettext("Expenses in helping members in danger"), (Code.CRISIS_COSTS,)),
    (lazy_gettext("Meetings and education"), (Code.MEETINGS,)),
    (lazy_gettext("Bank and card charges"), (Code.BANK_CHARGES, Code.CARD_FEES)),
    (
        lazy_gettext("Other expenses"),
        (Code.DUES_WRITTEN_OFF, Code.CASH_DIFFERENCES, Code.ROUNDING),
    ),
)


def annual_return(work: Work, asked: Asked) -> Sheet:
    """The figures of the financial year the last day lies in."""
    session, year = work.session, asked.year
    until = min(year.last_day, work.clock.today())
    figures = moved(session, year.first_day, until)
    began = members_on(session, year.first_day - timedelta(days=1))
    ended, as_of = _members_at_end(work, asked)
    rows = [
        head(gettext("Members")),
        Row((gettext("At the beginning of the year"), began, None)),
        Row((as_of, ended, None)),
        head(gettext("Income")),
        *(_heading(words, codes, figures, -1) for words, codes in INCOME),
        _all(INCOME, figures, -1),
        head(gettext("Expenditure")),
        *(_heading(words, codes, figures, 1) for words, codes in SPENT),
        _all(SPENT, figures, 1),
        head(gettext("What is had and owed")),
        *_had_and_owed(work, asked),
    ]
    return Sheet(
        code="annual-return",
        title=gettext("Figures for the annual return"),
        span=gettext("year %(year)s", year=year),
        first_line=ngettext(
            "%(members)s member at the end; the figures of %(year)s.",
            "%(members)s members at the end; the figures of %(year)s.",
            ended,
            members=grouped(ended),
            year=year,
        ),
        columns=(
            Column(gettext("Heading")),
            Column(gettext("Members"), Kind.NUMBER),
            Column(gettext("Amount"), Kind.MONEY),
        ),
        rows=rows,
        foot=(chain_words(session),),
    )


def _members_at_end(work: Work, asked: Asked) -> tuple[int, str]:
    """How many members there are at the end of the year, and what that is called.

    While the year runs, as of the last month that is over and in fives, so that one who joined or
    left is not seen in two returns laid beside each other (P4).
    """
    year, today = asked.year, work.clock.today()
    if year.last_day < today:
        return members_on(work.session, year.last_day), gettext("At the end of the year")
    month = Month.of(today).previous()
    count = in_fives(members_on(work.session, month.last_day))
    return count, gettext("At the end of %(month)s, in fives", month=month_name(month))


def _sum(codes: tuple[Code, ...], figures: Mapping[Place, Moved], sign: int) -> int:
    return sum(
        sign * one.net_minor for (account, _fund), one in figures.items() if account in codes
    )


def _heading(
    words: LazyString, codes: tuple[Code, ...], figures: Mapping[Place, Moved], sign: int
) -> Row:
    return Row((str(words), None, _sum(codes, figures, sign)))


def _all(
    headings: tuple[tuple[LazyString, tuple[Code, ...]], ...],
    figures: Mapping[Place, Moved],
    sign: int,
) -> Row:
    amount = sum(_sum(codes, figures, sign) for _words, codes in headings)
    return total(gettext("In all"), None, amount)


def _had_and_owed(work: Work, asked: Asked) -> list[Row]:
    chart = accounts(work.session)
    sums = {"cash": 0, "bank": 0, "other": 0, "owed": 0}
    for (code, _fund), amount in standing(work.session, asked.year.last_day).items():
        account = chart[code]
        if account.kind == "liability":
            sums["owed"] -= amount
        elif account.kind == "asset":
            place = account.money_place
            sums["other" if place not in {"cash", "bank"} else str(place)] += amount
    return [
        Row((gettext("Cash in hands of the treasurer and others"), None, sums["cash"])),
        Row((gettext("Cash in bank"), None, sums["bank"])),
        Row((gettext("Unpaid subscriptions and other assets"), None, sums["other"])),
        Row((gettext("Liabilities"), None, sums["owed"])),
        total(
            gettext("Amount of the funds"),
            None,
            sums["cash"] + sums["bank"] + sums["other"] - sums["owed"],
        ),
    ]
