"""What the page of offices shows: who holds them, and what waits for a hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.queries import (
    account_by_name,
    account_of_person,
    givers_besides,
    offices_now,
    proposals_open,
)
from union.identity.rules import read_sign_in_name
from union.infra.people import is_present, whose
from union.kernel.errors import UnionError
from union.members.models import Branch
from union.members.rules.errors import CardUnreadableError
from union.office.queries.naming import name_people, person_by_card

if TYPE_CHECKING:
    from union.identity.models import Account
    from union.infra.work import Work
    from union.kernel.actor import Grant, Role


class NoAccountError(UnionError):
    """Nobody signs in by this card or name."""

    code = "office_no_account"


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office as the page shows it; ``branch`` is "" for the whole union."""

    ref: str
    who: str
    role: Role
    branch: str
    since: datetime
    given_how: str
    hers: bool


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """What waits: for whom, which office, whose hands it has, and whether hers may be the next."""

    ref: str
    who: str
    role: Role
    branch: str
    made_at: datetime
    by: tuple[str, ...]
    may_agree: bool


@dataclass(frozen=True, slots=True)
class People:
    """The page: who holds what, what waits, and how many could give an office now."""

    held: tuple[OfficeLine, ...]
    waiting: tuple[ProposalLine, ...]
    givers: int


def people_in_office(work: Work) -> People:
    """Everybody with an office, and every proposal that waits."""
    held, waiting = offices_now(work), proposals_open(work)
    signs = {
        **{one.person_id: one.sign_in_name for one in held},
        **{one.person_id: one.sign_in_name for one in waiting},
    }
    numbers = {*signs, *(hand for one in waiting for hand in one.hands)}
    names = name_people(work, numbers)
    stands_for = whose(work.session, {*numbers, work.actor.person_id})
    branches, herself = _branches(work), stands_for.get(work.actor.person_id)

    def called(person_id: int) -> str:
        return names.get(person_id) or signs.get(person_id, "")

    def where(grant: Grant) -> str:
        return branches.get(grant.branch_id, "") if grant.branch_id is not None else ""

    return People(
        held=tuple(
            OfficeLine(
                ref=one.ref,
                who=called(one.person_id),
                role=one.grant.role,
                branch=where(one.grant),
                since=one.since,
                given_how=one.given_how,
                hers=stands_for[one.person_id] == herself,
            )
            for one in held
        ),
        waiting=tuple(
            ProposalLine(
                ref=one.ref,
                who=called(one.person_id),
                role=one.grant.role,
                branch=where(one.grant),
                made_at=one.made_at,
                by=tuple(called(hand) for hand in one.hands),
                may_agree=herself not in {stands_for[n] for n in (one.person_id, *one.hands)},
            )
            for one in waiting
        ),
        givers=givers_besides(work),
    )


def account_written(work: Work, written: str) -> Account:
    """Who signs in by this name, or whose card it is; NoAccountError if nobody who may sign in."""
    account = account_by_name(work, read_sign_in_name(written))
    if account is None:
        person_id = _person_of(work, written.strip())
        account = None if person_id is None else account_of_person(work, person_id)
    if account is None:
        raise NoAccountError
    return account


def branches_to_choose(work: Work) -> list[tuple[int, str]]:
    """Every branch, by its name."""
    return sorted(_branches(work).items(), key=lambda pair: pair[1])


def offices_waiting(work: Work) -> int:
    """How many proposals wait for the present person's hand."""
    waiting = proposals_open(work)
    return sum(not is_present(work, one.person_id, *one.hands) for one in waiting)


def _person_of(work: Work, card: str) -> int | None:
    try:
        return person_by_card(work, card)
    except CardUnreadableError:
        return None


def _branches(work: Work) -> dict[int, str]:
    return {row.id: row.name for row in work.session.execute(select(Branch.id, Branch.name))}
