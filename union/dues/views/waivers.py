"""Months somebody need not pay, ended early, and what she pays as: one proposes, another agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from sqlalchemy import select

from union.dues.forms import WAIVER_REASONS, WaiverForm
from union.dues.forms.decisions import PAYS_AS, EndWaiverForm, PaysAsForm
from union.dues.models import Waiver
from union.dues.queries.accounts import waivers_of
from union.dues.queries.rules import category_in
from union.dues.services import NewWaiver, end_waiver, propose_pays_as, propose_waiver
from union.dues.views.shared import member_of
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.kernel.periods import Month
from union.members.queries import kept_entry, member_views
from union.web.current import perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_OFFERED = 36


def add_to(blueprint: Blueprint) -> None:
    """Give waivers and categories their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/passbook/<ref>/let-off", "let_off", let_off, methods=both)
    blueprint.add_url_rule("/let-off/<ref>/end", "end_let_off", end_let_off, methods=both)
    blueprint.add_url_rule("/passbook/<ref>/pays-as", "pays_as", pays_as, methods=both)


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
            flash(gettext("It waits for a second person. Until then nothing changes for her."))
            return redirect(url_for("dues.passbook", ref=ref))
    return page(
        "dues/let_off.html",
        form=form,
        member=member_views(work, [person_id])[person_id],
        waivers=waivers_of(work.session, person_id),
        reasons=WAIVER_REASONS,
    )


def end_let_off(ref: str) -> ResponseReturnValue:
    """End it with a month, or take it back whole."""
    work = reading()
    waiver, member = _waiver_of(work, ref)
    first = Month.of(waiver.from_month)
    today = Month.of(work.clock.today())
    offered = list(first.through(max(today, first)))[-MOST_OFFERED:]
    form = EndWaiverForm()
    form.offer(offered[::-1], first.previous())
    if form.validate_on_submit():
        try:
            perform(form, "end_waiver", lambda work: _end(work, waiver.id, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("It ends then. Months after it cost her again."))
            return redirect(url_for("dues.passbook", ref=member.ref))
    return page("dues/end_let_off.html", form=form, waiver=waiver, member=member)


def pays_as(ref: str) -> ResponseReturnValue:
    """What she pays as, from a month on."""
    work = reading()
    person_id = member_of(work, ref).person_id
    month = Month.of(work.clock.today())
    now = category_in(work.session, person_id, month)
    form = PaysAsForm(from_month=str(month.next()), category=now)
    if form.validate_on_submit():
        try:
            perform(form, "pay_as", lambda work: _pay_as(work, person_id, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("It waits for a second person. Until then nothing changes for her."))
            return redirect(url_for("dues.passbook", ref=ref))
    member = member_views(work, [person_id])[person_id]
    return page("dues/pays_as.html", form=form, member=member, now=PAYS_AS.get(now))


def _waiver_of(work: Work, ref: str) -> tuple[Waiver, Any]:
    waiver = work.session.scalar(select(Waiver).where(Waiver.ref == ref))
    member = None if waiver is None else kept_entry(work.session, waiver.person_id)
    if waiver is None or member is None:
        raise NotFoundError
    return waiver, member_views(work, [member.person_id])[member.person_id]


def _waive(work: Work, person_id: int, form: WaiverForm) -> dict[str, Any]:
    new = NewWaiver(
        person_id=person_id,
        from_month=form.from_month.given,
        until_month=form.until_month.month,
        reason=str(form.reason.data),
        note=str(form.note.data or ""),
    )
    return {"proposal": propose_waiver(work, new).ref}


def _end(work: Work, waiver_id: int, form: EndWaiverForm) -> dict[str, Any]:
    waiver = work.session.get_one(Waiver, waiver_id)
    end_waiver(work, waiver, Month.parse(str(form.until_month.data)))
    return {}


def _pay_as(work: Work, person_id: int, form: PaysAsForm) -> dict[str, Any]:
    category = str(form.category.data)
    return {"proposal": propose_pays_as(work, person_id, category, form.from_month.given).ref}
