"""Hearing and deciding, and the voucher that follows a grant.

Invariant: nobody judges her own claim; none is refused unheard; what the rule proposed and all
it looked at is kept with every decision; a grant and its voucher commit together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra.sealing import HEALTH, SealedField, seal
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.ledger.models import Voucher
from union.ledger.rules import AccountCode, FundCode, NewVoucher, Source
from union.ledger.services import prepare_voucher
from union.members.queries import all_entries_of
from union.welfare.errors import (
    ClaimSettledError,
    DaysOverClaimError,
    DepartureUnexplainedError,
    NotHeardError,
    SameHandsError,
)
from union.welfare.models import Claim, ClaimDecision, ClaimHearing, SchemeVersion
from union.welfare.policy import may_judge, refuse_own
from union.welfare.queries import circumstances, claim_by_ref, judges_of, terms_of
from union.welfare.rules import (
    WAITING,
    ClaimState,
    Departure,
    Outcome,
    departs,
    judge,
    kept_inputs,
    paid_from,
)
from union.welfare.services.claims import say

if TYPE_CHECKING:
    from union.infra.work import Work

HEARING_PLACE = "claim_hearing.note"
SOURCE = "welfare_claim"
MONEY_ACCOUNTS = (AccountCode.CASH_AT_DESK, AccountCode.BANK)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody of the committee decides.

    ``days`` None takes what the rule proposes; ``departure`` is needed where she decides
    otherwise; ``money_account`` is where the voucher takes the money from.
    """

    outcome: Outcome
    days: int | None = None
    departure: Departure | None = None
    money_account: str = AccountCode.CASH_AT_DESK


def hear_claimant(work: Work, claim_ref: str, note: str) -> ClaimHearing:
    """Keep what she said when she was heard, sealed like what ails her.

    OwnClaimError, ClaimSettledError if nothing waits, CircleMissingError; SameHandsError after
    an appeal, for whoever decided before: she was promised that somebody else hears her.
    """
    claim = _waiting(work, claim_ref)
    judge_id = _judge_id(work)
    _refuse_same_hands(work, claim, judge_id)
    ref = new_ref()
    hearing = ClaimHearing(
        ref=ref,
        claim_id=claim.id,
        claimant_person_id=claim.person_id,
        heard_by_person_id=judge_id,
        heard_at=work.clock.now(),
        note=seal(work, sealed_note(claim, ref), note.strip()),
    )
    work.session.add(hearing)
    work.session.flush()
    claim.state = ClaimState.HEARD.value
    work.session.flush()
    say(work, "benefit_heard", claim)
    return hearing


def decide_claim(work: Work, claim_ref: str, ruling: Ruling) -> ClaimDecision:
    """Grant or refuse; a grant prepares its voucher at once.

    OwnClaimError, NotHeardError for a refusal unheard, SameHandsError if she decided this
    claim before, DepartureUnexplainedError, DaysOverClaimError, ClaimSettledError.
    """
    claim = _waiting(work, claim_ref)
    judge_id = _judge_id(work)
    _check_hands(work, claim, judge_id, ruling.outcome)
    terms = terms_of(work.session.get_one(SchemeVersion, claim.scheme_version_id))
    known = circumstances(work, claim)
    proposal = judge(terms, known)
    days = 0 if ruling.outcome is Outcome.REFUSE else ruling.days
    days = proposal.days if days is None else days
    if not 0 < days <= known.days and ruling.outcome is Outcome.GRANT:
        raise DaysOverClaimError(claim_id=claim.id)
    departed = departs(proposal, ruling.outcome, days)
    if departed and ruling.departure is None:
        raise DepartureUnexplainedError(claim_id=claim.id)
    decision = ClaimDecision(
        claim_id=claim.id,
        claimant_person_id=claim.person_id,
        decided_by_person_id=judge_id,
        decided_at=work.clock.now(),
        outcome=ruling.outcome.value,
        days=days,
        amount_minor=days * terms.daily_amount_minor,
        paid_from_on=paid_from(terms, known, days),
        scheme_version_id=claim.scheme_version_id,
        proposed=proposal.outcome.value,
        proposed_days=proposal.days,
        reasons=[reason.value for reason in proposal.reasons],
        inputs=dict(kept_inputs(terms, known)),
        departure=ruling.departure.value if departed and ruling.departure else None,
    )
    work.session.add(decision)
    work.session.flush()
    granted = ruling.outcome is Outcome.GRANT
    claim.state = (ClaimState.GRANTED if granted else ClaimState.REFUSED).value
    work.session.flush()
    say(work, "benefit_granted" if granted else "benefit_refused", claim)
    if granted:
        _prepare(work, claim, decision.amount_minor, ruling.money_account)
    return decision


def prepare_payment(work: Work, claim_ref: str, money_account: str) -> Voucher:
    """A new voucher for a granted claim whose first one was withdrawn.

    NotAllowedError, ClaimSettledError while a voucher stands or nothing was granted.
    """
    _judge_id(work)
    claim = claim_by_ref(work.session, claim_ref, locked=True)
    if claim is None:
        raise NotFoundError
    refuse_own(work.actor, all_entries_of(work.session, claim.person_id))
    voucher = work.session.get(Voucher, claim.voucher_id) if claim.voucher_id else None
    if voucher is not None and voucher.withdrawn_at is not None:
        free_of_voucher(work, claim)
    if claim.state != ClaimState.GRANTED:
        raise ClaimSettledError(claim_id=claim.id)
    amount_minor = work.session.scalars(
        select(ClaimDecision.amount_minor)
        .where(ClaimDecision.claim_id == claim.id)
        .order_by(ClaimDecision.id.desc())
        .limit(1)
    ).one()
    return _prepare(work, claim, amount_minor, money_account)


def free_of_voucher(work: Work, claim: Claim) -> None:
    """Take a granted claim back to where its payment has not been prepared."""
    claim.state = ClaimState.GRANTED.value
    claim.voucher_id = None
    work.session.flush()


def sealed_note(claim: Claim, ref: str) -> SealedField:
    """Where the words of a hearing lie."""
    return SealedField(HEALTH, claim.key_ref, HEARING_PLACE, ref)


def _prepare(work: Work, claim: Claim, amount_minor: int, money_account: str) -> Voucher:
    """The voucher says which claim, and nothing of why."""
    if money_account not in MONEY_ACCOUNTS:
        raise NotAllowedError
    voucher = prepare_voucher(
        work,
        NewVoucher(
            fund=FundCode.WELFARE,
            money_account=money_account,
            spend_account=AccountCode.WELFARE_PAYMENTS,
            payee_person_id=claim.person_id,
            amount_minor=amount_minor,
            source=Source(SOURCE, claim.id),
            note=claim.ref,
        ),
    )
    claim.voucher_id = voucher.id
    claim.state = ClaimState.VOUCHER.value
    work.session.flush()
    return voucher


def _judge_id(work: Work) -> int:
    if work.actor.person_id is None or not may_judge(work.actor):
        raise NotAllowedError
    return work.actor.person_id


def _waiting(work: Work, claim_ref: str) -> Claim:
    _judge_id(work)
    claim = claim_by_ref(work.session, claim_ref, locked=True)
    if claim is None:
        raise NotFoundError
    refuse_own(work.actor, all_entries_of(work.session, claim.person_id))
    if claim.state not in WAITING:
        raise ClaimSettledError(claim_id=claim.id)
    return claim


def _check_hands(work: Work, claim: Claim, judge_id: int, outcome: Outcome) -> None:
    _refuse_same_hands(work, claim, judge_id)
    if outcome is Outcome.REFUSE and claim.state != ClaimState.HEARD:
        raise NotHeardError(claim_id=claim.id)


def _refuse_same_hands(work: Work, claim: Claim, judge_id: int) -> None:
    if judge_id in judges_of(work, claim.id):
        raise SameHandsError(claim_id=claim.id)
