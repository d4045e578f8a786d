"""A clock of medicine changes hands: whom one names, and what the one who is asked says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_babel import gettext as _

from union.crisis.forms import pairs
from union.crisis.forms.after import CarryForm, HandOnForm
from union.crisis.forms.calls import PlainForm
from union.crisis.policy import may_call_lapsed
from union.crisis.queries.after import clock_by_ref, is_forced, was_with_her
from union.crisis.queries.handing_on import could_carry, handover_by_ref, open_handover
from union.crisis.services.handing_on import Next, answer_handover, keep_on, name_next
from union.crisis.views.blueprint import blueprint, done
from union.kernel.errors import NotFoundError
from union.web.current import current_actor, kit, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.crisis.models.after import MedicalClock
    from union.infra.work import Work
    from union.web.forms import Choices, CommandForm


@blueprint.route("/after/clocks/<ref>/next", methods=["GET", "POST"])
def clock_next(ref: str) -> ResponseReturnValue:
    """Who carries it next; by its keeper, or somebody in charge."""
    found, form = _in_my_hands(ref), HandOnForm()

    def do(work: Work) -> None:
        at_once, agrees = bool(form.at_once.data), bool(form.she_agrees.data)
        name_next(work, found.id, Next(form.to.data, she_agrees=agrees, at_once=at_once))

    if done(form, "clock_next", do):
        return redirect(url_for("crisis.after"))
    return _next(ref, form)


@blueprint.post("/after/clocks/<ref>/mine")
def clock_keep(ref: str) -> ResponseReturnValue:
    """She goes on with it herself."""
    found, form = _in_my_hands(ref), PlainForm()
    if done(form, "clock_keep", lambda work: keep_on(work, found.id)):
        return redirect(url_for("crisis.after"))
    return _next(ref, HandOnForm(formdata=None), form)


@blueprint.post("/after/asked/<ref>")
def clock_carry(ref: str) -> ResponseReturnValue:
    """She carries it on, or cannot."""
    row, form = handover_by_ref(reading(), ref), CarryForm()
    if row.to_person_id != current_actor().person_id:
        raise NotFoundError
    yes = form.act.data == "yes"
    if done(form, "clock_carry", lambda work: answer_handover(work, row.id, yes=yes)):
        return redirect(url_for("crisis.after"))
    return page("crisis/hand_on.html", form=form, ref=ref, told=True)


def _next(ref: str, form: HandOnForm, refused: CommandForm | None = None) -> str:
    """Whom one may name; above it why what was sent was refused."""
    found = _in_my_hands(ref)
    form.to.choices = _who_could(found)
    mine = found.kept_by_person_id == current_actor().person_id
    forced = is_forced(reading(), found.incident_id, found.kept_by_person_id)
    return page(
        "crisis/hand_on.html",
        form=form,
        refusal=refused or form,
        mine=mine,
        row=found,
        waiting=None if mine and forced else open_handover(reading(), found.id),
    )


def _in_my_hands(ref: str) -> MedicalClock:
    """A clock this person keeps, or one that somebody in charge looks after; else NotFoundError."""
    found, actor = clock_by_ref(reading(), ref), current_actor()
    hers = found.kept_by_person_id == actor.person_id
    if found.ended_at is not None or not (hers or may_call_lapsed(actor)):
        raise NotFoundError
    return found


def _who_could(clock: MedicalClock) -> Choices:
    """Whom one may name; beside each whether she was there."""
    work = reading()
    people = could_carry(work, clock)
    names = kit().name_people(work, people)

    def said(one: int) -> str:
        name: str = names.get(one) or _("Somebody")
        if was_with_her(work, clock.incident_id, one):
            return name
        return str(_("%(name)s, who was not there", name=name))

    return pairs((one, said(one)) for one in people)
