"""The pages of reports: what there is, one on screen, the same on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Form, SelectField
from wtforms.validators import Optional

from union.kernel.errors import NotFoundError
from union.ledger.queries import funds
from union.ledger.queries.choices import money_accounts
from union.ledger.rules.years import FinancialYear
from union.ledger.views.shared import account_choices
from union.reports.asked import Asked
from union.reports.books import ANSWERS, BUILDERS, TITLES, Builder
from union.reports.printers import PRINTERS
from union.web.current import reading
from union.web.forms import named_choices
from union.web.render import page
from union.web.words.ledger import fund_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

FIRST_BOOK = "1010"
"""The cash at the desk."""

YEARS = range(2000, 2200)
"""No books of ours lie outside these, and at the calendar's own ends no year has a neighbour."""

BY_DAY = {"trial-balance", "balance-sheet"}
"""Reports that look at the end of one day."""


class ReportForm(Form):
    """What to show; asked by address, so that it can be kept."""

    first = DateField(lazy_gettext("From which day"), validators=[Optional()])
    last = DateField(lazy_gettext("Up to which day"), validators=[Optional()])
    fund = SelectField(lazy_gettext("Fund"), validators=[Optional()])
    book = SelectField(lazy_gettext("Book"), validators=[Optional()])


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Every report, by the question it answers."""
    return page("reports/index.html", titles=TITLES, answers=ANSWERS)


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """One report on screen, with its papers beside it."""
    form = _form()
    asked = _asked(form)
    sheet = _builder(code)(reading(), asked)
    return page(
        "reports/report.html",
        sheet=sheet,
        code=code,
        form=form,
        by_day=code in BY_DAY,
        address=_address(asked),
        endings=tuple(PRINTERS),
    )


@blueprint.get("/<code>.<ending>")
def printed(code: str, ending: str) -> ResponseReturnValue:
    """The same report as a file."""
    if ending not in PRINTERS:
        raise NotFoundError
    mimetype, as_file = PRINTERS[ending]
    asked = _asked(_form())
    content = as_file(_builder(code)(reading(), asked))
    answer = Response(content, content_type=mimetype)
    name = f"{code}-{asked.until_on.isoformat()}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _builder(code: str) -> Builder:
    if code not in BUILDERS:
        raise NotFoundError
    return BUILDERS[code]


def _form() -> ReportForm:
    session = reading().session
    form = ReportForm(request.args)
    every = [("", str(gettext("All funds")))]
    every += [(one.code, fund_words(one.code)) for one in funds(session)]
    form.fund.choices = named_choices(every)
    form.book.choices = account_choices(money_accounts(session))
    return form


def _asked(form: ReportForm) -> Asked:
    """What was asked; where the address says nothing sound, the present year until today."""
    today = reading().clock.today()
    asked = [day for day in (form.first.data, form.last.data) if day is not None]
    sound = form.validate() and all(day.year in YEARS for day in asked)
    last = (form.last.data if sound else None) or today
    first = (form.first.data if sound else None) or FinancialYear.of(last).first_day
    form.first.data, form.last.data = min(first, last), last
    fund, book = (form.fund.data, form.book.data) if sound else (None, None)
    return Asked(min(first, last), last, fund or None, book or FIRST_BOOK)


def _address(asked: Asked) -> dict[str, str]:
    return {
        "first": asked.from_on.isoformat(),
        "last": asked.until_on.isoformat(),
        "fund": asked.fund or "",
        "book": asked.book,
    }
