"""The open-books page: a month or a year, as pictures and as words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, request
from flask_babel import gettext

from union.kernel.periods import Month, MonthUnreadableError
from union.office.open_books.figures import Line
from union.office.open_books.queries import (
    YEAR_BEGINS,
    newest_month,
    open_month,
    open_year,
    year_of,
)
from union.office.open_books.rules import HelpLine
from union.web.current import reading
from union.web.formats import month as month_name
from union.web.render import page
from union.web.words.ledger import account_words, fund_words
from union.web.words.open_books import LINES

if TYPE_CHECKING:
    from datetime import date

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
        **_IN_WORDS,
    )


@blueprint.get("/years/<int:year>")
def year(year: int) -> ResponseReturnValue:
    """A financial year, and its months side by side."""
    work = reading()
    today = work.clock.today()
    asked = min(max(year, EARLIEST.year), year_of(Month.of(today)))
    books, months = open_year(work.session, asked, today)
    return page(
        "open_books/year.html",
        year=asked,
        books=books,
        months=months,
        before=asked - 1 if asked > EARLIEST.year else None,
        after=asked + 1 if asked < year_of(Month.of(today)) else None,
        **_IN_WORDS,
    )


def _month_asked(newest: Month) -> Month | None:
    written = request.args.get("month", "")
    if not re.fullmatch(r"\d{4}-\d{2}", written):
        return None
    try:
        return min(max(Month.parse(written), EARLIEST), newest)
    except MonthUnreadableError:
        return None


def line_name(line: Line) -> str:
    """What a line is called on these pages."""
    return str(LINES.get(line.code, account_words(line.code)))


def help_name(line: HelpLine, from_on: date) -> str:
    """What a line of help is called; with its months, where they began before the page's days."""
    what = LINES.get(line.code, account_words(line.code))
    named = str(gettext("%(what)s, %(fund)s", what=what, fund=fund_words(line.fund)))
    if line.first >= Month.of(from_on):
        return named
    return str(
        gettext(
            "%(what)s, %(first)s to %(last)s",
            what=named,
            first=month_name(line.first),
            last=month_name(line.last),
        )
    )


_IN_WORDS = {"line_name": line_name, "help_name": help_name, "fund_words": fund_words}
