"""Reads of members, cards and branches that need no key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from union.infra.people import one_person
from union.members.models import Branch, BranchAlias, Card, Member, MemberFee, Membership
from union.members.queries.lives import away_on
from union.members.rules.cards import read_card
from union.members.rules.districts import fold_place


def member_by_card(session: Session, card: str) -> Member | None:
    """The member a card number belongs to, however it is written; None if nobody's.

    An entry that was merged into another gives the one that is kept. Text that is no card
    number raises CardUnreadableError.
    """
    number = read_card(card)
    person_id = session.scalar(select(Card.person_id).where(Card.number == number))
    return None if person_id is None else kept_entry(session, person_id)


def kept_entry(session: Session, person_id: int) -> Member | None:
    """The member of this person, or of the one she was merged into; None if not in the register."""
    member = session.get(Member, person_id)
    while member is not None and member.merged_into is not None:
        member = session.get(Member, member.merged_into)
    return member


def same_person_ids(session: Session, person_id: int) -> list[int]:
    """This person and every entry that was merged into hers, herself first."""
    found = [person_id]
    fresh = [person_id]
    while fresh:
        fresh = list(session.scalars(select(Member.person_id).where(Member.merged_into.in_(fresh))))
        found.extend(fresh)
    return found


def all_entries_of(session: Session, person_id: int) -> list[int]:
    """Every entry of the register that stands for her, whichever was named; the kept one first."""
    kept = session.scalar(select(one_person(person_id)))
    return same_person_ids(session, person_id if kept is None else kept)


def member_by_ref(session: Session, ref: str) -> Member | None:
    """The member with this public reference, merged or not."""
    return session.scalar(select(Member).where(Member.ref == ref))


def members_active_on(
    session: Session, day: date, branch_id: int | None = None
) -> Sequence[Member]:
    """Who was a member on a civil day, in one branch or in all, by card number.

    Nobody who had left or died by then, nobody who joined later, no merged entry twice.
    """
    query = active_on(day)
    if branch_id is not None:
        query = query.where(Membership.branch_id == branch_id)
    return session.scalars(query.order_by(Member.card_number, Member.person_id)).all()


def active_on(day: date) -> Select[Member]:
    """The query behind ``members_active_on``: Member joined to her Membership of that day."""
    return (
        select(Member)
        .join(Membership, Membership.person_id == Member.person_id)
        .where(
            Member.merged_into.is_(None),
            (Member.status == "active") | (Member.status_on > day),
            ~away_on(day),
            Member.joined_on.is_(None) | (Member.joined_on <= day),
            Membership.since_on.is_(None) | (Membership.since_on <= day),
            Membership.until_on.is_(None) | (Membership.until_on > day),
        )
    )


def with_us_on(session: Session, person_id: int, day: date) -> bool:
    """Whether she was a member on a civil day: joined, and neither gone nor away."""
    member = kept_entry(session, person_id)
    if member is None or (member.joined_on is not None and member.joined_on > day):
        return False
    away = select(Member.person_id).where(Member.person_id == member.person_id, away_on(day))
    gone = member.status_on is not None and member.status_on <= day
    return not gone and session.scalar(away) is None


def members_in(session: Session, branch_ids: Collection[int] | None) -> Sequence[Member]:
    """Every member now in one of the branches (None: all), left and dead too, by card number."""
    query = (
        select(Member)
        .join(Membership, Membership.person_id == Member.person_id)
        .where(Member.merged_into.is_(None), Membership.until_on.is_(None))
    )
    if branch_ids is not None:
        query = query.where(Membership.branch_id.in_(branch_ids))
    return session.scalars(query.order_by(Member.card_number, Member.person_id)).all()


def branch_of(session: Session, person_id: int, day: date | None = None) -> Branch | None:
    """The branch a member is in now, or was in on a civil day."""
    query = select(Branch).join(Membership).where(Membership.person_id == person_id)
    if day is None:
        query = query.where(Membership.until_on.is_(None))
    else:
        query = query.where(
            Membership.since_on.is_(None) | (Membership.since_on <= day),
            Membership.until_on.is_(None) | (Membership.until_on > day),
        )
    return session.scalar(query)


def branches(session: Session) -> Sequence[Branch]:
    """Every branch, by name."""
    return session.scalars(select(Branch).order_by(Branch.name)).all()


def branch_by_name(session: Session, written: str) -> Branch | None:
    """The branch a district's name means, old names and spellings too; None if nobody knows it."""
    folded = fold_place(written)
    branch_id = session.scalar(select(BranchAlias.branch_id).where(BranchAlias.written == folded))
    return None if branch_id is None else session.get(Branch, branch_id)


def fee_on(session: Session, person_id: int, day: date) -> int | None:
    """The monthly fee she had agreed on a civil day, in minor units; None if none is known."""
    return session.scalar(
        select(MemberFee.fee_minor)
        .where(
            MemberFee.person_id == person_id,
            MemberFee.from_on <= day,
        )
        .order_by(MemberFee.from_on.desc())
        .limit(1)
    )
