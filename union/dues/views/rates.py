"""What a month costs, and for whom it costs nothing for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from union.dues.forms import CATEGORIES, RateForm
from union.dues.queries.runs import rates as rates_set
from union.dues.services import set_rate
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.periods import Month
from union.web.current import perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give fees their address."""
    blueprint.add_url_rule("/rates", "rates", rates, methods=["GET", "POST"])


def rates() -> ResponseReturnValue:
    """The fees, and a new one."""
    work = reading()
    form = RateForm(from_month=str(Month.of(work.clock.today()).next()))
    if form.validate_on_submit():
        try:
            perform(form, "set_rate", lambda work: _set(work, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(
                gettext(
                    "It is written down. Months charged otherwise stand under “Months that cost"
                    " otherwise than charged”."
                )
            )
            return redirect(url_for("dues.rates"))
    rows = rates_set(work.session)
    return page("dues/rates.html", form=form, rows=rows, categories=CATEGORIES)


def _set(work: Work, form: RateForm) -> dict[str, Any]:
    set_rate(work, str(form.category.data), form.amount.minor, form.from_month.given)
    return {}
