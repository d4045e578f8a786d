"""Who holds which office, who ever held it, and what was proposed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, distinct, exists, func, select

from union.identity.models import Account, OfficesBegun, RoleAnswer, RoleGrant, RoleProposal
from union.identity.rules.roles import GIVERS, PROPOSAL_LASTS
from union.infra.people import one_person
from union.kernel.actor import Grant, Role

if TYPE_CHECKING:
    from union.infra.work import Work

_GIVES = and_(RoleGrant.role.in_([role.value for role in GIVERS]), RoleGrant.branch_id.is_(None))


@dataclass(frozen=True, slots=True)
class Office:
    """An office somebody holds now."""

    ref: str
    person_id: int
    sign_in_name: str
    grant: Grant
    since: datetime
    given_how: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An office that waits for a hand, and whose hands it has; none, if said at the machine."""

    ref: str
    id: int
    account_id: int
    person_id: int
    sign_in_name: str
    grant: Grant
    made_at: datetime
    hands: tuple[int, ...]


def people_with_role(work: Work, role: Role, *, whole: bool = False) -> list[int]:
    """The persons who hold a role anywhere at present, or for the whole union."""
    held = (
        select(Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == role.value,
            RoleGrant.ended_at.is_(None),
            Account.closed_at.is_(None),
        )
        .distinct()
        .order_by(Account.person_id)
    )
    if whole:
        held = held.where(RoleGrant.branch_id.is_(None))
    return list(work.session.scalars(held))


def offices_of(
    work: Work, person_ids: Collection[int]
) -> dict[int, list[tuple[Role, datetime, datetime | None]]]:
    """What offices these people were ever given, each from when until when; empty if none."""
    rows = work.session.execute(
        select(Account.person_id, RoleGrant.role, RoleGrant.made_at, RoleGrant.ended_at)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.person_id.in_(person_ids))
        .order_by(RoleGrant.id)
    )
    found: dict[int, list[tuple[Role, datetime, datetime | None]]] = {}
    for person_id, role, begun, ended in rows:
        found.setdefault(person_id, []).append((Role(role), begun, ended))
    return found


def offices_now(work: Work) -> list[Office]:
    """Every office that is held now; being a member is none."""
    rows = work.session.execute(
        select(RoleGrant, Account.person_id, Account.sign_in_name)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.ended_at.is_(None), RoleGrant.role != Role.MEMBER.value)
        .order_by(Account.id, RoleGrant.id)
    )
    return [
        Office(
            ref=held.ref,
            person_id=person_id,
            sign_in_name=name,
            grant=Grant(Role(held.role), held.branch_id),
            since=held.made_at,
            given_how=held.given_how,
        )
        for held, person_id, name in rows
    ]


def proposals_open(work: Work, ref: str | None = None) -> list[Proposal]:
    """What nobody has settled and is not too old, the oldest first; one only, by its ``ref``."""
    query = (
        select(RoleProposal, Account.person_id, Account.sign_in_name)
        .join(Account, Account.id == RoleProposal.account_id)
        .where(
            RoleProposal.made_at >= work.clock.now() - PROPOSAL_LASTS,
            Account.closed_at.is_(None),
            ~exists().where(RoleGrant.proposal_id == RoleProposal.id),
            ~exists().where(RoleAnswer.proposal_id == RoleProposal.id, ~RoleAnswer.agrees),
        )
        .order_by(RoleProposal.id)
    )
    if ref is not None:
        query = query.where(RoleProposal.ref == ref)
    rows = work.session.execute(query).all()
    agreed = _agreed(work, [asked.id for asked, _, _ in rows])
    return [
        Proposal(
            ref=asked.ref,
            id=asked.id,
            account_id=asked.account_id,
            person_id=person_id,
            sign_in_name=name,
            grant=Grant(Role(asked.role), asked.branch_id),
            made_at=asked.made_at,
            hands=tuple(
                hand
                for hand in (asked.proposed_by_person_id, *agreed.get(asked.id, ()))
                if hand is not None
            ),
        )
        for asked, person_id, name in rows
    ]


def account_of_person(work: Work, person_id: int) -> Account | None:
    """The open account of a person, if she has one."""
    return work.session.scalar(
        select(Account).where(Account.person_id == person_id, Account.closed_at.is_(None))
    )


def account_by_name(work: Work, sign_in_name: str) -> Account | None:
    """The open account that signs in by this name, read as signing in reads it."""
    return work.session.scalar(
        select(Account).where(Account.sign_in_name == sign_in_name, Account.closed_at.is_(None))
    )


def givers_besides(work: Work, grant_id: int | None = None) -> int:
    """How many people may give offices now, the one office left out."""
    query = (
        select(func.count(distinct(one_person(Account.person_id))))
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            _GIVES,
            Account.closed_at.is_(None),
            Account.confirmed_at.is_not(None),
            RoleGrant.ended_at.is_(None),
        )
    )
    if grant_id is not None:
        query = query.where(RoleGrant.id != grant_id)
    return work.session.scalars(query).one()


def still_begins(work: Work) -> bool:
    """Whether no two people ever held an office that gives offices; once over, over for good."""
    return work.session.scalar(select(OfficesBegun.id)) is None


def _agreed(work: Work, proposal_ids: Collection[int]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for proposal_id, person_id in work.session.execute(
        select(RoleAnswer.proposal_id, RoleAnswer.person_id)
        .where(RoleAnswer.proposal_id.in_(proposal_ids), RoleAnswer.agrees)
        .order_by(RoleAnswer.id)
    ):
        found.setdefault(proposal_id, []).append(person_id)
    return found
