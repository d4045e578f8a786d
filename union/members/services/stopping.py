"""A changed number is told to the number before it, and whoever holds that one can stop it (P6).

Invariant: only a change that was told of is stopped, only from the number it was told to, and only
for as long as was said; what is stopped is written down. Her numbers are ended, never overwritten.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from union.infra import audit
from union.infra.audit import AuditEntry
from union.infra.outbox import record_fact
from union.infra.work import Work
from union.kernel.phone import PhoneReading
from union.members.models import ContactPoint, Member
from union.members.queries.reach import NUMBER
from union.members.services.reach import add_phone, end_phone, open_points, refresh_shared

STOPPABLE = timedelta(days=3)
"""So long whoever was told may stop it: the text says the same."""

TOLD, BROUGHT, STOPPED = "phone_change_told", "phone_change_brought", "phone_change_stopped"
"""``TOLD`` names the number that was told; ``BROUGHT``, right after it, the one that came."""
POINT = "contact_point"


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
    if work.session.get_one(Member, point.person_id).status != "active":
        return
    record_fact(work, "phone_changed", point_id=point.id)
    _log(work, TOLD, point)
    if added is not None:
        _log(work, BROUGHT, added)


def number_of(work: Work, point: ContactPoint) -> str:
    """One number of hers, in E.164."""
    member = work.session.get_one(Member, point.person_id)
    return work.vault.decrypt(member.key_ref, NUMBER, point.ref, point.number)


def stop_phone_changes(work: Work, e164: str) -> bool:
    """Undo what this number was told of lately: it is first again, what came instead is ended.

    False where it was told of nothing that can still be stopped.
    """
    since = work.clock.now() - STOPPABLE
    points = work.session.scalars(
        select(ContactPoint)
        .where(
            ContactPoint.number_index == work.vault.blind_index("phone", e164),
            or_(ContactPoint.ended_at.is_(None), ContactPoint.ended_at > since),
        )
        .order_by(ContactPoint.id)
        .with_for_update()
    ).all()
    stopped = [_stop(work, point, since) for point in points if number_of(work, point) == e164]
    return any(stopped)


def _stop(work: Work, point: ContactPoint, since: datetime) -> bool:
    brought = _brought(work, point, since)
    if brought is None:
        return False
    point.ended_at = None
    now, kept = work.clock.now(), [point]
    ended: list[ContactPoint] = []
    for other in open_points(work, point.person_id):
        if other.id != point.id and other.id in brought:
            other.ended_at = now
            ended.append(other)
        elif other.id != point.id:
            kept.append(other)
    for rank, one in enumerate(kept):
        one.rank = rank
    work.session.flush()
    refresh_shared(work, [one.number_index for one in (*kept, *ended)])
    _log(work, STOPPED, point)
    return True


def _brought(work: Work, point: ContactPoint, since: datetime) -> AbstractSet[int] | None:
    """The numbers it was told of that can still be stopped; None if it was told of nothing."""
    rows = work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_person_id == point.person_id,
            AuditEntry.object_type == POINT,
            AuditEntry.action.in_((TOLD, BROUGHT, STOPPED)),
            AuditEntry.at > since,
        )
        .order_by(AuditEntry.id)
    )
    brought: set[int] | None = None
    told = False
    for entry in rows:
        if entry.action == BROUGHT:
            if told and brought is not None:
                brought.add(entry.object_id)
            continue
        told = entry.action == TOLD and entry.object_id == point.id
        if told:
            brought = brought or set()
        elif entry.object_id == point.id:
            brought = None
    return brought


def _log(work: Work, action: str, point: ContactPoint) -> None:
    audit.log(
        work,
        action,
        object_type=POINT,
        object_id=point.id,
        subject_person_id=point.person_id,
    )
