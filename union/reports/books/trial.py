"""The trial balance, printed: every account on its side."""

from __future__ import annotations

from itertools import groupby

from flask_babel import gettext

from union.infra.work import Work
from union.kernel.money import format_amount
from union.ledger.queries import TrialRow, trial_balance
from union.reports.asked import Asked
from union.reports.books.figures import chain_words
from union.reports.sheets import Column, Kind, Row, Sheet, head, total
from union.web.words.ledger import SIDES, account_words, fund_words


def trial(work: Work, asked: Asked) -> Sheet:
    """Every account at the end of a day, in one fund or all."""
    balance = trial_balance(work.session, asked.until_on, asked.fund)
    rows: list[Row] = []
    for kind, accounts in groupby(balance.rows, key=_kind):
        rows.append(head(str(SIDES[kind])))
        rows += [
            Row((one.code, account_words(one.code, one.name), one.debit_minor, one.credit_minor))
            for one in accounts
        ]
    rows.append(total("", gettext("Both sides"), balance.debit_minor, balance.credit_minor))
    return Sheet(
        code="trial-balance",
        title=gettext("Trial balance"),
        span=_span(asked),
        first_line=_first_line(balance.difference_minor, balance.debit_minor),
        columns=(
            Column(gettext("Code")),
            Column(gettext("Account")),
            Column(gettext("Debit"), Kind.MONEY),
            Column(gettext("Credit"), Kind.MONEY),
        ),
        rows=rows,
        foot=(chain_words(work.session),),
    )


def _kind(row: TrialRow) -> str:
    return row.kind


def _span(asked: Asked) -> str:
    fund = fund_words(asked.fund) if asked.fund else gettext("all funds")
    return f"{asked.at_end}, {fund}"


def _first_line(difference_minor: int, side_minor: int) -> str:
    if difference_minor:
        words = gettext("The two sides differ by %(sum)s.", sum=format_amount(difference_minor))
    else:
        words = gettext("Both sides are equal: %(sum)s.", sum=format_amount(side_minor))
    return str(words)
