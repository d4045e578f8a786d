"""The list of one incident: typed while somebody talks, and where everybody is; for the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from union.crisis.errors import NobodyTickedError
from union.crisis.forms import pairs
from union.crisis.forms.taken import GivenForm, ListForm, MoveForm, PointForm
from union.crisis.queries.desk import incident_by_ref
from union.crisis.queries.taken import (
    medicine_by_ref,
    meeting_point_of,
    meeting_points,
    taken_by_ref,
    taken_rows,
)
from union.crisis.rules.kinds import OPEN_INCIDENT
from union.crisis.rules.taken import MedicineEnd, Source, Standing, is_held, tally
from union.crisis.rules.taken_lines import lately
from union.crisis.services.meeting import choose_point
from union.crisis.services.taken import Move, Typed, keep_sheet, move, unfinished_sheet
from union.crisis.services.taken_medicine import end_medicine
from union.crisis.services.taken_reading import read_taken
from union.crisis.views.blueprint import blueprint, done
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.web.current import acting, reading
from union.web.forms import CommandForm
from union.web.render import page
from union.web.words import taken as words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.crisis.models import Incident
    from union.crisis.rules.taken_lines import Plan


@blueprint.get("/incidents/<ref>/list")
def taken_list(ref: str) -> ResponseReturnValue:
    """Everybody who was taken, and the list to type on."""
    return _page(ref)


@blueprint.post("/incidents/<ref>/list")
def taken_type(ref: str) -> ResponseReturnValue:
    """Put what was typed on the list; the same list again adds nobody."""
    form, incident_id = ListForm(), incident_by_ref(reading(), ref).id
    plans: list[Plan] = []

    def do(work: Work) -> None:
        typed = Typed(str(form.sheet.data), str(form.names.data or ""), whole=True)
        plans.append(keep_sheet(work, incident_id, typed))

    if not done(form, "taken_type", do):
        return _page(ref, form)
    for plan in plans:
        _tell(plan)
    return redirect(url_for("crisis.taken_list", ref=ref))


@blueprint.post("/incidents/<ref>/list/keep")
def taken_keep(ref: str) -> ResponseReturnValue:
    """Keep what stands there so far; typing it again changes nothing, so it needs no command."""
    form, incident_id = ListForm(), incident_by_ref(reading(), ref).id
    if not form.validate_on_submit():
        return "", 422
    try:
        with acting() as work:
            keep_sheet(work, incident_id, Typed(str(form.sheet.data), str(form.names.data or "")))
    except UnionError:
        return "", 409
    return "", 204


@blueprint.post("/incidents/<ref>/list/move")
def taken_move(ref: str) -> ResponseReturnValue:
    """Those who are ticked, or all who are held, are somewhere now."""
    form, incident = MoveForm(), incident_by_ref(reading(), ref)
    if done(form, "taken_move", lambda work: move_ticked(work, incident, form)):
        return redirect(url_for("crisis.taken_list", ref=ref))
    return _page(ref, form)


@blueprint.post("/incidents/<ref>/list/given")
def taken_given(ref: str) -> ResponseReturnValue:
    """Somebody had her medicine, or needs it no more from us."""
    form, incident = GivenForm(), incident_by_ref(reading(), ref)
    if done(form, "taken_given", lambda work: give(work, incident, form, Source.TEAM)):
        return redirect(url_for("crisis.taken_list", ref=ref))
    return _page(ref, form)


@blueprint.post("/incidents/<ref>/meeting")
def taken_meeting(ref: str) -> ResponseReturnValue:
    """Where those who come meet."""
    form, incident = PointForm(), incident_by_ref(reading(), ref)
    _points(form, incident)
    if done(form, "meeting", lambda work: choose_point(work, incident.id, form.point.data)):
        return redirect(url_for("crisis.taken_list", ref=ref))
    return _page(ref, form)


def move_ticked(work: Work, incident: Incident, form: MoveForm) -> None:
    """Write for each who is ticked, or for all who are held, where she is."""
    if form.every.data:
        people = [one for one in taken_rows(work.session, incident.id) if is_held(one.standing)]
    else:
        people = [taken_by_ref(work.session, incident.id, one) for one in form.who.data or ()]
    if not people:
        raise NobodyTickedError
    to = Move(
        standing=Standing(form.standing.data),
        source=Source(form.source.data),
        happened_at=lately(form.at.data, work.clock.now(), work.clock.zone),
        words=str(form.where.data or "").strip() or None,
        mistaken=bool(form.mistaken.data),
    )
    for one in people:
        move(work, one.id, to)


def give(work: Work, incident: Incident, form: GivenForm, source: Source) -> None:
    """A medicine of somebody on this list was given, or is not needed."""
    found = medicine_by_ref(work.session, incident.id, str(form.medicine.data))
    end_medicine(work, found.id, MedicineEnd(str(form.how.data)), source)


def _tell(plan: Plan) -> None:
    many = len(plan.new)
    flash(ngettext("%(num)s more on the list.", "%(num)s more on the list.", many))
    if plan.already:
        flash(
            _(
                "On the list already: %(names)s. If one of them is somebody else, write what tells"
                " them apart.",
                names="; ".join(plan.already),
            )
        )


def _points(form: PointForm, incident: Incident) -> None:
    kept = meeting_points(reading().session, incident.branch_id)
    form.point.choices = pairs((one.id, one.name) for one in kept)


def _page(ref: str, refused: CommandForm | None = None) -> str:
    with acting() as work:
        incident = incident_by_ref(work, ref)
        people = read_taken(work, incident.id)
        kept = unfinished_sheet(work, incident.id)
        meets = meeting_point_of(work.session, incident)
    typing = refused if isinstance(refused, ListForm) else ListForm(formdata=None)
    if kept is not None and typing is not refused:
        typing.sheet.data, typing.names.data = kept.key, kept.text
    point = refused if isinstance(refused, PointForm) else PointForm(formdata=None)
    _points(point, incident)
    return page(
        "crisis/taken.html",
        row=incident,
        is_open=incident.state in OPEN_INCIDENT,
        people=people,
        where=tally([one.standing for one in people]),
        first_due=min((one.due_by for one in people if one.runs), default=None),
        typing=typing,
        moving=refused if isinstance(refused, MoveForm) else MoveForm(formdata=None),
        point=point,
        meets=meets,
        giving=GivenForm(formdata=None),
        refused=refused,
        taken_words=words,
    )
