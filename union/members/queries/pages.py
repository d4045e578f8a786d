"""Reads for the pages of the register: one branch, one search, one member."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from union.infra.audit import AuditEntry
from union.infra.work import Work
from union.kernel.phone import PhoneUnreadableError
from union.members.models import Branch, Card, Duplicate, ImportRow, Member, Membership, Merge
from union.members.queries.people import all_entries_of, kept_entry, members_in
from union.members.queries.reach import (
    BORN,
    NOMINEE,
    PLACE,
    REMARKS,
    MemberView,
    member_views,
    persons_with_phone,
)
from union.members.rules.cards import read_card
from union.members.rules.errors import CardUnreadableError
from union.members.rules.phones import read_number

STOPPED = "phone_change_stopped"
"""Whoever holds a number of hers said no to a change of her numbers."""

STOPPED_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class BranchCount:
    """A branch and how many members are with it now."""

    ref: str
    name: str
    active: int


@dataclass(frozen=True, slots=True)
class Stay:
    """A branch she was in, from a day (None: as long as we know) to another."""

    branch: str
    since_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class MergeView:
    """An entry that was joined into hers, and when."""

    ref: str
    other: MemberView
    merged_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnFields:
    """What is encrypted under her key and shown to who keeps the register; no legal name."""

    born: str | None
    place: str | None
    nominee: str | None
    remarks: str | None


def branch_counts(session: Session, scope: Collection[int] | None) -> list[BranchCount]:
    """The branches of a scope (None: all) with their members."""
    counted = (
        select(Membership.branch_id, func.count().label("active"))
        .join(Member, Member.person_id == Membership.person_id)
        .where(
            Membership.until_on.is_(None), Member.status == "active", Member.merged_into.is_(None)
        )
        .group_by(Membership.branch_id)
        .subquery()
    )
    query = (
        select(Branch.ref, Branch.name, func.coalesce(counted.c.active, 0))
        .outerjoin(counted, counted.c.branch_id == Branch.id)
        .order_by(Branch.name)
    )
    if scope is not None:
        query = query.where(Branch.id.in_(scope))
    return [BranchCount(ref, name, active) for ref, name, active in session.execute(query)]


def branch_by_ref(session: Session, ref: str) -> Branch | None:
    """The branch with this public reference."""
    return session.scalar(select(Branch).where(Branch.ref == ref))


def views_in(work: Work, branch_id: int) -> list[MemberView]:
    """Everybody now in a branch, by card number; who left or died stands last."""
    people = [member.person_id for member in members_in(work.session, [branch_id])]
    views = member_views(work, people)
    return sorted((views[person] for person in people), key=lambda view: view.status != "active")


def find_members(work: Work, words: str, scope: Collection[int] | None) -> list[MemberView]:
    """Whom a card number, a telephone number or a called name means, within a scope.

    Called names are opened and compared within the branches of the scope only.
    """
    people = _by_card(work.session, words) or _by_phone(work, words)
    if people:
        views = member_views(work, people)
        return [view for view in views.values() if scope is None or view.branch_id in scope]
    wanted = words.strip().casefold()
    everybody = [member.person_id for member in members_in(work.session, scope)]
    return [
        view
        for view in member_views(work, everybody).values()
        if wanted and wanted in view.called.casefold()
    ]


def _by_card(session: Session, words: str) -> list[int]:
    try:
        number = read_card(words)
    except CardUnreadableError:
        return []
    holder = session.scalar(select(Card.person_id).where(Card.number == number))
    kept = None if holder is None else kept_entry(session, holder)
    return [] if kept is None else [kept.person_id]


def _by_phone(work: Work, words: str) -> list[int]:
    try:
        return persons_with_phone(work, read_number(words).e164)
    except PhoneUnreadableError:
        return []


def stays(session: Session, person_id: int) -> list[Stay]:
    """Every branch she was in, the present one first."""
    rows = session.execute(
        select(Branch.name, Membership.since_on, Membership.until_on)
        .join(Membership, Membership.branch_id == Branch.id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.id.desc())
    )
    return [Stay(*row) for row in rows]


def cards_of(session: Session, person_ids: Collection[int]) -> list[str]:
    """Every card number that finds her."""
    return list(
        session.scalars(select(Card.number).where(Card.person_id.in_(person_ids)).order_by(Card.id))
    )


def own_fields(work: Work, member: Member) -> OwnFields:
    """Her encrypted fields, opened."""

    def opened(place: str, blob: bytes | None) -> str | None:
        return work.vault.opened(member.key_ref, place, member.ref, blob)

    return OwnFields(
        born=opened(BORN, member.born),
        place=opened(PLACE, member.place),
        nominee=opened(NOMINEE, member.nominee),
        remarks=opened(REMARKS, member.remarks),
    )


def merges_of(work: Work, person_id: int) -> list[MergeView]:
    """Entries that were joined into hers, undone ones too if the other still is an entry."""
    rows = work.session.scalars(
        select(Merge).where(Merge.kept_person_id == person_id).order_by(Merge.id.desc())
    ).all()
    views = member_views(work, [merge.gone_person_id for merge in rows])
    return [
        MergeView(merge.ref, views[merge.gone_person_id], merge.merged_at, merge.undone_at)
        for merge in rows
        if merge.gone_person_id in views
    ]


def merge_by_ref(session: Session, ref: str) -> Merge | None:
    """The merge with this public reference."""
    return session.scalar(select(Merge).where(Merge.ref == ref))


def open_pairs(session: Session, person_id: int | None = None) -> list[Duplicate]:
    """Proposals that wait for a person, about one member or all."""
    query = select(Duplicate).where(Duplicate.decision.is_(None)).order_by(Duplicate.id)
    if person_id is not None:
        query = query.where(
            or_(Duplicate.person_id == person_id, Duplicate.other_person_id == person_id)
        )
    return list(session.scalars(query))


def pair_of_row(session: Session, person_id: int) -> Duplicate | None:
    """The proposal whose row became this person's entry because it was said to be somebody's."""
    return session.scalar(
        select(Duplicate)
        .join(ImportRow, ImportRow.id == Duplicate.import_row_id)
        .where(ImportRow.person_id == person_id, Duplicate.decision == "same")
        .with_for_update(of=Duplicate)
    )


def pair_by_ref(session: Session, ref: str) -> Duplicate | None:
    """The proposal with this public reference."""
    return session.scalar(select(Duplicate).where(Duplicate.ref == ref))


def last_stopped(work: Work, person_id: int) -> datetime | None:
    """When a change of her numbers was last stopped, of late; never which number by which."""
    return work.session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.subject_person_id.in_(all_entries_of(work.session, person_id)),
            AuditEntry.action == STOPPED,
            AuditEntry.at > work.clock.now() - STOPPED_SHOWN,
        )
    )
