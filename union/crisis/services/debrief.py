"""Looking back. Invariant: an end nobody was heard about is asked for; a lesson has an owner.

Whoever went, or a coordinator, says how it was and how those are who were there; what is to
change becomes a lesson with somebody who sees to it by a day, and is told until it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.errors import DebriefEmptyError, LessonError, StateError
from union.crisis.models import Incident, IncidentEvent
from union.crisis.models.after import Debrief, DebriefPerson, Lesson
from union.crisis.policy import plans_rota
from union.crisis.queries.debrief import (
    HOW,
    LESSON,
    LESSON_DONE,
    NEXT_TIME,
    WENT_BADLY,
    WENT_WELL,
    went,
)
from union.crisis.queries.rota import in_charge_of_rota
from union.crisis.rules.debrief import TIMES_TOLD, TOLD_AGAIN_AFTER, HowSheIs, LessonTag
from union.crisis.rules.kinds import IncidentState
from union.crisis.services.closing import DEBRIEF
from union.crisis.services.handing_on import look_soon
from union.crisis.services.holes import look_when_you_can
from union.crisis.services.search import INCIDENT
from union.crisis.services.timeline import a_person, lock_incident, say
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.members.models import Member
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work

LESSON_SUBJECT = "lesson"
LESSON_TIMER = "crisis_lesson"
TOLD_AT = time(10, 30)
ASKED_AGAIN = timedelta(days=7)
DUE = "debrief_due"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of an end, and how each is who was there."""

    went_well: str = field(default="", repr=False)
    went_badly: str = field(default="", repr=False)
    next_time: str = field(default="", repr=False)
    people: Mapping[int, HowSheIs] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewLesson:
    """What is to change, what it is about, who sees to it and by which day."""

    words: str = field(repr=False)
    tag: LessonTag
    owner_person_id: int
    due_on: date


def write_debrief(work: Work, incident_id: int, told: Told) -> Debrief:
    """Keep what was said; NotAllowedError from whoever neither went nor coordinates.

    StateError before it has ended or for people who did not go; DebriefEmptyError without a word.
    """
    by = a_person(work)
    incident = _ended(work, incident_id)
    there = went(work, incident.id)
    _may_look_back(work, by, there)
    said = {name: getattr(told, name).strip() for name in ("went_well", "went_badly", "next_time")}
    if not any(said.values()):
        raise DebriefEmptyError(incident_id=incident.id)
    if not set(told.people) <= set(there):
        raise StateError(incident_id=incident.id)
    ref = new_ref()

    def kept(place: str, words: str) -> bytes | None:
        return work.vault.encrypt(incident.key_ref, place, ref, words) if words else None

    debrief = Debrief(
        ref=ref,
        incident_id=incident.id,
        went_well=kept(WENT_WELL, said["went_well"]),
        went_badly=kept(WENT_BADLY, said["went_badly"]),
        next_time=kept(NEXT_TIME, said["next_time"]),
        at=work.clock.now(),
        by_person_id=by,
    )
    work.session.add(debrief)
    work.session.flush()
    for person_id, how in told.people.items():
        blob = work.vault.encrypt(incident.key_ref, HOW, f"{ref}.{person_id}", how)
        work.session.add(DebriefPerson(debrief_id=debrief.id, person_id=person_id, how=blob))
    finish_timers(work, INCIDENT, incident.id, DEBRIEF)
    say(work, incident, "debriefed")
    if HowSheIs.NEEDS_SOMEBODY in told.people.values():
        send_all(work, [look_soon(one) for one in in_charge_of_rota(work) if one != by])
    return debrief


def write_lesson(work: Work, incident_id: int, new: NewLesson) -> Lesson:
    """What is to change; LessonError for a day gone by, no words, or an owner who is not here."""
    by = a_person(work)
    incident = _ended(work, incident_id)
    _may_look_back(work, by, went(work, incident.id))
    here = work.session.scalar(select(Member.status).where(Member.person_id == new.owner_person_id))
    if here != "active" or not new.words.strip() or new.due_on < work.clock.today():
        raise LessonError(incident_id=incident.id)
    ref = new_ref()
    lesson = Lesson(
        ref=ref,
        incident_id=incident.id,
        tag=new.tag,
        words=work.vault.encrypt(incident.key_ref, LESSON, ref, new.words.strip()),
        owner_person_id=new.owner_person_id,
        due_on=new.due_on,
        made_at=work.clock.now(),
        made_by_person_id=by,
    )
    work.session.add(lesson)
    work.session.flush()
    due_at = datetime.combine(new.due_on, TOLD_AT, work.clock.zone)
    _plan(work, lesson, max(due_at, work.clock.now()))
    say(work, incident, "lesson_written")
    return lesson


def finish_lesson(work: Work, lesson_id: int, words: str = "") -> None:
    """It was seen to; its owner or a coordinator says so, once (StateError after that)."""
    by = a_person(work)
    lesson = _lock(work, lesson_id)
    if by != lesson.owner_person_id and not plans_rota(work.actor):
        raise NotAllowedError
    if lesson.done_at is not None:
        raise StateError(incident_id=lesson.incident_id)
    incident = work.session.get_one(Incident, lesson.incident_id)
    lesson.done_at, lesson.done_by_person_id = work.clock.now(), by
    if words.strip():
        lesson.done_words = work.vault.encrypt(
            incident.key_ref, LESSON_DONE, lesson.ref, words.strip()
        )
    finish_timers(work, LESSON_SUBJECT, lesson.id)


def on_debrief(work: Work, timer: Timer) -> None:
    """Two days after the end: whoever went is to be heard; asked thrice, then it is a list's."""
    incident = lock_incident(work, timer.subject_id)
    if not take_timer(work, timer) or _is_heard(work, incident):
        return
    say(work, incident, DUE)
    told = {*went(work, incident.id), *in_charge_of_rota(work)}
    send_all(work, [look_when_you_can(person_id) for person_id in sorted(told)])
    if _times_told(work, incident) < TIMES_TOLD:
        set_timer(
            work,
            kind=DEBRIEF,
            subject_type=INCIDENT,
            subject_id=incident.id,
            due_at=work.clock.now() + TOLD_AGAIN_AFTER,
        )


def on_lesson(work: Work, timer: Timer) -> None:
    """Its day has come: the owner is told, and a week later the coordinators too, till done."""
    lesson = _lock(work, timer.subject_id)
    if not take_timer(work, timer) or lesson.done_at is not None:
        return
    told = {lesson.owner_person_id}
    if work.clock.today() > lesson.due_on:
        told |= set(in_charge_of_rota(work))
    send_all(work, [look_when_you_can(person_id) for person_id in sorted(told)])
    _plan(work, lesson, work.clock.now() + ASKED_AGAIN)


def _plan(work: Work, lesson: Lesson, due_at: datetime) -> None:
    set_timer(
        work,
        kind=LESSON_TIMER,
        subject_type=LESSON_SUBJECT,
        subject_id=lesson.id,
        due_at=due_at,
    )


def _ended(work: Work, incident_id: int) -> Incident:
    incident = lock_incident(work, incident_id)
    if incident.state is not IncidentState.CLOSED:
        raise StateError(incident_id=incident_id)
    return incident


def _may_look_back(work: Work, person_id: int, there: list[int]) -> None:
    if person_id not in there and not plans_rota(work.actor):
        raise NotAllowedError


def _is_heard(work: Work, incident: Incident) -> bool:
    found = select(Debrief.id).where(Debrief.incident_id == incident.id).limit(1)
    return work.session.scalar(found) is not None


def _times_told(work: Work, incident: Incident) -> int:
    work.session.flush()
    told = select(func.count()).where(
        IncidentEvent.incident_id == incident.id, IncidentEvent.code == DUE
    )
    return work.session.scalar(told) or 0


def _lock(work: Work, lesson_id: int) -> Lesson:
    return work.session.get_one(Lesson, lesson_id, with_for_update=True, populate_existing=True)


TIMERS: Mapping[str, TimerHandler] = {DEBRIEF: on_debrief, LESSON_TIMER: on_lesson}
"""Who acts when a debrief or a lesson is due."""
