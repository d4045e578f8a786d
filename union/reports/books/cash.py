"""One box's book, and receipts and payments over all our money."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from union.infra.work import Work
from union.kernel.money import format_amount
from union.ledger.models import Account
from union.ledger.queries.daybooks import AccountBook, account_days
from union.ledger.queries.figures import Place, accounts, standing
from union.ledger.rules.chart import COLLECTOR_SEPARATOR
from union.reports.asked import Asked
from union.reports.books.figures import chain_words
from union.reports.queries import money_for, money_taken_back
from union.reports.sheets import Column, Kind, Row, Sheet, head, total
from union.web.words.ledger import KINDS, account_words


def account_book(work: Work, asked: Asked) -> Sheet:
    """One account between two days with running balances: its lines, or its days if too many."""
    book = account_days(work.session, asked.book, asked.from_on, asked.until_on)
    chart = accounts(work.session)
    words = account_words(asked.book, chart[asked.book].name)
    rows = (
        Row((asked.from_on, gettext("Held before"), None, None, book.opening_minor)),
        *_lines(book, chart),
        total(None, gettext("Together"), book.in_minor, book.out_minor, book.closing_minor),
    )
    return Sheet(
        code="book",
        title=words,
        span=asked.span,
        first_line=gettext(
            "%(account)s held %(sum)s at the end.",
            account=words,
            sum=format_amount(book.closing_minor),
        ),
        columns=(
            Column(gettext("Day"), Kind.DATE),
            Column(gettext("What")),
            Column(gettext("In"), Kind.MONEY),
            Column(gettext("Out"), Kind.MONEY),
            Column(gettext("Held"), Kind.MONEY),
        ),
        rows=rows,
        foot=(chain_words(work.session),),
    )


def receipts_and_payments(work: Work, asked: Asked) -> Sheet:
    """What money there was, what came in and went out for what, what money there is."""
    session = work.session
    chart = accounts(session)
    sums = money_for(session, asked.from_on, asked.until_on, asked.fund)
    back = money_taken_back(session, asked.from_on, asked.until_on, asked.fund)
    own = {code: sums.get(code, 0) - back.get(code, 0) for code in chart}
    came = {code: amount for code, amount in own.items() if amount > 0}
    went = {code: -amount for code, amount in own.items() if amount < 0}
    came_back = sum(amount for amount in back.values() if amount > 0)
    went_back = -sum(amount for amount in back.values() if amount < 0)
    before, after = (
        _money(standing(session, day), chart, asked.fund) for day in (asked.before, asked.until_on)
    )
    return Sheet(
        code="receipts-and-payments",
        title=gettext("Receipts and payments"),
        span=asked.span,
        first_line=gettext(
            "%(came)s came in, %(went)s went out.",
            came=format_amount(sum(came.values()) + came_back),
            went=format_amount(sum(went.values()) + went_back),
        ),
        columns=(Column(gettext("What")), Column(gettext("Amount"), Kind.MONEY)),
        rows=(
            head(gettext("Money there was")),
            *_listed(before, chart),
            total(gettext("In all"), sum(before.values())),
            head(gettext("Came in")),
            *_listed(came, chart),
            *_back(gettext("Payments of earlier days taken back"), came_back),
            total(gettext("In all"), sum(came.values()) + came_back),
            head(gettext("Went out")),
            *_listed(went, chart),
            *_back(gettext("Receipts of earlier days taken back"), went_back),
            total(gettext("In all"), sum(went.values()) + went_back),
            head(gettext("Money there is")),
            *_listed(after, chart),
            total(gettext("In all"), sum(after.values())),
        ),
        foot=(chain_words(session),),
    )


def _lines(book: AccountBook, chart: Mapping[str, Account]) -> list[Row]:
    if book.lines is None:
        return [
            Row((one.day, gettext("The whole day"), one.in_minor, one.out_minor, one.closing_minor))
            for one in book.days
        ]
    rows = []
    for one in book.lines:
        against = ", ".join(account_words(code, chart[code].name) for code in one.against)
        came, went = max(one.amount_minor, 0), max(-one.amount_minor, 0)
        what = f"{KINDS[one.entry.kind]} ({against})"
        rows.append(Row((one.entry.posted_on, what, came or None, went or None, one.running_minor)))
    return rows


def _money(
    held: Mapping[Place, int], chart: Mapping[str, Account], fund: str | None
) -> dict[str, int]:
    found: dict[str, int] = {}
    for (code, its_fund), amount in held.items():
        if chart[code].money_place is not None and fund in {None, its_fund}:
            place = code.partition(COLLECTOR_SEPARATOR)[0]
            found[place] = found.get(place, 0) + amount
    return {code: found[code] for code in chart if found.get(code)}


def _back(words: str, amount_minor: int) -> list[Row]:
    return [Row((words, amount_minor))] if amount_minor else []


def _listed(amounts: Mapping[str, int], chart: Mapping[str, Account]) -> list[Row]:
    return [
        Row((account_words(code, chart[code].name), amount)) for code, amount in amounts.items()
    ]
