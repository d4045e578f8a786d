"""The one door to a case's content.

Invariant (P3): the reading is written down, where she can see it, before anything is opened;
nothing outside this file decrypts a word of a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from union.crisis.queries.desk import TimelineEvent
from union.crisis.queries.follow_up import follow_up_of, numbers_to_call_back, what_happened
from union.infra import audit
from union.kernel.errors import NotAllowedError, NotFoundError
from union.legal.models import CaseConsent, CaseEvent, CaseParty, LegalCase
from union.legal.policy import may_open
from union.legal.queries import case_by_ref, consent_stands
from union.legal.queries.parties import PARTY_OF_EVENT, taken_out
from union.legal.rules import (
    Act,
    CaseOutcome,
    CaseState,
    PartyRole,
    Purpose,
    Recipient,
    Step,
    is_overdue,
)
from union.legal.services.story import CASE, EVENT_WORDS, NEXT_WORDS, PARTY_WORDS
from union.members.queries import contact_points, member_views, reach

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose case it is, and how she may be reached; ``who`` is "" if she has not said."""

    who: str
    branch: str
    numbers: tuple[str, ...]
    ask_for: str | None
    wish: str | None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent, standing or withdrawn."""

    ref: str
    purpose: Purpose
    recipient: Recipient
    given_on: date
    by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Somebody in the case, and what they are in it."""

    ref: str
    role: PartyRole
    who: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the case's story."""

    at: datetime
    code: str
    who: str
    facts: Mapping[str, Any]
    words: str | None


@dataclass(frozen=True, slots=True)
class CaseContent:
    """A case as its paralegal sees it; ``timeline`` is None while she has not consented."""

    ref: str
    state: CaseState
    opened_at: datetime
    acts: tuple[Act, ...]
    caller: Caller
    introduced_by: str
    parties: tuple[PartyLine, ...]
    consents: tuple[ConsentLine, ...]
    events: tuple[EventLine, ...]
    from_incident: bool
    timeline: tuple[TimelineEvent, ...] | None
    step: Step | None
    step_words: str | None
    next_on: date | None
    overdue: bool
    outcome: CaseOutcome | None


def read_case(work: Work, case_ref: str) -> CaseContent:
    """Open a case; show it only after the unit of work that logged the reading has committed.

    NotFoundError; NotAllowedError for anybody but whoever has it.
    """
    case = case_by_ref(work.session, case_ref)
    if case is None:
        raise NotFoundError
    if not may_open(work.actor, case.assignee_person_id):
        raise NotAllowedError
    shows_timeline = case.incident_id is not None and consent_stands(
        work.session, case.id, Purpose.READ_TIMELINE
    )
    _write_down(work, case, timeline=shows_timeline)
    incident = follow_up_of(work.session, case.incident_id) if case.incident_id else None
    today = work.clock.today()
    return CaseContent(
        ref=case.ref,
        state=CaseState(case.state),
        opened_at=case.opened_at,
        acts=tuple(Act(act) for act in case.acts),
        caller=_caller(work, case),
        introduced_by=_name(work, incident.closed_by_person_id if incident else None),
        parties=_parties(work, case),
        consents=_consents(work, case),
        events=_events(work, case),
        from_incident=case.incident_id is not None,
        timeline=tuple(what_happened(work, case.incident_id))
        if case.incident_id is not None and shows_timeline
        else None,
        step=Step(case.next_step) if case.next_step else None,
        step_words=_opened(work, case, NEXT_WORDS, case.ref, case.next_words),
        next_on=case.next_on,
        overdue=case.next_on is not None and is_overdue(case.next_on, today),
        outcome=CaseOutcome(case.outcome) if case.outcome else None,
    )


def _write_down(work: Work, case: LegalCase, *, timeline: bool) -> None:
    audit.log(
        work,
        "opened_case",
        object_type=CASE,
        object_id=case.id,
        subject_person_id=case.subject_person_id,
    )
    if timeline and case.incident_id is not None:
        audit.log(
            work,
            "opened_incident_timeline",
            object_type="incident",
            object_id=case.incident_id,
            subject_person_id=case.subject_person_id,
        )


def _caller(work: Work, case: LegalCase) -> Caller:
    called_from = numbers_to_call_back(work, case.incident_id) if case.incident_id else []
    person_id = case.subject_person_id
    member = member_views(work, {person_id}).get(person_id) if person_id is not None else None
    if member is None or person_id is None:
        return Caller("", "", tuple(called_from), None, None)
    wish = reach(work, person_id)
    known = [point.e164 for point in contact_points(work, person_id)]
    return Caller(
        who=member.label,
        branch=member.branch,
        numbers=tuple(dict.fromkeys([*known, *called_from])),
        ask_for=wish.ask_for,
        wish=wish.wish,
    )


def _parties(work: Work, case: LegalCase) -> tuple[PartyLine, ...]:
    gone = set(work.session.scalars(taken_out(case.id).with_only_columns(PARTY_OF_EVENT)))
    rows = work.session.scalars(
        select(CaseParty).where(CaseParty.case_id == case.id).order_by(CaseParty.id)
    )
    return tuple(
        PartyLine(
            ref=row.ref,
            role=PartyRole(row.role),
            who=_opened(work, case, PARTY_WORDS, row.ref, row.words) or "",
        )
        for row in rows
        if row.id not in gone
    )


def _consents(work: Work, case: LegalCase) -> tuple[ConsentLine, ...]:
    rows = work.session.scalars(
        select(CaseConsent).where(CaseConsent.case_id == case.id).order_by(CaseConsent.id)
    ).all()
    return tuple(
        ConsentLine(
            ref=row.ref,
            purpose=Purpose(row.purpose),
            recipient=Recipient(row.recipient),
            given_on=row.given_on,
            by=_name(work, row.recorded_by_person_id),
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    )


def _events(work: Work, case: LegalCase) -> tuple[EventLine, ...]:
    rows = work.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    ).all()
    return tuple(
        EventLine(
            at=row.at,
            code=row.code,
            who=_name(work, row.actor_person_id),
            facts=row.facts,
            words=_opened(work, case, EVENT_WORDS, row.ref, row.words),
        )
        for row in rows
    )


def _opened(work: Work, case: LegalCase, place: str, row: str, blob: bytes | None) -> str | None:
    return None if blob is None else work.vault.decrypt(case.key_ref, place, row, blob)


def _name(work: Work, person_id: int | None) -> str:
    if person_id is None:
        return ""
    view = member_views(work, {person_id}).get(person_id)
    return "" if view is None else view.label
