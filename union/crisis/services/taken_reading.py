"""The one door to the names of those taken.

Invariant (P3): each reading is written down, where a linked member sees it, before a name is
opened; nothing outside the services of this list decrypts a word of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Taken, TakenEvent, TakenMedicine
from union.crisis.queries.taken import medicines_of, taken_rows
from union.crisis.rules.custody import must_be_produced_by
from union.crisis.rules.taken import (
    Change,
    MedicineEnd,
    Source,
    Standing,
    clock_runs,
    is_held,
    latest_by,
)
from union.crisis.services.taken_medicine import WHAT
from union.crisis.services.taken_story import EVENT, NAME
from union.infra.gone import read_or_gone
from union.infra.readings import Reading, Reason, Why, write_all_down
from union.members.queries import member_views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.work import Work

OPENED = "opened_taken_name"
ON_THE_SPOT = Why(Reason.ON_THE_SPOT)
"""Nobody is asked why while somebody is held: seconds count."""


@dataclass(frozen=True, slots=True)
class Medicine:
    """What she needs by when, and whether she had it."""

    ref: str
    what: str
    due_at: datetime
    ended_at: datetime | None
    ended_how: MedicineEnd | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class TakenPerson:
    """One of them in the clear; ``member`` is "" unless she is known to be one of us."""

    ref: str
    number: int
    name: str
    member: str
    standing: Standing
    standing_at: datetime
    where: str
    source: Source | None
    taken_at: datetime
    assumed: bool
    due_by: datetime
    latest_by: datetime
    journey_minutes: int | None
    produced_at: datetime | None
    runs: bool
    is_late: bool
    medicines: tuple[Medicine, ...]

    @property
    def held(self) -> bool:
        """Whether somebody still holds her."""
        return is_held(self.standing)

    @property
    def needs(self) -> tuple[Medicine, ...]:
        """What nobody has given her yet."""
        return tuple(one for one in self.medicines if one.ended_at is None)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of her history."""

    at: datetime
    happened_at: datetime
    code: Change
    standing: Standing | None
    source: Source | None
    who: int | None
    words: str


def read_taken(work: Work, incident_id: int, *, members: bool = True) -> list[TakenPerson]:
    """Everybody on the list, in order; show them only after this unit of work has committed.

    Without ``members`` nobody is told which of them is one of us: the team need not know.
    """
    return _read(work, taken_rows(work.session, incident_id), members=members)


def read_one(work: Work, taken: Taken) -> tuple[TakenPerson, list[Line]]:
    """One of them with her whole history; show it only after the commit."""
    (person,) = _read(work, [taken], members=True)
    events = work.session.scalars(
        select(TakenEvent).where(TakenEvent.taken_id == taken.id).order_by(TakenEvent.id)
    ).all()
    return person, [
        Line(
            one.at,
            one.happened_at,
            one.code,
            one.standing,
            one.source,
            one.by_person_id,
            _words(work, taken, one),
        )
        for one in events
    ]


def _read(work: Work, rows: Sequence[Taken], *, members: bool) -> list[TakenPerson]:
    write_all_down(
        work, [Reading(OPENED, "taken", row.id, row.person_id, ON_THE_SPOT) for row in rows]
    )
    work.vault.preload([row.key_ref for row in rows])
    hers = medicines_of(work.session, [row.id for row in rows])
    last = _last_words(work, rows)
    ids = {row.person_id for row in rows if row.person_id} if members else set()
    names = member_views(work, ids)
    now = work.clock.now()
    return [
        TakenPerson(
            ref=row.ref,
            number=row.number,
            name=read_or_gone(work, row.key_ref, NAME, row.ref, row.name),
            member=names[row.person_id].label if row.person_id in names else "",
            standing=row.standing,
            standing_at=row.standing_at,
            where=last[row.id][0],
            source=last[row.id][1],
            taken_at=row.taken_at,
            assumed=row.assumed,
            due_by=must_be_produced_by(row.taken_at),
            latest_by=latest_by(row.taken_at, row.journey_minutes),
            journey_minutes=row.journey_minutes,
            produced_at=row.produced_at,
            runs=(runs := clock_runs(row.standing, row.produced_at)),
            is_late=runs and must_be_produced_by(row.taken_at) <= now,
            medicines=tuple(_medicine(work, row, one, now) for one in hers.get(row.id, [])),
        )
        for row in rows
    ]


def _medicine(work: Work, row: Taken, one: TakenMedicine, now: datetime) -> Medicine:
    return Medicine(
        ref=one.ref,
        what=read_or_gone(work, row.key_ref, WHAT, one.ref, one.what),
        due_at=one.due_at,
        ended_at=one.ended_at,
        ended_how=one.ended_how,
        is_late=one.ended_at is None and one.due_at <= now,
    )


def _last_words(work: Work, rows: Sequence[Taken]) -> dict[int, tuple[str, Source | None]]:
    """For each the words and the source of the newest line that says where she is."""
    by_id = {row.id: row for row in rows}
    events = work.session.scalars(
        select(TakenEvent)
        .where(TakenEvent.taken_id.in_(by_id), TakenEvent.standing.is_not(None))
        .order_by(TakenEvent.id)
    ).all()
    newest = {one.taken_id: one for one in events}
    found: dict[int, tuple[str, Source | None]] = {row.id: ("", None) for row in rows}
    for taken_id, one in newest.items():
        found[taken_id] = (_words(work, by_id[taken_id], one), one.source)
    return found


def _words(work: Work, taken: Taken, event: TakenEvent) -> str:
    if event.words is None:
        return ""
    return read_or_gone(work, taken.key_ref, EVENT, event.ref, event.words)
