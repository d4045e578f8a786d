"""How everybody stands, whom the rule asks about, and reminders seen before they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from union.dues.forms import KeyForm
from union.dues.forms.decisions import SeenForm
from union.dues.models import ReminderRound
from union.dues.queries.reminders import (
    register_came_in_today,
    reminder_rounds,
    remindings,
    seen_as,
)
from union.dues.queries.rules import rule_on
from union.dues.queries.standing import counted, standings
from union.dues.rules.standing import Proposal
from union.dues.services import decide_standing, send_reminders, stop_round
from union.dues.views.shared import member_of
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.members.queries import member_views
from union.web.current import perform, reading
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SHOWN = 200
"""How many lines a page shows; the sums above them count everybody."""


def add_to(blueprint: Blueprint) -> None:
    """Give standing and reminders their addresses."""
    blueprint.add_url_rule("/standing", "standing", standing)
    blueprint.add_url_rule("/standing/<ref>/<what>", "decide", decide, methods=["POST"])
    blueprint.add_url_rule("/reminders", "reminders", reminders, methods=["GET", "POST"])
    blueprint.add_url_rule("/reminders/<ref>/stop", "stop_reminders", stop, methods=["POST"])


def standing() -> ResponseReturnValue:
    """How many stand how, and about whom somebody is to decide."""
    work = reading()
    today = work.clock.today()
    views = standings(work, today)
    asked = [one for one in views.values() if one.proposal is not None]
    asked.sort(key=lambda one: (one.proposal or "", -(one.months_behind or 0)))
    members = member_views(work, [one.person_id for one in asked[:SHOWN]])
    return page(
        "dues/standing.html",
        counts=counted(views.values()),
        asked=asked[:SHOWN],
        more=max(len(asked) - SHOWN, 0),
        members=members,
        rule=rule_on(work.session, today),
        form=KeyForm(),
    )


def decide(ref: str, what: str) -> ResponseReturnValue:
    """Suspend or reinstate one member."""
    form = KeyForm()
    if what not in set(Proposal):
        raise NotFoundError
    person_id = member_of(reading(), ref).person_id
    if form.validate_on_submit():
        try:
            perform(form, f"{what}_member", lambda work: _decide(work, person_id, what))
        except UnionError as error:
            flash(in_words(error))
        else:
            flash(gettext("It is written down, with your card beside it."))
    back = "dues.passbook" if request.args.get("from") == "passbook" else "dues.standing"
    return redirect(url_for(back, ref=ref) if back == "dues.passbook" else url_for(back))


def reminders() -> ResponseReturnValue:
    """Who would get what, by which way and when; then the one button."""
    work, form = reading(), SeenForm()
    if form.validate_on_submit():
        try:
            perform(form, "send_reminders", lambda work: _send(work, str(form.seen.data)))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("They go out in a quarter of an hour. Until then you can stop them."))
            return redirect(url_for("dues.reminders"))
    found = remindings(work)
    form.seen.data = seen_as(found)
    going = [one for one in found if one.why_not is None]
    left = [one for one in found if one.why_not is not None]
    return page(
        "dues/reminders.html",
        form=form,
        button=KeyForm(),
        going=going,
        left=left,
        shown=SHOWN,
        members=member_views(work, [one.person_id for one in (*going[:SHOWN], *left[:SHOWN])]),
        today=register_came_in_today(work),
        rounds=reminder_rounds(work),
    )


def stop(ref: str) -> ResponseReturnValue:
    """Stop what of a round has not gone."""
    form = KeyForm()
    made = reading().session.scalar(select(ReminderRound).where(ReminderRound.ref == ref))
    if made is None:
        raise NotFoundError
    number = made.id
    if form.validate_on_submit():
        perform(form, "stop_reminders", lambda work: {"stopped": stop_round(work, number)})
        flash(gettext("What had not gone yet stays here."))
    return redirect(url_for("dues.reminders"))


def _decide(work: Work, person_id: int, what: str) -> dict[str, Any]:
    return {"event": decide_standing(work, person_id, Proposal(what)).ref}


def _send(work: Work, seen: str) -> dict[str, Any]:
    return {"round": send_reminders(work, seen).ref}
