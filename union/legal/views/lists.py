"""Lists that open no case: a paralegal's own, the queue, and who opened what of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import NotFoundError, UnionError
from union.legal import services
from union.legal.forms import NewCaseForm, PlainForm
from union.legal.queries import cases_of, openings_of, unassigned_cases
from union.legal.rules import Act
from union.legal.views.blueprint import blueprint
from union.members.queries import member_by_card
from union.web.current import current_actor, perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/")
def cases() -> ResponseReturnValue:
    """Her cases, the most pressing first, and those that nobody has."""
    return _lists(PlainForm(formdata=None))


@blueprint.post("/<ref>/take")
def take(ref: str) -> ResponseReturnValue:
    """Take a case nobody has."""
    form = PlainForm()
    if form.validate_on_submit():
        try:
            perform(form, f"take_case:{ref}", lambda work: {"id": services.take_case(work, ref).id})
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("legal.case", ref=ref))
    return _lists(form)


@blueprint.route("/new", methods=["GET", "POST"])
def open_new() -> ResponseReturnValue:
    """Open a case that somebody asked for."""
    form = NewCaseForm()
    if form.validate_on_submit():
        try:
            new = services.NewCase(
                subject_person_id=_person_of(form.card.data or ""),
                acts=tuple(Act(act) for act in form.acts.data or ()),
                note=form.note.data or "",
            )
            made = perform(
                form, "open_case", lambda work: {"ref": services.open_case(work, new).ref}
            )
        except UnionError as error:
            form.say(error)
        else:
            flash(_("It is opened, and yours."))
            return redirect(url_for("legal.case", ref=made["ref"]))
    return page("legal/new.html", form=form)


@blueprint.get("/who-opened")
def who_opened() -> ResponseReturnValue:
    """Who opened what is kept of whoever asks."""
    person_id = current_actor().person_id
    found = openings_of(reading(), person_id) if person_id is not None else []
    return page("legal/who_opened.html", openings=found)


def _lists(form: PlainForm) -> str:
    work = reading()
    mine = cases_of(work, work.actor.person_id) if work.actor.person_id is not None else []
    return page("legal/cases.html", mine=mine, waiting=unassigned_cases(work), form=form)


def _person_of(card: str) -> int | None:
    if not card.strip():
        return None
    member = member_by_card(reading().session, card)
    if member is None:
        raise NotFoundError
    return member.person_id
