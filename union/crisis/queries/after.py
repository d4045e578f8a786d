"""Reads of what follows an end: who was with her, whose clocks of medicine run, who rests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select

from union.crisis.models import Incident, Page, TeamProfile
from union.crisis.models.after import MedicalClock, MedicalHandover
from union.crisis.queries.waiting import Naming, member_names
from union.crisis.rules.kinds import AskedAs
from union.crisis.rules.medical import NEARLY_OVER, Care, Guideline, guideline_on
from union.infra.people import one_person
from union.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from union.infra.work import Work

WHAT = "medical_clock.what"
WHOM = "medical_clock.whom"


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock as its keeper sees it: what for, until when, and who is to carry it on.

    ``asks``: that one is asked now. Nothing of it is told to a keeper under force.
    """

    ref: str
    guideline: Guideline
    whom: str | None
    since_at: datetime
    next_person_id: int | None
    asks: bool

    @property
    def best_until(self) -> datetime:
        """Until when it helps best."""
        return self.since_at + timedelta(hours=self.guideline.best_hours)

    @property
    def until(self) -> datetime:
        """Until when it is of use."""
        return self.since_at + timedelta(hours=self.guideline.hours)


@dataclass(frozen=True, slots=True)
class OthersClock:
    """A clock of somebody else, for those in charge: whose, and whether it is nearly over.

    With ``asked_at`` it has to change hands since then, and nobody has said yes.

    What it is for is between the keeper and her who was hurt.
    """

    ref: str
    keeper: str
    since_at: datetime
    nearly_over: bool
    asked_person_id: int | None
    asked_at: datetime | None


def with_her(incident_id: int, person_id: int) -> ColumnElement[bool]:
    """Whether somebody was with the caller, unforced; as the database asks it too.

    After a join the pages are where the incident was joined to.
    """
    return exists().where(
        Page.incident_id == func.incident_root(incident_id),
        one_person(Page.person_id) == one_person(person_id),
        Page.duress_at.is_(None),
        or_(
            Page.arrived_at.is_not(None),
            (Page.asked_as == AskedAs.COUNSELLOR) & Page.briefed_at.is_not(None),
        ),
    )


def was_with_her(work: Work, incident_id: int, person_id: int) -> bool:
    """Whether somebody was with the caller of this incident."""
    return bool(work.session.scalar(select(with_her(incident_id, person_id))))


def is_forced(work: Work, incident_id: int, person_id: int) -> bool:
    """Whether somebody answered under force for this incident, or the one it was joined to."""
    forced = exists().where(
        Page.incident_id == func.incident_root(incident_id),
        one_person(Page.person_id) == one_person(person_id),
        Page.duress_at.is_not(None),
    )
    return bool(work.session.scalar(select(forced)))


def open_handovers(work: Work) -> dict[int, MedicalHandover]:
    """Every handing on that is named or asked and not answered, by its clock."""
    rows = work.session.scalars(
        select(MedicalHandover).where(MedicalHandover.answered_at.is_(None))
    )
    return {row.clock_id: row for row in rows}


def care_of(work: Work, clock: MedicalClock, incident: Incident) -> Guideline:
    """What a running clock is for, as it stood on the day it began; NotFoundError once stopped."""
    if clock.what is None:
        raise NotFoundError
    care = Care(work.vault.decrypt(incident.key_ref, WHAT, clock.ref, clock.what))
    return guideline_on(care, clock.since_at.astimezone(work.clock.zone).date())


def my_clocks(work: Work, person_id: int) -> list[RunningClock]:
    """The clocks somebody keeps, the soonest over first."""
    named = open_handovers(work)
    found = [
        _as_kept(work, clock, incident, named.get(clock.id))
        for clock, incident in _running(work, MedicalClock.kept_by_person_id == person_id)
    ]
    return sorted(found, key=lambda one: one.until)


def _as_kept(
    work: Work, clock: MedicalClock, incident: Incident, named: MedicalHandover | None
) -> RunningClock:
    if named is not None and is_forced(work, incident.id, clock.kept_by_person_id):
        named = None
    return RunningClock(
        ref=clock.ref,
        guideline=care_of(work, clock, incident),
        whom=None
        if clock.whom is None
        else work.vault.decrypt(incident.key_ref, WHOM, clock.ref, clock.whom),
        since_at=clock.since_at,
        next_person_id=named.to_person_id if named else None,
        asks=named is not None and named.asked_at is not None,
    )


def others_clocks(work: Work, person_id: int, name: Naming = member_names) -> list[OthersClock]:
    """Everybody else's running clocks, for those in charge."""
    rows = _running(work, MedicalClock.kept_by_person_id != person_id)
    names = name(work, {clock.kept_by_person_id for clock, _ in rows})
    now, named = work.clock.now(), open_handovers(work)
    asked = {clock_id: one for clock_id, one in named.items() if one.asked_at is not None}
    return [
        OthersClock(
            ref=clock.ref,
            keeper=names.get(clock.kept_by_person_id, ""),
            since_at=clock.since_at,
            nearly_over=ends_at(work, clock, incident) - now <= NEARLY_OVER,
            asked_person_id=asked[clock.id].to_person_id if clock.id in asked else None,
            asked_at=asked[clock.id].asked_at if clock.id in asked else None,
        )
        for clock, incident in rows
    ]


def ends_at(work: Work, clock: MedicalClock, incident: Incident) -> datetime:
    """When a running clock is over."""
    return clock.since_at + timedelta(hours=care_of(work, clock, incident).hours)


def clock_by_ref(work: Work, ref: str) -> MedicalClock:
    """A clock by its reference; NotFoundError if there is none."""
    clock = work.session.scalar(select(MedicalClock).where(MedicalClock.ref == ref))
    if clock is None:
        raise NotFoundError
    return clock


def _running(work: Work, whose: ColumnElement[bool]) -> list[tuple[MedicalClock, Incident]]:
    """Without those of whom nothing can be read any more: what they ran for is long over."""
    rows = work.session.execute(
        select(MedicalClock, Incident)
        .join(Incident, Incident.id == MedicalClock.incident_id)
        .where(MedicalClock.ended_at.is_(None), whose)
        .order_by(MedicalClock.id)
    ).all()
    work.vault.preload({incident.key_ref for _, incident in rows})
    return [(clock, one) for clock, one in rows if work.vault.opens(one.key_ref)]


def resting(work: Work, people: Collection[int] | None = None) -> dict[int, datetime]:
    """Who rests now and until when: all, or those of ``people``."""
    statement = select(TeamProfile.person_id, TeamProfile.resting_until).where(
        TeamProfile.resting_until > work.clock.now()
    )
    if people is not None:
        statement = statement.where(TeamProfile.person_id.in_(people))
    rows = work.session.execute(statement.order_by(TeamProfile.resting_until))
    return {row.person_id: row.resting_until for row in rows if row.resting_until is not None}
