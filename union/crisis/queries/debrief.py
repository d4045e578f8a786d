"""Reads of looking back: ends nobody was heard about, what was said of one, lessons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from union.crisis.models import Incident, Page
from union.crisis.models.after import Debrief, DebriefPerson, Lesson
from union.crisis.queries.open import place_of
from union.crisis.queries.waiting import Naming, branch_names, member_names
from union.crisis.rules.debrief import HowSheIs
from union.crisis.rules.kinds import IncidentState
from union.infra.gone import read_or_gone
from union.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from union.infra.work import Work

WENT_WELL = "debrief.went_well"
WENT_BADLY = "debrief.went_badly"
NEXT_TIME = "debrief.next_time"
HOW = "debrief_person.how"
LESSON = "lesson.words"
LESSON_DONE = "lesson.done_words"

HEARD_WITHIN = timedelta(days=30)
"""So long an end that nobody was heard about stays on the list of those who went."""


@dataclass(frozen=True, slots=True)
class Ended:
    """An end that was, or is to be, looked back on."""

    id: int
    ref: str
    place: str
    branch: str
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person said, in the clear, for those who may read it."""

    at: datetime
    by: str
    went_well: str
    went_badly: str
    next_time: str
    people: tuple[tuple[str, HowSheIs], ...]


@dataclass(frozen=True, slots=True)
class LessonLine:
    """One lesson with whoever sees to it."""

    row: Lesson
    words: str
    done_words: str
    owner: str
    incident_ref: str


def to_be_heard(work: Work, person_id: int | None = None) -> list[Ended]:
    """Ends nobody has been heard about, the eldest first: all, or where this person went."""
    statement = (
        select(Incident)
        .where(
            Incident.state == IncidentState.CLOSED,
            Incident.closed_at > work.clock.now() - HEARD_WITHIN,
            ~exists().where(Debrief.incident_id == Incident.id),
        )
        .order_by(Incident.closed_at)
    )
    if person_id is not None:
        statement = statement.where(
            exists().where(
                Page.incident_id == Incident.id,
                Page.person_id == person_id,
                Page.briefed_at.is_not(None),
                Page.duress_at.is_(None),
            )
        )
    branches = branch_names(work)
    rows = work.session.scalars(statement).all()
    work.vault.preload({row.key_ref for row in rows})
    return [_ended(work, row, branches) for row in rows]


def ended(work: Work, incident: Incident) -> Ended:
    """One end as the list shows it."""
    return _ended(work, incident, branch_names(work))


def _ended(work: Work, incident: Incident, branches: Mapping[int, str]) -> Ended:
    return Ended(
        id=incident.id,
        ref=incident.ref,
        place=place_of(work, incident) or "",
        branch=branches.get(incident.branch_id or 0, ""),
        closed_at=incident.closed_at or incident.opened_at,
    )


def went(work: Work, incident_id: int) -> list[int]:
    """Whoever said yes and knew where, in the order of asking; a forced one is not among them."""
    rows = work.session.scalars(
        select(Page.person_id)
        .where(
            Page.incident_id == incident_id,
            Page.briefed_at.is_not(None),
            Page.duress_at.is_(None),
        )
        .order_by(Page.id)
    )
    return list(dict.fromkeys(rows))


def debriefs_of(work: Work, incident: Incident, name: Naming = member_names) -> list[Heard]:
    """Everything that was said of one end, the first first."""
    rows = work.session.scalars(
        select(Debrief).where(Debrief.incident_id == incident.id).order_by(Debrief.id)
    ).all()
    people = _people(work, [row.id for row in rows])
    names = name(
        work, {row.by_person_id for row in rows} | {p for ps in people.values() for p, _ in ps}
    )

    def said(row: Debrief, field: str, blob: bytes | None) -> str:
        if blob is None:
            return ""
        return read_or_gone(work, incident.key_ref, field, row.ref, blob)

    there = work.vault.opens(incident.key_ref)
    return [
        Heard(
            at=row.at,
            by=names.get(row.by_person_id, ""),
            went_well=said(row, WENT_WELL, row.went_well),
            went_badly=said(row, WENT_BADLY, row.went_badly),
            next_time=said(row, NEXT_TIME, row.next_time),
            people=tuple(
                (
                    names.get(person, ""),
                    HowSheIs(
                        work.vault.decrypt(incident.key_ref, HOW, f"{row.ref}.{person}", blob)
                    ),
                )
                for person, blob in people[row.id]
                if there
            ),
        )
        for row in rows
    ]


def _people(work: Work, ids: Sequence[int]) -> Mapping[int, list[tuple[int, bytes]]]:
    found: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for row in work.session.scalars(
        select(DebriefPerson)
        .where(DebriefPerson.debrief_id.in_(ids))
        .order_by(DebriefPerson.person_id)
    ):
        found[row.debrief_id].append((row.person_id, row.how))
    return found


def lessons(
    work: Work, owner_id: int | None = None, name: Naming = member_names
) -> list[LessonLine]:
    """Open lessons by their day, then those done, the latest first: all, or one owner's."""
    statement = select(Lesson, Incident).join(Incident, Incident.id == Lesson.incident_id)
    if owner_id is not None:
        statement = statement.where(Lesson.owner_person_id == owner_id, Lesson.done_at.is_(None))
    rows = work.session.execute(statement.order_by(Lesson.due_on, Lesson.id)).all()
    work.vault.preload({incident.key_ref for _, incident in rows})
    names = name(work, {lesson.owner_person_id for lesson, _ in rows})

    def said(incident: Incident, field: str, ref: str, blob: bytes | None) -> str:
        if blob is None:
            return ""
        return read_or_gone(work, incident.key_ref, field, ref, blob)

    lines = [
        LessonLine(
            row=lesson,
            words=said(incident, LESSON, lesson.ref, lesson.words),
            done_words=said(incident, LESSON_DONE, lesson.ref, lesson.done_words),
            owner=names.get(lesson.owner_person_id, ""),
            incident_ref=incident.ref,
        )
        for lesson, incident in rows
    ]
    still = [one for one in lines if one.row.done_at is None]
    return still + [one for one in reversed(lines) if one.row.done_at is not None]


def lesson_by_ref(work: Work, ref: str) -> Lesson:
    """A lesson by its reference; NotFoundError if there is none."""
    lesson = work.session.scalar(select(Lesson).where(Lesson.ref == ref))
    if lesson is None:
        raise NotFoundError
    return lesson
