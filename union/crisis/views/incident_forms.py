"""The forms of one incident's page: fresh ones, and the refused one as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from flask_babel import gettext as _

from union.crisis.errors import CustodyError
from union.crisis.forms import (
    AvoidForm,
    ChooseForm,
    CloseForm,
    LapsedForm,
    PageActForm,
    PlainForm,
    WordForm,
    pairs,
)
from union.crisis.forms.policies import CustodyForm
from union.crisis.queries.desk import incident_by_ref, lapsed_near, others_open
from union.crisis.rules.kinds import AskedAs
from union.crisis.views.blueprint import said_of
from union.web.current import current_actor
from union.web.formats import short_day
from union.web.forms import CommandForm

if TYPE_CHECKING:
    from union.crisis.queries.board import Watch
    from union.infra.work import Work
Form = TypeVar("Form", bound=CommandForm)


@dataclass(frozen=True, slots=True)
class IncidentForms:
    """Every form of the page; ``lapsed`` only for who may answer for somebody's old paper."""

    widen: PlainForm
    page_act: PageActForm
    close: CloseForm
    merge: ChooseForm
    avoid: AvoidForm
    word: WordForm
    lapsed: LapsedForm | None


def forms_of(
    work: Work, watch: Watch, spot: str, refused: CommandForm | None, *, lapsed: bool
) -> IncidentForms:
    """The page's forms; ``refused`` stands at its spot and keeps what was typed."""

    def at(name: str, kind: type[Form]) -> Form:
        form = kind(formdata=None)
        if name == spot and isinstance(refused, kind):
            form = refused
        for field in form:
            field.id = f"{name}-{field.name}"
        return form

    return IncidentForms(
        widen=at("widen", PlainForm),
        page_act=PageActForm(formdata=None),
        close=_with_witnesses(at("close", CloseForm), watch),
        merge=_with_others(at("merge", ChooseForm), work, watch),
        avoid=at("avoid", AvoidForm),
        word=at("word", WordForm),
        lapsed=_with_lapsed(at("lapsed", LapsedForm), work, watch) if lapsed else None,
    )


def fresh_custody(work: Work) -> CustodyForm:
    """Today is offered; the hour is hers to say."""
    return CustodyForm(formdata=None, taken_on=work.clock.today())


def taken_at(work: Work, form: CustodyForm) -> datetime:
    """The instant written, on the union's clock; CustodyError where a day or an hour is missing."""
    day, time = form.taken_on.data, form.taken_time.data
    if day is None or time is None:
        raise CustodyError
    return datetime.combine(day, time, work.clock.zone)


def _with_witnesses(form: CloseForm, watch: Watch) -> CloseForm:
    """With her were those who got there; her word may be heard by any of the team, or by me."""
    there = [(one.person_id, one.name) for one in watch.team if one.saw_her]
    form.witness.choices = pairs([*there, *([] if there else [(0, _("nobody is there yet"))])])
    actor = current_actor()
    mine = [] if actor.person_id is None else [(actor.person_id, _("I myself heard it"))]
    team = [(one.person_id, one.name) for one in watch.team if one.is_coming]
    others = [pair for pair in team if pair[0] != actor.person_id]
    form.heard_by.choices = pairs([*mine, *others])
    return form


def _with_others(form: ChooseForm, work: Work, watch: Watch) -> ChooseForm:
    form.other.choices = pairs((one.ref, said_of(one)) for one in others_open(work, watch.id))
    return form


def _with_lapsed(form: LapsedForm, work: Work, watch: Watch) -> LapsedForm:
    found = lapsed_near(work, incident_by_ref(work, watch.ref), AskedAs.RESPONDER)
    live = {one.person_id for one in watch.team if one.is_live}
    form.person.choices = pairs(
        (one.person_id, _("%(name)s, until %(day)s", name=one.name, day=short_day(one.ended_on)))
        for one in found
        if one.person_id not in live
    )
    return form
