"""Asking for a benefit, and asking again after a refusal.

Invariant: what ails her is sealed before it is kept; no day stands in two claims of hers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.infra import audit
from union.infra.people import Person
from union.infra.sealing import HEALTH, SealedField, seal
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.members.queries import all_entries_of, kept_entry
from union.welfare.errors import (
    AppealedBeforeError,
    ClaimSettledError,
    DaysClaimedError,
    SchemeNotInForceError,
)
from union.welfare.models import Claim
from union.welfare.policy import is_hers, may_ask_for
from union.welfare.queries import claim_by_ref, version_on
from union.welfare.rules import SICKNESS, ClaimState, Evidence, check_days

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work

HEALTH_PLACE = "claim.health"


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Three answers: which days, what kept her from work (may stay empty), what shows it."""

    person_id: int
    from_on: date
    until_on: date
    evidence: Evidence
    health: str = ""
    scheme: str = SICKNESS


def ask_benefit(work: Work, new: NewClaim) -> Claim:
    """Write down a claim under the version in force on its first day.

    NotAllowedError for somebody else's claim, DaysUnreadableError, DaysAheadError,
    DaysTooManyError, DaysClaimedError, SchemeNotInForceError, and CircleMissingError while
    nobody is named who could read sealed words. Records ``benefit_asked``.
    """
    member = kept_entry(work.session, new.person_id)
    person_id = member.person_id if member is not None else new.person_id
    her_ids = all_entries_of(work.session, person_id)
    if not may_ask_for(work.actor, {new.person_id, *her_ids}):
        raise NotAllowedError
    check_days(new.from_on, new.until_on, work.clock.today())
    version = version_on(work.session, new.scheme, new.from_on)
    if version is None:
        raise SchemeNotInForceError
    person = work.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFoundError(person_id=person_id)
    _refuse_days_claimed(work, her_ids, version.scheme_id, new)
    ref = new_ref()
    words = new.health.strip()
    claim = Claim(
        ref=ref,
        person_id=person_id,
        key_ref=person.key_ref,
        scheme_id=version.scheme_id,
        scheme_version_id=version.id,
        from_on=new.from_on,
        until_on=new.until_on,
        evidence=new.evidence.value,
        health=seal(work, sealed_health(person.key_ref, ref), words) if words else None,
        state=ClaimState.ASKED.value,
        asked_at=work.clock.now(),
        asked_by_person_id=work.actor.person_id,
    )
    work.session.add(claim)
    work.session.flush()
    say(work, "benefit_asked", claim)
    return claim


def appeal_claim(work: Work, claim_ref: str) -> Claim:
    """Ask once more after a refusal, before other hands; only she herself, and only once.

    NotFoundError for a claim not hers, AppealedBeforeError, ClaimSettledError if it was not
    refused, DaysClaimedError if she has claimed its days anew.
    """
    claim = claim_by_ref(work.session, claim_ref, locked=True)
    her_ids = all_entries_of(work.session, claim.person_id) if claim is not None else []
    if claim is None or not is_hers(work.actor, her_ids):
        raise NotFoundError
    if claim.appealed_at is not None:
        raise AppealedBeforeError(claim_id=claim.id)
    if claim.state != ClaimState.REFUSED:
        raise ClaimSettledError(claim_id=claim.id)
    again = NewClaim(claim.person_id, claim.from_on, claim.until_on, Evidence(claim.evidence))
    _refuse_days_claimed(work, her_ids, claim.scheme_id, again)
    claim.state = ClaimState.APPEALED.value
    claim.appealed_at = work.clock.now()
    work.session.flush()
    say(work, "benefit_appealed", claim)
    return claim


def sealed_health(key_ref: UUID, ref: str) -> SealedField:
    """Where a claim's words about her health lie."""
    return SealedField(HEALTH, key_ref, HEALTH_PLACE, ref)


def say(work: Work, action: str, claim: Claim) -> None:
    """Write down what was done with a claim, where she can see it."""
    audit.log(
        work, action, object_type="claim", object_id=claim.id, subject_person_id=claim.person_id
    )


def _refuse_days_claimed(work: Work, her_ids: list[int], scheme_id: int, new: NewClaim) -> None:
    taken = work.session.scalar(
        select(func.count())
        .select_from(Claim)
        .where(
            Claim.person_id.in_(her_ids),
            Claim.scheme_id == scheme_id,
            Claim.state != ClaimState.REFUSED.value,
            Claim.from_on <= new.until_on,
            Claim.until_on >= new.from_on,
        )
    )
    if taken:
        raise DaysClaimedError
