"""Changing a member's numbers and wishes; an old number is ended, never overwritten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy import delete, func, select, update

from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.kernel.phone import PhoneReading
from union.members.models import ContactPoint, Member, MemberLanguage, ReachRule
from union.members.queries.among import among
from union.members.queries.reach import ASK_FOR, NUMBER, WISH, contact_points
from union.members.rules.days import DiedAlreadyError


@dataclass(frozen=True, slots=True)
class WishChange:
    """Her wish as it now is; hours are civil, in the union's zone."""

    channels: tuple[str, ...]
    not_before: time | None = None
    not_after: time | None = None
    ask_for: str | None = None
    wish: str | None = None


def add_phone(work: Work, person_id: int, phone: PhoneReading, *, first: bool) -> ContactPoint:
    """Add a number, to be tried first or last; one she has already only moves.

    Invariant: ranks of her numbers stay a sequence without ties when read in order, and the
    dead have none (DiedAlreadyError).
    """
    member = work.session.get_one(Member, person_id)
    if member.status == "died":
        raise DiedAlreadyError
    same = [p for p in contact_points(work, person_id) if p.e164 == phone.e164]
    points = open_points(work, person_id)
    if same and any(point.id == same[0].id for point in points):
        added = work.session.get_one(ContactPoint, same[0].id)
        points.remove(added)
    else:
        ref = new_ref()
        added = ContactPoint(
            ref=ref,
            person_id=person_id,
            number=work.vault.encrypt(member.key_ref, NUMBER, ref, phone.e164),
            number_index=work.vault.blind_index("phone", phone.e164),
            valid=phone.valid,
            shared=False,
            rank=0,
            made_at=work.clock.now(),
        )
        work.session.add(added)
    points.insert(0 if first else len(points), added)
    for rank, point in enumerate(points):
        point.rank = rank
    work.session.flush()
    refresh_shared(work, [added.number_index])
    _log(work, "phone_added", person_id)
    return added


def end_phone(work: Work, person_id: int, point_id: int) -> None:
    """Stop using one of her numbers; NotFoundError if it is not hers."""
    point = work.session.get(ContactPoint, point_id)
    if point is None or point.person_id != person_id:
        raise NotFoundError
    if point.ended_at is None:
        point.ended_at = work.clock.now()
        work.session.flush()
        refresh_shared(work, [point.number_index])
        _log(work, "phone_ended", person_id)


def end_all_phones(work: Work, person_id: int) -> list[int]:
    """Stop using every number of hers; which they were."""
    points = open_points(work, person_id)
    for point in points:
        point.ended_at = work.clock.now()
    work.session.flush()
    refresh_shared(work, [point.number_index for point in points])
    return [point.id for point in points]


def refresh_shared_of(work: Work, person_id: int) -> None:
    """Set anew whether her numbers are others' too."""
    refresh_shared(work, [point.number_index for point in open_points(work, person_id)])


def change_wish(work: Work, person_id: int, change: WishChange) -> None:
    """Write down when and how she may be reached, as she says it now."""
    member = work.session.get_one(Member, person_id)
    row = work.session.get(ReachRule, person_id)
    if row is None:
        row = ReachRule(person_id=person_id)
        work.session.add(row)

    def closed(place: str, text: str | None) -> bytes | None:
        return work.vault.encrypt(member.key_ref, place, member.ref, text) if text else None

    row.asked = True
    row.channels = list(change.channels)
    row.not_before, row.not_after = change.not_before, change.not_after
    row.ask_for, row.wish = closed(ASK_FOR, change.ask_for), closed(WISH, change.wish)
    row.changed_at = work.clock.now()
    work.session.flush()
    _log(work, "wish_changed", person_id)


def set_languages(work: Work, person_id: int, spoken: Sequence[str]) -> None:
    """The languages she speaks, best first, in place of those known before."""
    work.session.execute(delete(MemberLanguage).where(MemberLanguage.person_id == person_id))
    for rank, language in enumerate(spoken):
        work.session.add(MemberLanguage(person_id=person_id, language=language, rank=rank))
    work.session.flush()


def refresh_shared(work: Work, number_indexes: Collection[bytes]) -> None:
    """Set, for these numbers, whether more than one member has them; joined entries are one."""
    if not number_indexes:
        return
    wanted = set(number_indexes)
    counted = (
        select(ContactPoint.number_index)
        .join(Member, Member.person_id == ContactPoint.person_id)
        .where(among(ContactPoint.number_index, wanted), ContactPoint.ended_at.is_(None))
        .group_by(ContactPoint.number_index)
        .having(func.count(func.coalesce(Member.merged_into, Member.person_id).distinct()) > 1)
    )
    shared = set(work.session.scalars(counted))
    for value in (True, False):
        hit = shared if value else wanted - shared
        work.session.execute(
            update(ContactPoint)
            .where(among(ContactPoint.number_index, hit), ContactPoint.shared.is_(not value))
            .values(shared=value)
        )


def open_points(work: Work, person_id: int) -> list[ContactPoint]:
    """Her numbers in use, the first first."""
    return list(
        work.session.scalars(
            select(ContactPoint)
            .where(ContactPoint.person_id == person_id, ContactPoint.ended_at.is_(None))
            .order_by(ContactPoint.rank, ContactPoint.id)
        )
    )


def _log(work: Work, action: str, person_id: int) -> None:
    audit.log(work, action, object_type="member", object_id=person_id, subject_person_id=person_id)
