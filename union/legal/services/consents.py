"""What she allows, one purpose at a time. Invariant: a consent is only ever withdrawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra import audit
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.legal.errors import ConsentAheadError, ConsentStandsError, ConsentWithdrawnError
from union.legal.models import CaseConsent, LegalCase
from union.legal.queries import consent_stands
from union.legal.rules import RECIPIENT_OF, Purpose
from union.legal.services.rooms import settle
from union.legal.services.story import CASE, own_case, say

if TYPE_CHECKING:
    from union.infra.work import Work


def give_consent(work: Work, case_ref: str, purpose: Purpose, given_on: date) -> CaseConsent:
    """Write down that she said yes; ConsentStandsError, ConsentAheadError."""
    case = own_case(work, case_ref)
    if given_on > work.clock.today():
        raise ConsentAheadError
    if consent_stands(work.session, case.id, purpose):
        raise ConsentStandsError(case_id=case.id)
    consent = CaseConsent(
        ref=new_ref(),
        case_id=case.id,
        purpose=purpose.value,
        recipient=RECIPIENT_OF[purpose].value,
        given_on=given_on,
        recorded_at=work.clock.now(),
        recorded_by_person_id=work.actor.person_id,
    )
    work.session.add(consent)
    work.session.flush()
    _say(work, case, "consent_given", consent)
    return consent


def withdraw_consent(work: Work, case_ref: str, consent_ref: str) -> CaseConsent:
    """Write down that she took it back; from that commit on it opens nothing. Never too late."""
    case = own_case(work, case_ref, closed_too=True)
    consent = work.session.scalar(
        select(CaseConsent)
        .where(CaseConsent.ref == consent_ref, CaseConsent.case_id == case.id)
        .with_for_update()
    )
    if consent is None:
        raise NotFoundError
    if consent.withdrawn_at is not None:
        raise ConsentWithdrawnError(consent_id=consent.id)
    consent.withdrawn_at = work.clock.now()
    consent.withdrawn_by_person_id = work.actor.person_id
    work.session.flush()
    _say(work, case, "consent_withdrawn", consent)
    settle(work, case)
    return consent


def _say(work: Work, case: LegalCase, code: str, consent: CaseConsent) -> None:
    say(work, case, code, purpose=consent.purpose)
    audit.log(
        work,
        code,
        object_type=CASE,
        object_id=case.id,
        subject_person_id=case.subject_person_id,
    )
