"""The pages of closing: the months, and one month's live list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import BooleanField, HiddenField
from wtforms.validators import Regexp

from union.kernel.errors import NotFoundError
from union.kernel.periods import Month, MonthUnreadableError
from union.ledger.models import AccountingPeriod
from union.ledger.policy import may_close
from union.ledger.queries.keeping import closes, next_to_close, periods
from union.ledger.rules.years import FinancialYear
from union.ledger.views.shared import names_of
from union.office.closing.queries import checklist
from union.office.closing.rules import Item
from union.office.closing.services import (
    close_quiet_months,
    close_with_checklist,
    quiet_months,
)
from union.office.closing.words import ASKED, BEHIND
from union.web.access import row_of
from union.web.current import current_actor, reading
from union.web.forms import CommandForm, sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

blueprint = Blueprint("closing", __name__, url_prefix="/books/months")


class CloseForm(CommandForm):
    """The wish to close, and that what is left is left knowingly."""

    carried = BooleanField(lazy_gettext("I know what is left, and carry it into the next month."))


class CloseQuietForm(CommandForm):
    """The wish to close the months on whose lists nothing is left, up to the last one shown."""

    last = HiddenField(validators=[Regexp(r"^20\d\d-(0[1-9]|1[0-2])$")])


@blueprint.get("")
def months() -> ResponseReturnValue:
    """Every month of the books, and which one is next."""
    work = reading()
    session, done = work.session, closes(work.session)
    quiet = quiet_months(work) if may_close(work.actor) else []
    return page(
        "office/months.html",
        quiet=quiet,
        form=CloseQuietForm(formdata=None, last=str(quiet[-1]) if quiet else ""),
        periods=periods(session),
        closes=done,
        following=next_to_close(session),
        names=names_of({one.closed_by for one in done.values()}),
        asked=ASKED,
        items=Item,
    )


@blueprint.post("/quiet")
def close_quiet() -> ResponseReturnValue:
    """Close the months on whose lists nothing is left, oldest first."""
    form = CloseQuietForm()

    def do(work: Work) -> dict[str, int]:
        return {"closed": len(close_quiet_months(work, Month.parse(str(form.last.data))))}

    made = sent(form, "close_quiet", do)
    if made is None:
        flash(str(form.form_errors[0] if form.form_errors else gettext("Nothing was done.")))
    else:
        closed = int(made["closed"])
        said = ngettext("%(num)s month is closed.", "%(num)s months are closed.", closed)
        flash(said)
    return redirect(url_for("closing.months"))


@blueprint.route("/<month>", methods=["GET", "POST"])
def month(month: str) -> ResponseReturnValue:
    """One month's list, live; and the button that closes it for good."""
    shown, form = _month(month), CloseForm()
    if sent(form, f"close_month {shown}", lambda work: _close(work, shown, form)):
        flash(gettext("The month is closed, for good."))
        return redirect(url_for("closing.months"))
    work = reading()
    return page(
        "office/month.html",
        shown=shown,
        checks=checklist(work, shown),
        form=form,
        asked=ASKED,
        behind={item: place for item, place in BEHIND.items() if _opens(place)},
        carries=shown == FinancialYear.of(shown.first_day).last_month,
        closed=closes(work.session).get(shown.first_day),
    )


def _close(work: Work, month: Month, form: CloseForm) -> dict[str, str]:
    closed = close_with_checklist(work, month, carried=bool(form.carried.data))
    return {"first_on": closed.first_on.isoformat()}


def _month(written: str) -> Month:
    try:
        found = Month.parse(written)
    except MonthUnreadableError:
        raise NotFoundError from None
    if reading().session.get(AccountingPeriod, found.first_day) is None:
        raise NotFoundError
    return found


def _opens(endpoint: str) -> bool:
    if endpoint not in current_app.view_functions:
        return False
    return current_actor().has(*row_of(endpoint).roles)
