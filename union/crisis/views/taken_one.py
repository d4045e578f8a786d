"""One taken person: her history, her name and card, her hour, what she needs; for the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.crisis.forms import pairs
from union.crisis.forms.taken import (
    CardForm,
    HourForm,
    JourneyForm,
    MarkForm,
    MedicineForm,
    NameForm,
    OpenMarkForm,
    RightForm,
    SaidForm,
)
from union.crisis.models import Taken
from union.crisis.queries.desk import incident_by_ref
from union.crisis.queries.taken import medicine_by_ref, taken_by_ref
from union.crisis.rules.taken import Source
from union.crisis.rules.taken_lines import lately, when
from union.crisis.services.taken import link, rename, say_hour, say_journey, unlink
from union.crisis.services.taken_mark import mark_minor, open_mark
from union.crisis.services.taken_medicine import Needed, correct_medicine, need_medicine
from union.crisis.services.taken_reading import read_one
from union.crisis.views.blueprint import blueprint, done
from union.kernel.errors import NotFoundError, UnionError
from union.web.current import acting, kit, reading
from union.web.formats import instant
from union.web.forms import CommandForm
from union.web.render import page
from union.web.words import taken as words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

FORMS: dict[str, type[CommandForm]] = {
    "name": NameForm,
    "card": CardForm,
    "uncard": SaidForm,
    "hour": HourForm,
    "journey": JourneyForm,
    "medicine": MedicineForm,
    "right": RightForm,
    "mark": MarkForm,
    "open": OpenMarkForm,
}


@blueprint.get("/incidents/<ref>/list/<taken_ref>")
def taken_one(ref: str, taken_ref: str) -> ResponseReturnValue:
    """All that is written of her."""
    return _page(ref, taken_ref)


@blueprint.post("/incidents/<ref>/list/<taken_ref>/<act>")
def taken_act(ref: str, taken_ref: str, act: str) -> ResponseReturnValue:
    """One thing more is known of her."""
    if act not in ACTS:
        raise NotFoundError
    form = FORMS[act]()
    incident = incident_by_ref(reading(), ref)
    taken_id = taken_by_ref(reading().session, incident.id, taken_ref).id
    if done(form, f"taken_{act}", lambda work: ACTS[act](work, taken_id, form)):
        return redirect(url_for("crisis.taken_one", ref=ref, taken_ref=taken_ref))
    return _page(ref, taken_ref, act, form)


@blueprint.post("/incidents/<ref>/list/<taken_ref>/open")
def taken_open(ref: str, taken_ref: str) -> ResponseReturnValue:
    """Open the sealed word about her age: only with the key and the password of one who may."""
    form = OpenMarkForm()
    incident = incident_by_ref(reading(), ref)
    taken_id = taken_by_ref(reading().session, incident.id, taken_ref).id
    if not form.validate_on_submit():
        return _page(ref, taken_ref, "open", form)
    try:
        with acting() as work:
            said = open_mark(work, taken_id, str(form.password.data), form.why)
    except UnionError as error:
        form.say(error)
        return _page(ref, taken_ref, "open", form)
    return _page(ref, taken_ref, opened=said or "unsaid")


def _hour(work: Work, taken_id: int, form: HourForm) -> None:
    at = lately(form.at.given, work.clock.now(), work.clock.zone)
    say_hour(work, taken_id, at, Source(form.source.data))


def _medicine(work: Work, taken_id: int, form: MedicineForm) -> None:
    due_at = when(form.at.given, work.clock.now(), work.clock.zone)
    need_medicine(work, taken_id, str(form.what.data), due_at, Source(form.source.data))


def _right(work: Work, taken_id: int, form: RightForm) -> None:
    taken = work.session.get_one(Taken, taken_id)
    wrong = medicine_by_ref(work.session, taken.incident_id, str(form.medicine.data))
    if wrong.taken_id != taken.id:
        raise NotFoundError
    due_at = when(form.at.given, work.clock.now(), work.clock.zone)
    now = Needed(str(form.what.data), due_at)
    correct_medicine(work, wrong.id, now, Source(form.source.data))


ACTS: dict[str, Callable[[Work, int, CommandForm], object]] = {
    "name": lambda work, one, form: rename(work, one, str(form.name.data), _source(form)),
    "card": lambda work, one, form: link(work, one, str(form.card.data), _source(form)),
    "uncard": lambda work, one, form: unlink(work, one, _source(form)),
    "hour": _hour,
    "journey": lambda work, one, form: say_journey(work, one, form.minutes.data, _source(form)),
    "medicine": _medicine,
    "right": _right,
    "mark": lambda work, one, form: mark_minor(work, one, str(form.said.data), _source(form)),
}


def _source(form: CommandForm) -> Source:
    return Source(form.data["source"])


def _page(
    ref: str,
    taken_ref: str,
    spot: str = "",
    refused: CommandForm | None = None,
    opened: str = "",
) -> str:
    with acting() as work:
        incident = incident_by_ref(work, ref)
        person, story = read_one(work, taken_by_ref(work.session, incident.id, taken_ref))
        names = kit().name_people(work, {one.who for one in story if one.who})
    forms = {
        name: refused if name == spot and refused is not None else kind(formdata=None)
        for name, kind in FORMS.items()
    }
    forms["right"].medicine.choices = pairs(
        (one.ref, f"{one.what}, {instant(one.due_at)}") for one in person.needs
    )
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return page(
        "crisis/taken_one.html",
        row=incident,
        one=person,
        story=story,
        names=names,
        forms=forms,
        spot=spot,
        opened=opened,
        taken_words=words,
    )
