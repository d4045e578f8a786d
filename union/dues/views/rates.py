"""What a month costs, and for whom it costs nothing for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from union.dues.forms import CATEGORIES, WAIVER_REASONS, RateForm, WaiverForm
from union.dues.queries.accounts import waivers_of
from union.dues.queries.runs import rates as rates_set
from union.dues.services import NewWaiver, set_rate, waive
from union.dues.views.shared import member_of
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.periods import Month
from union.members.queries import member_views
from union.web.current import perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give fees and waivers their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/rates", "rates", rates, methods=both)
    blueprint.add_url_rule("/passbook/<ref>/let-off", "let_off", let_off, methods=both)


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
            return redirect(url_for("dues.rates"))
    rows = rates_set(work.session)
    return page("dues/rates.html", form=form, rows=rows, categories=CATEGORIES)


def let_off(ref: str) -> ResponseReturnValue:
    """Let a member off for some months."""
    work = reading()
    person_id = member_of(work, ref).person_id
    form = WaiverForm(from_month=str(Month.of(work.clock.today())))
    if form.validate_on_submit():
        try:
            perform(form, "waive_dues", lambda work: _waive(work, person_id, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("It is written down. Those months cost her nothing."))
            return redirect(url_for("dues.passbook", ref=ref))
    return page(
        "dues/let_off.html",
        form=form,
        member=member_views(work, [person_id])[person_id],
        waivers=waivers_of(work.session, person_id),
        reasons=WAIVER_REASONS,
    )


def _set(work: Work, form: RateForm) -> dict[str, Any]:
    set_rate(work, str(form.category.data), form.amount.minor, form.from_month.given)
    return {}


def _waive(work: Work, person_id: int, form: WaiverForm) -> dict[str, Any]:
    new = NewWaiver(
        person_id=person_id,
        from_month=form.from_month.given,
        until_month=form.until_month.month,
        reason=str(form.reason.data),
        note=str(form.note.data or ""),
    )
    return {"waiver": waive(work, new).ref}
