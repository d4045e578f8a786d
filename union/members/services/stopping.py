"""A changed number is told to the number before it, and whoever holds that one can stop it (P6).

Invariant: only a change that was told of is stopped, only from the number it was told to, and only
for as long as was said; what is stopped is written down, and what is ended by it. Her numbers are
ended, never overwritten; those of the dead and the gone stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from union.infra import audit
from union.infra.audit import AuditEntry
from union.infra.outbox import record_fact
from union.infra.work import Work
from union.kernel.phone import PhoneReading
from union.members.models import ContactPoint, Member
from union.members.queries.among import among
from union.members.queries.pages import STOPPED
from union.members.queries.reach import NUMBER
from union.members.services.reach import add_phone, end_phone, open_points, refresh_shared

STOPPABLE = timedelta(days=3)
"""So long whoever was told may stop it: the text says the same."""

TOLD, BROUGHT = "phone_change_told", "phone_change_brought"
"""``TOLD`` names the number that was told; ``BROUGHT``, right after it, the one that came."""
GIVEN_UP = "phone_giving_up_told"
_TOLD_OF = (TOLD, GIVEN_UP)
POINT = "contact_point"


@dataclass(slots=True)
class _Told:
    """What one number was told of: that others came while it was the first, that it goes."""

    was_first: bool = False
    given_up: bool = False
    brought: set[int] = field(default_factory=set)


def change_phone(work: Work, person_id: int, phone: PhoneReading, *, first: bool) -> None:
    """As ``add_phone``; the number that was first is told of it."""
    before = open_points(work, person_id)
    added = add_phone(work, person_id, phone, first=first)
    if before and added.id not in {point.id for point in before}:
        _have_told(work, before[0], added)


def give_up_phone(work: Work, person_id: int, point_id: int) -> None:
    """As ``end_phone``; the number that is given up is told of it."""
    before = {point.id: point for point in open_points(work, person_id)}
    end_phone(work, person_id, point_id)
    if point_id in before:
        _have_told(work, before[point_id])


def _have_told(work: Work, point: ContactPoint, added: ContactPoint | None = None) -> None:
    """The dead and the gone are told nothing."""
    if not _is_active(work, point):
        return
    record_fact(work, "phone_changed", point_id=point.id)
    if added is None:
        _log(work, GIVEN_UP, point)
    else:
        _log(work, TOLD, point)
        _log(work, BROUGHT, added)


def _is_active(work: Work, point: ContactPoint) -> bool:
    return work.session.get_one(Member, point.person_id).status == "active"


def number_of(work: Work, point: ContactPoint) -> str:
    """One number of hers, in E.164."""
    member = work.session.get_one(Member, point.person_id)
    return work.vault.decrypt(member.key_ref, NUMBER, point.ref, point.number)


def stop_phone_changes(work: Work, e164: str) -> bool:
    """Undo what this number was told of lately: it is again what it was, what came is ended.

    False where it was told of nothing that can still be stopped.
    """
    since = work.clock.now() - STOPPABLE
    told = _told_lately(work, since)
    if not told:
        return False
    points = work.session.scalars(
        select(ContactPoint)
        .where(
            among(ContactPoint.id, told),
            ContactPoint.number_index == work.vault.blind_index("phone", e164),
        )
        .order_by(ContactPoint.id)
        .with_for_update()
    ).all()
    stopped = [_stop(work, point, since) for point in points if number_of(work, point) == e164]
    return any(stopped)


def _told_lately(work: Work, since: datetime) -> list[int]:
    """The numbers, whoever's, that were told of anything since then.

    What is audited stands in the order of its ids: only the days meant are read, by the key.
    """
    before = select(AuditEntry.id).where(AuditEntry.at <= since).order_by(AuditEntry.id.desc())
    last = work.session.scalar(before.limit(1)) or 0
    told = select(AuditEntry.object_id).where(
        AuditEntry.id > last,
        AuditEntry.at > since,
        AuditEntry.action.in_(_TOLD_OF),
        AuditEntry.object_type == POINT,
    )
    return list(work.session.scalars(told.distinct()))


def _stop(work: Work, point: ContactPoint, since: datetime) -> bool:
    """As it was: first where it was first, else where it stood before it was given up."""
    told = _told(work, point, since)
    if not (told.was_first or told.given_up) or not _is_active(work, point):
        return False
    number, hers = number_of(work, point), []
    for one in open_points(work, point.person_id):
        if one.id in told.brought or (one.id != point.id and number_of(work, one) == number):
            end_phone(work, point.person_id, one.id)
        elif one.id != point.id:
            hers.append(one)
    before = 0 if told.was_first else sum(one.rank < point.rank for one in hers)
    point.ended_at = None
    for rank, one in enumerate([*hers[:before], point, *hers[before:]]):
        one.rank = rank
    work.session.flush()
    refresh_shared(work, [point.number_index])
    _log(work, STOPPED, point)
    return True


def _told(work: Work, point: ContactPoint, since: datetime) -> _Told:
    """What it was told of since then, and since it last stopped anything."""
    rows = work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_person_id == point.person_id,
            AuditEntry.object_type == POINT,
            AuditEntry.action.in_((*_TOLD_OF, BROUGHT, STOPPED)),
            AuditEntry.at > since,
        )
        .order_by(AuditEntry.id)
    ).all()
    told, is_it = _Told(), False
    for entry in rows:
        if entry.action != BROUGHT:
            is_it = entry.object_id == point.id
        if not is_it:
            continue
        if entry.action == STOPPED:
            told = _Told()
        elif entry.action == BROUGHT:
            told.brought.add(entry.object_id)
        told.was_first |= entry.action == TOLD
        told.given_up |= entry.action == GIVEN_UP
    return told


def _log(work: Work, action: str, point: ContactPoint) -> None:
    audit.log(
        work,
        action,
        object_type=POINT,
        object_id=point.id,
        subject_person_id=point.person_id,
    )
