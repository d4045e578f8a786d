"""Who carries a clock of medicine, until when, and who could carry it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from union.crisis.models import Certificate, Page
from union.crisis.models.after import MedicalClock, MedicalHandover
from union.crisis.models.rota import RotaAway
from union.crisis.queries.after import is_forced, was_with_her
from union.crisis.queries.rota import serving_at, shifts_between
from union.crisis.rules.kinds import TeamRole
from union.crisis.rules.medical import GUIDELINES, HandedOn
from union.identity.queries import people_with_role
from union.kernel.actor import Role
from union.kernel.errors import NotFoundError
from union.members.models import Member

if TYPE_CHECKING:
    from union.infra.work import Work

LONGEST = timedelta(hours=max(one.hours for one in GUIDELINES))
"""No clock runs longer, so nobody's hours need be looked at further ahead."""


@dataclass(frozen=True, slots=True)
class AskedOfMe:
    """Somebody is asked to carry a clock on; what it is for she learns with her yes."""

    ref: str
    from_person_id: int
    asked_at: datetime


def open_handover(work: Work, clock_id: int) -> MedicalHandover | None:
    """The handing on that is named or asked and not answered; there is at most one."""
    work.session.flush()
    return work.session.scalar(
        select(MedicalHandover).where(
            MedicalHandover.clock_id == clock_id, MedicalHandover.answered_at.is_(None)
        )
    )


def handover_by_ref(work: Work, ref: str) -> MedicalHandover:
    """One by its reference; NotFoundError if there is none."""
    row = work.session.scalar(select(MedicalHandover).where(MedicalHandover.ref == ref))
    if row is None:
        raise NotFoundError
    return row


def asked_of(work: Work, person_id: int) -> list[AskedOfMe]:
    """What somebody is asked to carry on, the eldest first."""
    rows = work.session.scalars(
        select(MedicalHandover)
        .where(
            MedicalHandover.to_person_id == person_id,
            MedicalHandover.answered_at.is_(None),
            MedicalHandover.asked_at.is_not(None),
        )
        .order_by(MedicalHandover.asked_at, MedicalHandover.id)
    )
    return [AskedOfMe(one.ref, one.from_person_id, one.asked_at) for one in rows if one.asked_at]


def carries_until(work: Work, clock: MedicalClock) -> datetime | None:
    """When its keeper's hours end, or her absence begins; None where nothing is written.

    Her hours are those she was down for when she took it, and all that overlap or follow them
    without a gap; whoever was down for none, or said after them that she goes on with it herself,
    carries it to its end.
    """
    now, keeper = work.clock.now(), clock.kept_by_person_id
    since = max(clock.made_at, _kept_on_at(work, clock.id) or clock.made_at)
    down_until = since
    for one in shifts_between(work, since, since + LONGEST, [keeper]):
        if one.hours.starts_at > down_until:
            break
        down_until = max(down_until, one.hours.ends_at)
    away = work.session.scalar(
        select(func.min(RotaAway.from_at)).where(
            RotaAway.person_id == keeper, RotaAway.ended_at.is_(None), RotaAway.from_at > now
        )
    )
    ends = (down_until if down_until > since else None, away)
    return min((one for one in ends if one is not None), default=None)


def can_carry(work: Work, clock: MedicalClock) -> bool:
    """Whether its keeper is with us, not away, and not under force.

    Away is not whoever said since, from there, that she carries it.
    """
    keeper = clock.kept_by_person_id
    if not _is_active(work, keeper) or is_forced(work, clock.incident_id, keeper):
        return False
    now, said_at = work.clock.now(), _kept_on_at(work, clock.id)
    gone = exists().where(
        RotaAway.person_id == keeper,
        RotaAway.ended_at.is_(None),
        RotaAway.from_at <= now,
        RotaAway.until_at > now,
    )
    if said_at is not None:
        gone = gone.where(func.greatest(RotaAway.made_at, RotaAway.from_at) > said_at)
    return not work.session.scalar(select(gone))


def is_here(work: Work, person_id: int) -> bool:
    """Whether somebody is one of us and not away now."""
    away = serving_at(work, work.clock.now()).away
    return person_id not in away and _is_active(work, person_id)


def could_carry(work: Work, clock: MedicalClock) -> list[int]:
    """Whom one may name: who was with her, counsellors with a paper in force, coordinators.

    Nobody who is away, under force, or carries it already.
    """
    today = work.clock.today()
    asked = work.session.scalars(
        select(Page.person_id)
        .where(Page.incident_id == func.incident_root(clock.incident_id))
        .order_by(Page.id)
    )
    there = [one for one in asked.all() if was_with_her(work, clock.incident_id, one)]
    counsellors = work.session.scalars(
        select(Certificate.person_id)
        .where(
            Certificate.role == TeamRole.COUNSELLOR,
            Certificate.revoked_at.is_(None),
            Certificate.starts_on <= today,
            Certificate.ends_on >= today,
        )
        .order_by(Certificate.person_id)
    )
    people = dict.fromkeys([*there, *counsellors, *people_with_role(work, Role.COORDINATOR)])
    return [
        one
        for one in people
        if one != clock.kept_by_person_id
        and is_here(work, one)
        and not is_forced(work, clock.incident_id, one)
    ]


def _is_active(work: Work, person_id: int) -> bool:
    active = exists().where(Member.person_id == person_id, Member.status == "active")
    return bool(work.session.scalar(select(active)))


def _kept_on_at(work: Work, clock_id: int) -> datetime | None:
    """When somebody last said that she carries it."""
    return work.session.scalar(
        select(func.max(MedicalHandover.answered_at)).where(
            MedicalHandover.clock_id == clock_id,
            MedicalHandover.answer.in_((HandedOn.YES, HandedOn.OVER)),
        )
    )
