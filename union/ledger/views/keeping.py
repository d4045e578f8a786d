"""The keeper's pages: cash, bank and petty books by day, planning, beginning."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from union.kernel.actor import Role
from union.kernel.errors import NotFoundError
from union.kernel.periods import Month, MonthUnreadableError
from union.ledger import queries
from union.ledger.forms.keeping import BudgetForm, OpeningForm
from union.ledger.queries.choices import balance_sheet_places, money_accounts
from union.ledger.queries.counts import latest_counts
from union.ledger.queries.daybooks import Place, account_days, book_page, day_page
from union.ledger.queries.keeping import (
    brought_forward,
    budget,
    plannable,
)
from union.ledger.queries.papers import papers_of
from union.ledger.rules.chart import FundCode
from union.ledger.rules.years import FinancialYear
from union.ledger.services import OpeningLine, bring_forward, set_budget
from union.ledger.views.books import LARGEST_ID
from union.ledger.views.pages import blueprint
from union.ledger.views.shared import place_choices, place_of
from union.web.current import reading
from union.web.forms import named_choices, sent
from union.web.render import page
from union.web.words.ledger import KINDS, account_words, fund_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

OPENING_LINES = range(1, 9)


@blueprint.get("/boxes")
def boxes() -> ResponseReturnValue:
    """Where our money lies: each box and bank account, its book, when it was last counted."""
    session = reading().session
    codes = money_accounts(session)
    return page(
        "ledger/boxes.html",
        boxes=[(code, queries.control_balance(session, code)) for code in codes],
        cash=set(money_accounts(session, cash_only=True)),
        counts=latest_counts(session),
        account_words=account_words,
    )


@blueprint.get("/boxes/<code>")
def box(code: str) -> ResponseReturnValue:
    """One book, a month at a time: each day with running balances, fifty lines on a page."""
    work = reading()
    account = queries.account_by_code(work.session, code)
    shown = _month(work.clock.today())
    days = (shown.first_day, shown.last_day)
    place = _after()
    return page(
        "ledger/box.html",
        account=account,
        book=account_days(work.session, code, *days, whole=False),
        further=book_page(work.session, code, *days, place) if place else None,
        shown=shown,
        after=shown.next() if shown < Month.of(work.clock.today()) else None,
        kinds=KINDS,
        account_words=account_words,
        fund_words=fund_words,
    )


@blueprint.get("/boxes/<code>/days/<day>")
def box_day(code: str, day: str) -> ResponseReturnValue:
    """The lines of one day of a book, a page at a time, with running balances."""
    work = reading()
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise NotFoundError from error
    return page(
        "ledger/box_day.html",
        account=queries.account_by_code(work.session, code),
        day=asked,
        shown=day_page(work.session, code, asked, _after()),
        month=Month.of(asked),
        kinds=KINDS,
        account_words=account_words,
    )


@blueprint.route("/budget", methods=["GET", "POST"])
def plan() -> ResponseReturnValue:
    """What is planned for the year, and what came of it; one line at a time is changed."""
    work = reading()
    today = work.clock.today()
    year = _year(FinancialYear.of(today))
    form = BudgetForm(year=str(year.begun))
    form.place.choices = place_choices(plannable(work.session))
    if work.actor.has(Role.TREASURER) and sent(form, "set_budget", lambda work: _plan(work, form)):
        flash(gettext("It is planned."))
        return redirect(url_for("ledger.plan", year=form.year.data))
    return page(
        "ledger/budget.html",
        form=form,
        year=year,
        rows=budget(work.session, year, today),
        account_words=account_words,
        fund_words=fund_words,
    )


@blueprint.route("/opening", methods=["GET", "POST"])
def opening() -> ResponseReturnValue:
    """What the old books ended with, once, with the paper that shows it."""
    work = reading()
    entry = brought_forward(work.session)
    form = OpeningForm()
    places = [(fund, code) for fund in FundCode for code in balance_sheet_places(work.session)]
    for number in OPENING_LINES:
        form[f"place{number}"].choices = [*named_choices([("", "–")]), *place_choices(places)]
    if sent(form, "bring_forward", lambda work: _open(work, form)):
        flash(gettext("The books begin with this."))
        return redirect(url_for("ledger.opening"))
    lines = [(form[f"place{n}"], form[f"amount{n}"]) for n in OPENING_LINES]
    papers = papers_of(work, "opening", 1)
    return page("ledger/opening.html", form=form, lines=lines, entry=entry, papers=papers)


def _plan(work: Work, form: BudgetForm) -> dict[str, int]:
    year = FinancialYear(int(str(form.year.data)))
    return {"line": set_budget(work, year, place_of(str(form.place.data)), form.amount.minor).id}


def _open(work: Work, form: OpeningForm) -> dict[str, str]:
    lines = []
    for number in OPENING_LINES:
        fund, account = place_of(str(form[f"place{number}"].data or ""))
        owed = account.startswith("2")
        amount = form[f"amount{number}"].minor
        if account and amount:
            lines.append(OpeningLine(account, fund, -amount if owed else amount))
    return {"ref": bring_forward(work, lines, form.papers.streams).ref}


def _month(today: date) -> Month:
    try:
        return min(Month.parse(request.args.get("month", "")), Month.of(today))
    except MonthUnreadableError:
        return Month.of(today)


def _after() -> Place | None:
    """Where the page before ended, as the pager wrote it."""
    day, _, rest = request.args.get("after", "").partition("_")
    entry, _, position = rest.partition("_")
    if not (entry.isascii() and entry.isdecimal() and position.isascii() and position.isdecimal()):
        return None
    try:
        return date.fromisoformat(day), min(int(entry), LARGEST_ID), min(int(position), LARGEST_ID)
    except ValueError:
        return None


def _year(present: FinancialYear) -> FinancialYear:
    asked = request.values.get("year", default=present.begun, type=int)
    return FinancialYear(asked) if present.begun - 50 <= asked <= present.begun + 1 else present
