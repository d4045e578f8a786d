"""Who may bring the office back, how it stands, and who locked it lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.identity.models import Account, RoleGrant
from union.identity.rules.roles import GIVERS
from union.infra.lock_recovery import is_let_in, keepers_of
from union.infra.office_locks import (
    OfficeLayer,
    OfficeLock,
    OfficeUnlockPart,
    has_begun_to_open,
    standing_lock,
)
from union.infra.people import one_person, whose
from union.infra.sealing import PersonalKey
from union.kernel.actor import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from union.infra.work import Work

BRING_BACK = GIVERS | {Role.TRUSTEE}
"""Whoever holds one of these for the whole union, seen in person and given it by two."""

_NO_HELP = (Role.MEMBER, Role.LAWYER, Role.SYSADMIN)
"""Whoever holds nothing else brings nothing back."""

TOLD_FOR = timedelta(days=3)
"""So long everybody in office reads who locked it."""

A_DAY = timedelta(days=1)
MANY = 3
"""So many locks of one person within a day, and the trustees are told."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A lock that stands, for whoever looks at it.

    ``helped_by`` who have given the first hand; ``mine`` whether she may be one of the two;
    ``opening``: two hands are there, and layers are coming off; ``by_papers``: two trustees' papers
    opened it for whoever looks, so that hers is the only hand that is needed.
    """

    lock: OfficeLock
    keepers: tuple[int, ...]
    helped_by: tuple[int, ...]
    covered: int
    mine: bool
    opening: bool
    by_papers: bool


def keepers_now(work: Work) -> dict[int, bytes | None]:
    """Who could bring it back if it were locked now; her public half if she has opening words.

    Those with opening words if they are two people; else whoever holds such an office; else
    everybody in office, for nothing may refuse a lock. Empty where even these are not two.
    """
    trusted = _in_office(work, RoleGrant.role.in_(BRING_BACK), RoleGrant.branch_id.is_(None))
    with_words = {person: key for person, key in trusted.items() if key is not None}
    anybody = _in_office(work, RoleGrant.role.not_in(_NO_HELP))
    for some in (with_words, trusted, anybody):
        if len(set(whose(work.session, some.keys()).values())) > 1:
            return dict(some)
    return {}


def _in_office(work: Work, *which: ColumnElement[bool]) -> dict[int, bytes | None]:
    rows = work.session.execute(
        select(Account.person_id, PersonalKey.public_key)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(PersonalKey, PersonalKey.person_id == Account.person_id)
        .where(
            RoleGrant.ended_at.is_(None),
            Account.closed_at.is_(None),
            Account.confirmed_at.is_not(None),
            *which,
        )
        .order_by(Account.person_id)
    )
    return {row.person_id: row.public_key for row in rows}


def standing(work: Work) -> Standing | None:
    """How the office stands locked, for whoever asks; None if it is open."""
    lock = standing_lock(work.session)
    if lock is None:
        return None
    keepers = keepers_of(work.session, lock)
    covered = select(func.count()).where(
        OfficeLayer.lock_id == lock.id, OfficeLayer.peeled_at.is_(None)
    )
    return Standing(
        lock,
        keepers,
        tuple(first_hands(work, lock)),
        work.session.scalar(covered) or 0,
        mine=(by_papers := is_let_in(work, lock)) or work.actor.person_id in keepers,
        opening=has_begun_to_open(work.session, lock),
        by_papers=by_papers,
    )


def first_hands(work: Work, lock: OfficeLock) -> Sequence[int]:
    """Who has given the first hand, the earliest first."""
    gave = (
        select(OfficeUnlockPart.first_person_id)
        .where(OfficeUnlockPart.lock_id == lock.id)
        .group_by(OfficeUnlockPart.first_person_id)
        .order_by(func.min(OfficeUnlockPart.made_at), OfficeUnlockPart.first_person_id)
    )
    return work.session.scalars(gave).all()


def must_wait(work: Work, lock: OfficeLock, keepers: Iterable[int], person_id: int | None) -> bool:
    """Whether this person locked it herself while two others could bring it back."""
    people = whose(work.session, {*keepers, lock.locked_by, person_id})
    locker = people.get(lock.locked_by)
    others = {people[one] for one in keepers} - {locker}
    return locker is not None and people.get(person_id) == locker and len(others) > 1


def locked_lately(work: Work) -> OfficeLock | None:
    """The last lock, as long as everybody in office is told of it."""
    since = work.clock.now() - TOLD_FOR
    last = select(OfficeLock).where(OfficeLock.locked_at > since).order_by(OfficeLock.id.desc())
    return work.session.scalar(last.limit(1))


def who_locks_often(work: Work) -> Mapping[int, int]:
    """Who locked so often in the last day that trustees are told, and how often."""
    since = work.clock.now() - A_DAY
    person = one_person(OfficeLock.locked_by)
    counted = (
        select(person.label("who"), func.count().label("locks"))
        .where(OfficeLock.locked_at > since, OfficeLock.locked_by.is_not(None))
        .group_by(person)
        .having(func.count() >= MANY)
    )
    return {row.who: row.locks for row in work.session.execute(counted)}
