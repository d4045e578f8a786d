"""The monthly run: what will be charged, the one button, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from union.dues.forms import KeyForm, MonthForm
from union.dues.queries.desk import months_to_charge
from union.dues.queries.due import charged_in, due_slices
from union.dues.queries.runs import rates, runs, slices_of
from union.dues.services import run_month, start_run
from union.dues.views.shared import run_of
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.periods import Month
from union.web.current import current_actor, kit, perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give runs their addresses."""
    blueprint.add_url_rule("/months", "months", months, methods=["GET", "POST"])
    blueprint.add_url_rule("/months/<period>", "month", month, methods=["GET", "POST"])
    blueprint.add_url_rule("/runs/<ref>", "run", run)
    blueprint.add_url_rule("/runs/<ref>/go-on", "go_on", go_on, methods=["POST"])


def months() -> ResponseReturnValue:
    """Past runs, and which month next."""
    work, form = reading(), MonthForm()
    offered = months_to_charge(work.session, work.clock.today())
    form.offer(offered, offered[0])
    if form.validate_on_submit():
        return redirect(url_for("dues.month", period=form.period.data))
    return page("dues/months.html", form=form, runs=runs(work.session))


def month(period: str) -> ResponseReturnValue:
    """What a month will charge; then charge it, branch by branch."""
    work, form = reading(), KeyForm()
    chosen = _chargeable(work, period)
    if chosen is None:
        flash(gettext("That month cannot be charged. These can."))
        return redirect(url_for("dues.months"))
    if form.validate_on_submit():
        try:
            made = perform(
                form, "start_dues_run", lambda work: {"ref": start_run(work, chosen).ref}
            )
        except UnionError as error:
            form.say(error)
        else:
            _charge(str(made["ref"]))
            return redirect(url_for("dues.run", ref=made["ref"]))
    about = {"slices": due_slices(work.session, chosen), "fees": rates(work.session)}
    already = charged_in(work.session, chosen)
    return page("dues/month.html", month=chosen, form=form, already=already, **about)


def run(ref: str) -> ResponseReturnValue:
    """How far a run is."""
    work = reading()
    found = run_of(work, ref)
    chosen = Month.of(found.month)
    left = [] if found.finished_at else due_slices(work.session, chosen)
    done = slices_of(work.session, found.id)
    return page("dues/run.html", run=found, month=chosen, done=done, left=left, form=KeyForm())


def go_on(ref: str) -> ResponseReturnValue:
    """Go on with a run that was broken off."""
    if KeyForm().validate_on_submit():
        _charge(ref)
    return redirect(url_for("dues.run", ref=ref))


def _chargeable(work: Work, period: str) -> Month | None:
    """The month an address names, if it can be charged today."""
    offered = months_to_charge(work.session, work.clock.today())
    return next((one for one in offered if str(one) == period), None)


def _charge(ref: str) -> None:
    """Charge what is left of a run; each branch commits by itself, a second time finds nothing."""
    found = run_of(reading(), ref)
    if found.finished_at is None:
        run_month(kit().unit, current_actor(), Month.of(found.month), run_id=found.id)
