"""The open-books page: a month or a year, as pictures and as words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, request

from union.kernel.periods import Month, MonthUnreadableError
from union.office.open_books.queries import (
    YEAR_BEGINS,
    months_of,
    newest_month,
    open_month,
    open_year,
    year_of,
)
from union.web.current import reading
from union.web.render import page
from union.web.words.ledger import account_words, fund_words
from union.web.words.open_books import FUNDS, LINES

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("open_books", __name__, url_prefix="/open-books")

EARLIEST = Month(2000, YEAR_BEGINS)


@blueprint.get("/")
def month() -> ResponseReturnValue:
    """One month: the newest closed one, unless another is asked for."""
    work = reading()
    today = work.clock.today()
    asked = _month_asked(Month.of(today)) or newest_month(work.session, today)
    return page(
        "open_books/month.html",
        month=asked,
        books=open_month(work.session, asked),
        before=asked.previous() if asked > EARLIEST else None,
        after=asked.next() if asked < Month.of(today) else None,
        year=year_of(asked),
        line_words=line_words,
        fund_name=fund_name,
    )


@blueprint.get("/years/<int:year>")
def year(year: int) -> ResponseReturnValue:
    """A financial year, and its months side by side."""
    work = reading()
    today = work.clock.today()
    asked = min(max(year, EARLIEST.year), year_of(Month.of(today)))
    return page(
        "open_books/year.html",
        year=asked,
        books=open_year(work.session, asked, today),
        months=months_of(work.session, asked, today),
        before=asked - 1 if asked > EARLIEST.year else None,
        after=asked + 1 if asked < year_of(Month.of(today)) else None,
        line_words=line_words,
        fund_name=fund_name,
    )


def _month_asked(newest: Month) -> Month | None:
    written = request.args.get("month", "")
    if not re.fullmatch(r"\d{4}-\d{2}", written):
        return None
    try:
        return min(max(Month.parse(written), EARLIEST), newest)
    except MonthUnreadableError:
        return None


def line_words(code: str) -> str:
    """What a line is called on these pages."""
    return str(LINES.get(code, account_words(code)))


def fund_name(code: str) -> str:
    """What a fund, or funds together, are called on these pages."""
    return str(FUNDS.get(code, fund_words(code)))
