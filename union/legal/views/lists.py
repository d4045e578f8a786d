"""Lists that open no case: a paralegal's own, and the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import UnionError
from union.legal import services
from union.legal.forms import NewCaseForm, PlainForm
from union.legal.queries import cases_of, person_of_card, unassigned_cases
from union.legal.rules import Act
from union.legal.views.blueprint import blueprint
from union.web.current import perform, reading
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


def _lists(form: PlainForm) -> str:
    work = reading()
    mine = cases_of(work, work.actor.person_id) if work.actor.person_id is not None else []
    return page("legal/cases.html", mine=mine, waiting=unassigned_cases(work), form=form)


def _person_of(card: str) -> int | None:
    return person_of_card(reading(), card) if card.strip() else None
