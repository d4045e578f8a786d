"""Claims as the committee's and the member's pages show them; never a sealed word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from union.ledger.models import JournalEntry, Voucher
from union.members.queries import MemberView, all_entries_of, member_views
from union.welfare.models import Claim, ClaimDecision, ClaimHearing, SchemeVersion
from union.welfare.queries.schemes import circumstances, terms_of
from union.welfare.rules import (
    WAITING,
    Circumstances,
    ClaimState,
    Departure,
    Evidence,
    Outcome,
    Proposal,
    Reason,
    Terms,
    days_between,
    judge,
)

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in a list; ``amount_minor`` is what was granted, None until then."""

    ref: str
    who: str
    from_on: date
    until_on: date
    days: int
    state: ClaimState
    asked_at: datetime
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class HearingView:
    """That she was heard: by whom and when."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided, with the rule's reasons, and why it was left if it was."""

    at: datetime
    by: str
    outcome: Outcome
    days: int
    amount_minor: int
    reasons: tuple[Reason, ...]
    inputs: Mapping[str, Any]
    departure: Departure | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim with all that was looked at; ``proposal`` is what the rule says now."""

    line: ClaimLine
    person_id: int
    her_ids: tuple[int, ...]
    evidence: Evidence
    has_health: bool
    terms: Terms
    known: Circumstances
    proposal: Proposal
    hearings: tuple[HearingView, ...]
    decisions: tuple[DecisionView, ...]
    appealed_at: datetime | None
    paid_at: datetime | None
    voucher_withdrawn: bool
    payment_reversed: bool
    judge_ids: frozenset[int]

    @property
    def waits(self) -> bool:
        """Whether the committee has something to do."""
        return self.line.state in WAITING

    @property
    def may_be_refused(self) -> bool:
        """Whether she was heard since she asked, or since she appealed."""
        return self.line.state is ClaimState.HEARD


def claim_by_ref(session: Session, ref: str, *, locked: bool = False) -> Claim | None:
    """The claim of a public reference; ``locked`` holds it, fresh, until the commit."""
    query = select(Claim).where(Claim.ref == ref)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def claims_waiting(work: Work) -> list[ClaimLine]:
    """What waits for the committee, the longest waiting first; one's own is left out."""
    query = (
        select(Claim)
        .where(Claim.state.in_([state.value for state in WAITING]))
        .order_by(Claim.asked_at, Claim.id)
    )
    own = all_entries_of(work.session, work.actor.person_id) if work.actor.person_id else []
    return _lines(work, work.session.scalars(query.where(Claim.person_id.not_in(own))).all())


def claims_of(work: Work, person_id: int) -> list[ClaimLine]:
    """One woman's claims, the latest first."""
    ids = all_entries_of(work.session, person_id)
    query = select(Claim).where(Claim.person_id.in_(ids)).order_by(Claim.id.desc())
    return _lines(work, work.session.scalars(query).all())


def claims_decided(work: Work, limit: int = 50) -> list[ClaimLine]:
    """What the committee has dealt with, the latest first."""
    query = (
        select(Claim)
        .where(Claim.state.not_in([state.value for state in WAITING]))
        .order_by(Claim.id.desc())
        .limit(limit)
    )
    return _lines(work, work.session.scalars(query).all())


def claim_view(work: Work, claim: Claim) -> ClaimView:
    """One claim with everything that is not sealed."""
    terms = terms_of(work.session.get_one(SchemeVersion, claim.scheme_version_id))
    known = circumstances(work, claim)
    voucher = work.session.get(Voucher, claim.voucher_id) if claim.voucher_id else None
    return ClaimView(
        line=_lines(work, [claim])[0],
        person_id=claim.person_id,
        her_ids=tuple(all_entries_of(work.session, claim.person_id)),
        evidence=Evidence(claim.evidence),
        has_health=claim.health is not None,
        terms=terms,
        known=known,
        proposal=judge(terms, known),
        hearings=_hearings(work, claim.id),
        decisions=_decisions(work, claim.id),
        appealed_at=claim.appealed_at,
        paid_at=claim.paid_at,
        voucher_withdrawn=voucher is not None and voucher.withdrawn_at is not None,
        payment_reversed=payment_reversed(work, claim),
        judge_ids=judges_of(work, claim.id),
    )


def judges_of(work: Work, claim_id: int) -> frozenset[int]:
    """Who has decided this claim, under any entry of hers; after an appeal it is for others."""
    decided = select(ClaimDecision.decided_by_person_id).where(ClaimDecision.claim_id == claim_id)
    return frozenset(
        entry
        for judge_id in work.session.scalars(decided).all()
        for entry in all_entries_of(work.session, judge_id)
    )


def payment_reversed(work: Work, claim: Claim) -> bool:
    """Whether what was paid on her voucher was taken back in the books, and not paid anew."""
    if claim.voucher_id is None:
        return False
    back = aliased(JournalEntry)
    found = work.session.scalars(
        select(back.id)
        .select_from(JournalEntry)
        .outerjoin(back, back.reverses_id == JournalEntry.id)
        .where(JournalEntry.voucher_id == claim.voucher_id)
    ).all()
    return bool(found) and None not in found


def _lines(work: Work, claims: Sequence[Claim]) -> list[ClaimLine]:
    members = member_views(work, {claim.person_id for claim in claims})
    granted = {
        row.claim_id: row.amount_minor
        for row in work.session.execute(
            select(ClaimDecision.claim_id, ClaimDecision.amount_minor).where(
                ClaimDecision.claim_id.in_([claim.id for claim in claims]),
                ClaimDecision.outcome == Outcome.GRANT.value,
            )
        )
    }
    return [
        ClaimLine(
            ref=claim.ref,
            who=members[claim.person_id].label if claim.person_id in members else "—",
            from_on=claim.from_on,
            until_on=claim.until_on,
            days=days_between(claim.from_on, claim.until_on),
            state=ClaimState(claim.state),
            asked_at=claim.asked_at,
            amount_minor=granted.get(claim.id),
        )
        for claim in claims
    ]


def _hearings(work: Work, claim_id: int) -> tuple[HearingView, ...]:
    rows = work.session.scalars(
        select(ClaimHearing).where(ClaimHearing.claim_id == claim_id).order_by(ClaimHearing.id)
    ).all()
    names = member_views(work, {row.heard_by_person_id for row in rows})
    return tuple(HearingView(row.heard_at, _name(names, row.heard_by_person_id)) for row in rows)


def _decisions(work: Work, claim_id: int) -> tuple[DecisionView, ...]:
    rows = work.session.scalars(
        select(ClaimDecision).where(ClaimDecision.claim_id == claim_id).order_by(ClaimDecision.id)
    ).all()
    names = member_views(work, {row.decided_by_person_id for row in rows})
    return tuple(
        DecisionView(
            at=row.decided_at,
            by=_name(names, row.decided_by_person_id),
            outcome=Outcome(row.outcome),
            days=row.days,
            amount_minor=row.amount_minor,
            reasons=tuple(Reason(each) for each in row.reasons),
            inputs=row.inputs,
            departure=Departure(row.departure) if row.departure else None,
        )
        for row in rows
    )


def _name(names: Mapping[int, MemberView], person_id: int) -> str:
    view = names.get(person_id)
    return "" if view is None else view.label
