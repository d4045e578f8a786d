"""Income and expenditure, balance sheet, and the statement of funds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask_babel import gettext, lazy_gettext

from union.infra.work import Work
from union.kernel.money import format_amount
from union.ledger.models import Account
from union.ledger.queries import funds
from union.ledger.queries.figures import (
    Moved,
    Place,
    accounts,
    moved,
    standing,
    taken_back,
)
from union.ledger.rules.chart import AccountCode
from union.reports.asked import Asked
from union.reports.books.figures import Amounts, ByFund, by_fund, chain_words
from union.reports.sheets import Column, Kind, Row, Sheet, head, total
from union.web.words.ledger import fund_words

SPENT, EARNED = ("expense",), ("income",)
FUND_COLUMNS = (
    lazy_gettext("Began with"),
    lazy_gettext("In"),
    lazy_gettext("Out"),
    lazy_gettext("Moved"),
    lazy_gettext("Old books"),
    lazy_gettext("Left"),
)


def income_and_expenditure(work: Work, asked: Asked) -> Sheet:
    """What was earned and spent between two days, by fund, and what is left over.

    What was taken back of earlier days stands in lines of its own, or a closed month's mistake
    would look like this month's income or rent.
    """
    session = work.session
    figures = moved(session, asked.from_on, asked.until_on)
    chart = accounts(session)
    results = {
        place: one.net_minor
        for place, one in figures.items()
        if chart[place[0]].kind in {*SPENT, *EARNED}
    }
    shown = by_fund(session, results, chart, asked.fund)
    back = replace(shown, amounts=taken_back(session, asked.from_on, asked.until_on))
    own = shown.without(back.amounts)
    earned, spent = _either(shown, back, *EARNED), _either(shown, back, *SPENT)
    left = shown.summed(gettext("Left over"), [*earned, *spent], -1)
    return Sheet(
        code="income-and-expenditure",
        title=gettext("Income and expenditure"),
        span=asked.span,
        first_line=_left_over(_last(left)),
        columns=shown.columns(gettext("Account")),
        rows=(
            head(gettext("What came in")),
            *own.lines(own.of_kind(*EARNED), -1),
            *_taken_back(back, EARNED, -1),
            shown.summed(gettext("Income"), earned, -1),
            head(gettext("What went out")),
            *own.lines(own.of_kind(*SPENT)),
            *_taken_back(back, SPENT, 1),
            shown.summed(gettext("Expenditure"), spent),
            left,
        ),
        foot=(chain_words(session),),
    )


def _either(shown: ByFund, back: ByFund, *kinds: str) -> list[str]:
    return sorted({*shown.of_kind(*kinds), *back.of_kind(*kinds)})


def _taken_back(back: ByFund, kinds: tuple[str, ...], sign: int) -> list[Row]:
    """One line for all that was taken back of earlier days, if anything was."""
    cells = back.cells(back.of_kind(*kinds), sign)
    return [Row((gettext("Taken back of earlier days"), *cells))] if any(cells) else []


def balance_sheet(work: Work, asked: Asked) -> Sheet:
    """What the union has and owes at the end of a day, and whose the rest is."""
    session = work.session
    chart = accounts(session)
    shown = by_fund(session, standing(session, asked.until_on), chart, asked.fund)
    assets, owed = shown.of_kind("asset"), shown.of_kind("liability")
    own, results = shown.of_kind("equity"), shown.of_kind(*EARNED, *SPENT)
    rows = [
        head(gettext("What we have")),
        *shown.lines(assets),
        shown.summed(gettext("All we have"), assets),
        head(gettext("What we owe")),
        *shown.lines(owed, -1),
        head(gettext("What is ours")),
        *shown.lines(own, -1),
        Row((gettext("Left over, not carried yet"), *shown.cells(results, -1))),
        shown.summed(gettext("Owed and ours"), [*owed, *own, *results], -1),
    ]
    return Sheet(
        code="balance-sheet",
        title=gettext("Balance sheet"),
        span=asked.at_end,
        first_line=gettext(
            "The union has %(has)s and owes %(owes)s.",
            has=format_amount(_last(shown.summed("", assets))),
            owes=format_amount(_last(shown.summed("", owed, -1))),
        ),
        columns=shown.columns(gettext("Account")),
        rows=rows,
        foot=(chain_words(session),),
    )


def fund_statement(work: Work, asked: Asked) -> Sheet:
    """Each fund: what it began with, what came in, went out and moved, what is left."""
    session = work.session
    chart = accounts(session)
    before, after = standing(session, asked.before), standing(session, asked.until_on)
    figures = moved(session, asked.from_on, asked.until_on)
    rows, sums = [], [0] * len(FUND_COLUMNS)
    for one in funds(session):
        if asked.fund in {None, one.code}:
            in_out = _in_and_out(figures, chart, one.code)
            held = (_worth(before, chart, one.code), _worth(after, chart, one.code))
            cells = [held[0], *in_out, held[1]]
            sums = [summed + cell for summed, cell in zip(sums, cells, strict=True)]
            rows.append(Row((fund_words(one.code), *cells)))
    return Sheet(
        code="fund-statement",
        title=gettext("Statement of funds"),
        span=asked.span,
        first_line=gettext("%(sum)s is in the funds.", sum=format_amount(sums[-1])),
        columns=(
            Column(gettext("Fund")),
            *(Column(str(words), Kind.MONEY) for words in FUND_COLUMNS),
        ),
        rows=(*rows, total(gettext("All funds"), *sums)),
        foot=(chain_words(session),),
    )


def _in_and_out(
    figures: Mapping[Place, Moved], chart: Mapping[str, Account], fund: str
) -> list[int]:
    """Earned, spent, moved between funds and brought in from old books, in one fund."""
    found = dict.fromkeys(("income", "expense", "moved", "equity"), 0)
    for (account, code), one in figures.items():
        kind = "moved" if account == AccountCode.FUND_TRANSFERS else chart[account].kind
        if code == fund and kind in found:
            found[kind] -= one.net_minor
    return [found["income"], -found["expense"], found["moved"], found["equity"]]


def _worth(held: Amounts, chart: Mapping[str, Account], fund: str) -> int:
    """What a fund has less what it owes."""
    return sum(
        amount
        for (account, code), amount in held.items()
        if code == fund and chart[account].kind in {"asset", "liability"}
    )


def _last(row: Row) -> int:
    amount = row.cells[-1]
    return amount if isinstance(amount, int) else 0


def _left_over(amount_minor: int) -> str:
    if amount_minor < 0:
        return str(gettext("%(sum)s more was spent than earned.", sum=format_amount(-amount_minor)))
    return str(gettext("%(sum)s more was earned than spent.", sum=format_amount(amount_minor)))
