"""Offices proposed by one, confirmed by another, and ended by anybody who gives them.

Invariant: no office is given but by two who may, neither of them she who is to hold it; only a
union's first ones are given by nobody, and being a member follows the register. What was given
is ended once and never written over. The database holds all of it; here it is said in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.identity.errors import (
    OfficeHeldError,
    OfficeNeedsTwoError,
    OfficeProposedError,
    OwnOfficeError,
    OwnProposalError,
    ProposalSettledError,
    TwoMustRemainError,
)
from union.identity.models import Account, RoleAnswer, RoleGrant, RoleProposal
from union.identity.queries import givers_besides, proposals_open, still_begins
from union.identity.rules.roles import GIVERS, HANDS, GivenHow, gives_offices
from union.infra import audit
from union.infra.people import is_present, whose
from union.kernel.actor import Grant, Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.identity.queries import Proposal
    from union.infra.work import Work


def give_role(work: Work, account_id: int, grant: Grant) -> RoleGrant:
    """Give what needs no two hands: being a member, or one of a union's first offices.

    Held already, it stays as it is. OfficeNeedsTwoError once two people gave offices.
    """
    _one_at_a_time(work)
    held = _held(work, account_id, grant)
    if held is not None:
        return held
    if grant.role is Role.MEMBER:
        return _give(work, account_id, grant, GivenHow.REGISTER)
    if not still_begins(work):
        raise OfficeNeedsTwoError
    return _give(work, account_id, grant, GivenHow.FIRST)


def propose_role(work: Work, account_id: int, grant: Grant) -> RoleProposal:
    """Ask that an account have an office; at the machine itself it is nobody's hand.

    NotAllowedError for who gives no offices, OwnOfficeError, OfficeHeldError,
    OfficeProposedError while the same waits already.
    """
    account = work.session.get_one(Account, account_id)
    if grant.role is Role.MEMBER or not (work.actor.is_system or gives_offices(work.actor)):
        raise NotAllowedError
    if is_present(work, account.person_id):
        raise OwnOfficeError
    _one_at_a_time(work)
    if _held(work, account_id, grant) is not None:
        raise OfficeHeldError
    waiting = proposals_open(work)
    if any((one.account_id, one.grant) == (account_id, grant) for one in waiting):
        raise OfficeProposedError
    proposal = RoleProposal(
        ref=new_ref(),
        account_id=account_id,
        role=grant.role.value,
        branch_id=grant.branch_id,
        proposed_by_person_id=work.actor.person_id,
        made_at=work.clock.now(),
    )
    work.session.add(proposal)
    work.session.flush()
    _log(work, f"role_proposed_{grant.role}", account)
    return proposal


def answer_role(work: Work, ref: str, *, agrees: bool) -> RoleGrant | None:
    """Say yes or no to a proposal; the office, if it has its two hands now.

    One no ends it, also the proposer's own. ProposalSettledError once it is given, refused or
    too old; OwnOfficeError, OwnProposalError, OfficeHeldError.
    """
    person_id = work.actor.person_id
    if person_id is None or not gives_offices(work.actor):
        raise NotAllowedError
    _one_at_a_time(work)
    found = proposals_open(work, ref)
    if not found:
        raise ProposalSettledError
    asked = found[0]
    if agrees:
        _check_hand(work, asked)
    work.session.add(
        RoleAnswer(proposal_id=asked.id, person_id=person_id, agrees=agrees, at=work.clock.now())
    )
    work.session.flush()
    account = work.session.get_one(Account, asked.account_id)
    _log(work, f"role_{'agreed' if agrees else 'refused'}_{asked.grant.role}", account)
    if not agrees or len(_people(work, (*asked.hands, person_id))) < HANDS:
        return None
    return _give(work, asked.account_id, asked.grant, GivenHow.TWO, asked.id)


def end_role(work: Work, ref: str) -> RoleGrant:
    """End an office, at once and for good; given again it is another.

    By whoever gives offices, or by herself. NotFoundError; TwoMustRemainError for the last who
    could give another her office. Ended before, it stays ended as it was.
    """
    _one_at_a_time(work)
    held = work.session.scalar(select(RoleGrant).where(RoleGrant.ref == ref))
    if held is None or held.role == Role.MEMBER.value:
        raise NotFoundError
    account = work.session.get_one(Account, held.account_id)
    if not (gives_offices(work.actor) or is_present(work, account.person_id)):
        raise NotAllowedError
    if held.ended_at is not None:
        return held
    gives = Role(held.role) in GIVERS and held.branch_id is None
    if gives and givers_besides(work, held.id) < HANDS:
        raise TwoMustRemainError
    held.ended_at, held.ended_by_person_id = work.clock.now(), work.actor.person_id
    work.session.flush()
    _log(work, f"role_ended_{held.role}", account)
    return held


def _check_hand(work: Work, asked: Proposal) -> None:
    if is_present(work, asked.person_id):
        raise OwnOfficeError
    if is_present(work, *asked.hands):
        raise OwnProposalError
    if _held(work, asked.account_id, asked.grant) is not None:
        raise OfficeHeldError


def _give(
    work: Work, account_id: int, grant: Grant, how: GivenHow, proposal_id: int | None = None
) -> RoleGrant:
    given = RoleGrant(
        ref=new_ref(),
        account_id=account_id,
        role=grant.role.value,
        branch_id=grant.branch_id,
        made_at=work.clock.now(),
        given_how=how.value,
        proposal_id=proposal_id,
    )
    work.session.add(given)
    work.session.flush()
    _log(work, f"role_given_{grant.role}", work.session.get_one(Account, account_id))
    return given


def _held(work: Work, account_id: int, grant: Grant) -> RoleGrant | None:
    return work.session.scalar(
        select(RoleGrant).where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == grant.role.value,
            RoleGrant.branch_id.is_not_distinct_from(grant.branch_id),
            RoleGrant.ended_at.is_(None),
        )
    )


def _people(work: Work, person_ids: tuple[int, ...]) -> set[int]:
    return set(whose(work.session, person_ids).values())


def _one_at_a_time(work: Work) -> None:
    """Offices are given and ended one after the other; the database takes the same lock."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("role_grant"))))


def _log(work: Work, action: str, account: Account) -> None:
    audit.log(
        work,
        action,
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )
