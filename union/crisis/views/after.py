"""After the end: what somebody keeps in mind, looking back, lessons, rest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from union.crisis.forms import pairs
from union.crisis.forms.after import (
    ClockEndForm,
    ClockForm,
    DebriefForm,
    LessonDoneForm,
    LessonForm,
    LiftForm,
)
from union.crisis.policy import is_hers, may_call_lapsed, plans_rota
from union.crisis.queries.after import clock_by_ref, my_clocks, others_clocks, resting
from union.crisis.queries.debrief import (
    debriefs_of,
    ended,
    lesson_by_ref,
    lessons,
    to_be_heard,
    went,
)
from union.crisis.queries.desk import incident_by_ref, page_by_ref
from union.crisis.queries.handing_on import asked_of
from union.crisis.queries.rota import in_charge_of_rota
from union.crisis.rules.debrief import HowSheIs, LessonTag
from union.crisis.rules.kinds import COMING, IncidentState
from union.crisis.rules.medical import Care, CareEnd, guideline_on
from union.crisis.services import debrief as services
from union.crisis.services.medical import NewClock, begin_clock, end_clock
from union.crisis.services.rest import lift_rest
from union.crisis.views.blueprint import blueprint, done
from union.kernel.errors import NotFoundError
from union.web.current import current_actor, current_scope, kit, reading
from union.web.render import page
from union.web.words import after as words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.crisis.models import Incident, Page
    from union.infra.work import Work
    from union.web.forms import CommandForm

HOW = "how_"
WEEK = timedelta(days=7)


@blueprint.app_context_processor
def _after_words() -> dict[str, object]:
    return {"after_words": words}


@blueprint.get("/after")
def after() -> ResponseReturnValue:
    """What I keep in mind, whom to hear, what I see to, who rests."""
    return _after()


@blueprint.route("/after/<ref>/clock", methods=["GET", "POST"])
def clock(ref: str) -> ResponseReturnValue:
    """Something with a time limit is kept in mind for her; ``ref`` is one's own page."""
    mine = page_by_ref(reading(), ref)
    if not is_hers(current_actor(), mine) or not _knows_where(mine):
        raise NotFoundError
    local = kit().unit.clock.now().astimezone(kit().unit.clock.zone)
    form = ClockForm(happened=local.replace(tzinfo=None, second=0, microsecond=0))

    def do(work: Work) -> None:
        begin_clock(
            work,
            mine.id,
            NewClock(
                care=Care(form.care.data),
                since_at=form.happened.given.replace(tzinfo=work.clock.zone),
                she_wants=bool(form.she_wants.data),
                whom=form.whom.data,
            ),
        )

    if done(form, "begin_clock", do):
        return redirect(url_for("crisis.after"))
    known = [guideline_on(care, local.date()) for care in Care]
    return page("crisis/clock.html", form=form, guidelines=known, ref=ref)


@blueprint.post("/after/clocks/<ref>")
def clock_end(ref: str) -> ResponseReturnValue:
    """She had it, or does not want it."""
    found, actor, form = clock_by_ref(reading(), ref), current_actor(), ClockEndForm()
    if found.kept_by_person_id != actor.person_id and not may_call_lapsed(actor):
        raise NotFoundError
    if done(form, "end_clock", lambda work: end_clock(work, found.id, CareEnd(str(form.how.data)))):
        return redirect(url_for("crisis.after"))
    return _after(form)


@blueprint.route("/after/<ref>/debrief", methods=["GET", "POST"])
def debrief(ref: str) -> ResponseReturnValue:
    """How it was; by whoever went, or a coordinator."""
    incident, form = _looked_back_on(ref), DebriefForm()
    there = went(reading(), incident.id)

    def do(work: Work) -> None:
        how = {one: request.form.get(f"{HOW}{one}", HowSheIs.NOT_ASKED) for one in there}
        told = services.Told(
            went_well=form.went_well.data or "",
            went_badly=form.went_badly.data or "",
            next_time=form.next_time.data or "",
            people={one: HowSheIs(said) for one, said in how.items() if said in set(HowSheIs)},
        )
        services.write_debrief(work, incident.id, told)

    if done(form, "write_debrief", do):
        return redirect(url_for("crisis.debrief", ref=ref))
    return _debrief(ref, form)


@blueprint.post("/after/<ref>/lesson")
def lesson(ref: str) -> ResponseReturnValue:
    """What is to change."""
    incident = _looked_back_on(ref)
    form = _lesson_form(incident)

    def do(work: Work) -> None:
        services.write_lesson(
            work,
            incident.id,
            services.NewLesson(
                words=str(form.words.data),
                tag=LessonTag(form.tag.data),
                owner_person_id=form.owner.data,
                due_on=form.due_on.given,
            ),
        )

    if done(form, "write_lesson", do):
        return redirect(url_for("crisis.debrief", ref=ref, _anchor="lessons"))
    return _debrief(ref, DebriefForm(formdata=None), form)


@blueprint.get("/lessons")
def all_lessons() -> ResponseReturnValue:
    """Every lesson, those first that wait."""
    return _lessons()


@blueprint.post("/lessons/<ref>")
def lesson_done(ref: str) -> ResponseReturnValue:
    """It was seen to."""
    found, actor, form = lesson_by_ref(reading(), ref), current_actor(), LessonDoneForm()
    if found.owner_person_id != actor.person_id and not plans_rota(actor):
        raise NotFoundError

    def do(work: Work) -> None:
        services.finish_lesson(work, found.id, form.words.data or "")

    if done(form, "finish_lesson", do):
        return redirect(url_for("crisis.all_lessons" if plans_rota(actor) else "crisis.after"))
    return _lessons(form, ref) if plans_rota(actor) else _after(form)


@blueprint.post("/after/rest")
def rest_lift() -> ResponseReturnValue:
    """She needs no rest, or is needed."""
    form, actor = LiftForm(), current_actor()
    whose = int(form.person.data or 0) if form.person.validate(form) else 0
    person_id = whose or actor.person_id or 0
    if person_id != actor.person_id and not plans_rota(actor):
        raise NotFoundError
    if done(form, "lift_rest", lambda work: lift_rest(work, person_id)):
        return redirect(url_for("crisis.after"))
    return _after(form)


def _after(refused: CommandForm | None = None) -> str:
    work, actor = reading(), current_actor()
    me, plans = actor.person_id or 0, current_scope("crisis.debrief").whole
    rests = resting(work, None if plans else [me])
    clocks, asked = my_clocks(work, me), asked_of(work, me)
    others = (
        others_clocks(work, me, kit().name_people)
        if current_scope("crisis.clock_end").whole
        else []
    )
    people = {one.next_person_id for one in clocks} | {one.asked_person_id for one in others}
    people |= {one.from_person_id for one in asked}
    return page(
        "crisis/after.html",
        clocks=clocks,
        asked=asked,
        others=others,
        heard=to_be_heard(work, None if plans else me),
        lessons=lessons(work, me, kit().name_people),
        rest=rests.get(me),
        resting={one: until for one, until in rests.items() if one != me},
        names=kit().name_people(work, {one for one in people if one} | set(rests)),
        plans=plans,
        now=work.clock.now(),
        form=LessonDoneForm(formdata=None),
        refused=refused,
    )


def _debrief(ref: str, form: DebriefForm, lesson_form: LessonForm | None = None) -> str:
    work, incident = reading(), _looked_back_on(ref)
    there = went(work, incident.id)
    return page(
        "crisis/debrief.html",
        one=ended(work, incident),
        form=form,
        heard=debriefs_of(work, incident, kit().name_people),
        there=there,
        names=kit().name_people(work, set(there)),
        chosen={person: request.form.get(f"{HOW}{person}", "x") for person in there},
        lesson_form=lesson_form or _lesson_form(incident, fresh=True),
        refused=lesson_form is not None,
        now=work.clock.now(),
    )


def _lessons(refused: CommandForm | None = None, refused_at: str = "") -> str:
    return page(
        "crisis/lessons.html",
        lessons=lessons(reading(), None, kit().name_people),
        form=LessonDoneForm(formdata=None),
        today=kit().unit.clock.today(),
        refused=refused,
        refused_at=refused_at,
    )


def _lesson_form(incident: Incident, *, fresh: bool = False) -> LessonForm:
    """The owner is one who went, a coordinator, or oneself."""
    work, me = reading(), current_actor().person_id or 0
    people = list(dict.fromkeys([me, *went(work, incident.id), *in_charge_of_rota(work)]))
    names = kit().name_people(work, set(people))
    due_on = kit().unit.clock.today() + WEEK
    form = LessonForm(formdata=None, due_on=due_on) if fresh else LessonForm(due_on=due_on)
    form.owner.choices = pairs((one, names[one]) for one in people if one in names)
    return form


def _knows_where(mine: Page) -> bool:
    """Whether she goes or went, or to whoever forces her it looks so."""
    return mine.shown in COMING or mine.briefed_at is not None


def _looked_back_on(ref: str) -> Incident:
    """An end that this person may look back on; NotFoundError for anybody else."""
    work, actor = reading(), current_actor()
    incident = incident_by_ref(work, ref)
    hers = actor.person_id in went(work, incident.id)
    if incident.state is not IncidentState.CLOSED or not (hers or plans_rota(actor)):
        raise NotFoundError
    return incident
