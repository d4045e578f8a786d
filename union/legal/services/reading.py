"""The one door to a case's content.

Invariant (P3): the reading is written down, where she can see it, before anything is opened;
nothing else shows a word of a case. Sealed words open with the reader's own opened key only;
without it she sees what is operational: whose it is, the next step, how she is reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.queries.follow_up import follow_up_of, numbers_to_call_back, what_happened
from union.infra.gone import read_or_gone
from union.infra.readings import Reading, Reason, Why, write_down
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.legal.models import CaseConsent, CaseEvent, CaseParty, LegalCase
from union.legal.policy import may_open
from union.legal.queries import (
    case_by_ref,
    consent_stands,
    holders_of,
    last_day,
    lawyers,
    live_share,
    shares_of,
    shut_out_of,
)
from union.legal.queries.parties import PARTY_OF_EVENT, taken_out
from union.legal.rules import (
    Act,
    CaseKind,
    CaseOutcome,
    CaseState,
    Part,
    PartyRole,
    Purpose,
    Recipient,
    Said,
    Step,
    is_overdue,
)
from union.legal.services.content import (
    Caller,
    CaseContent,
    ConsentLine,
    EventLine,
    PartyLine,
    SharedContent,
)
from union.legal.services.rooms import EVENT_WORDS, PARTY_WORDS, settle
from union.legal.services.story import CASE, NEXT_WORDS
from union.legal.services.words import CaseWords, words_of
from union.members.queries import contact_points, member_views, reach

if TYPE_CHECKING:
    from union.crisis.queries.desk import TimelineEvent
    from union.infra.sealing import OwnKey
    from union.infra.work import Work


def read_share(work: Work, share_ref: str, own: OwnKey | None = None) -> SharedContent:
    """Open what is shared with the present lawyer; show it only after the reading has committed.

    NotFoundError for anybody else, and from the moment the share ended or the consent is gone.
    What happened at the call stays closed while she has not consented that it be read at all.
    """
    share = live_share(work, share_ref)
    if share is None or not work.actor.has(Role.LAWYER):
        raise NotFoundError
    case = work.session.get_one(LegalCase, share.case_id)
    parts = {Part(part) for part in share.parts}
    timeline = Part.HAPPENED in parts and _timeline_is_open(work, case)
    _write_down(work, case, "opened_shared_case", timeline=timeline)
    words = words_of(work, case, own)
    return SharedContent(
        said=words.said if parts & {Part.PARTIES, Part.STORY} else Said.OPEN,
        state=CaseState(case.state),
        opened_at=case.opened_at,
        until_on=last_day(work, share.until_at),
        acts=tuple(Act(act) for act in case.acts),
        step=Step(case.next_step) if case.next_step else None,
        next_on=case.next_on,
        outcome=CaseOutcome(case.outcome) if case.outcome else None,
        caller=_caller(work, case) if Part.HER in parts else None,
        parties=_parties(work, case, words) if Part.PARTIES in parts else None,
        events=_events(work, case, words) if Part.STORY in parts else None,
        timeline=_timeline(work, case) if timeline else None,
    )


def read_case(work: Work, case_ref: str, own: OwnKey | None = None) -> CaseContent:
    """Open a case; show it only after the unit of work that logged the reading has committed.

    With her opened key its words too; whoever else may read them is then let in.
    NotFoundError; NotAllowedError for anybody but whoever has it.
    """
    case = case_by_ref(work.session, case_ref)
    if case is None:
        raise NotFoundError
    if not may_open(work.actor, case.kind, holders_of(work, case)):
        raise NotAllowedError
    shows_timeline = _timeline_is_open(work, case)
    _write_down(work, case, "opened_case", timeline=shows_timeline)
    if own is not None:
        settle(work, case, own)
    words = words_of(work, case, own)
    incident = follow_up_of(work.session, case.incident_id) if case.incident_id else None
    today = work.clock.today()
    return CaseContent(
        ref=case.ref,
        said=words.said,
        kind=CaseKind(case.kind),
        state=CaseState(case.state),
        opened_at=case.opened_at,
        acts=tuple(Act(act) for act in case.acts),
        caller=_caller(work, case),
        introduced_by=_name(work, incident.closed_by_person_id if incident else None),
        parties=_parties(work, case, words),
        consents=_consents(work, case),
        events=_events(work, case, words),
        shares=shares_of(work, case),
        lawyers=tuple(lawyers(work, case)),
        kept_out=tuple(_name(work, one) for one in shut_out_of(work, case.id)),
        from_incident=case.incident_id is not None,
        timeline=_timeline(work, case) if shows_timeline else None,
        step=Step(case.next_step) if case.next_step else None,
        step_words=_next_words(work, case),
        next_on=case.next_on,
        overdue=case.next_on is not None and is_overdue(case.next_on, today),
        outcome=CaseOutcome(case.outcome) if case.outcome else None,
    )


def _timeline_is_open(work: Work, case: LegalCase) -> bool:
    return case.incident_id is not None and consent_stands(
        work.session, case.id, Purpose.READ_TIMELINE
    )


def _timeline(work: Work, case: LegalCase) -> tuple[TimelineEvent, ...]:
    return tuple(what_happened(work, case.incident_id)) if case.incident_id is not None else ()


def _write_down(work: Work, case: LegalCase, what: str, *, timeline: bool) -> None:
    subject, why = case.subject_person_id, Why(Reason.CASE_WORK)
    write_down(work, Reading(what, CASE, case.id, subject, why), case.key_ref)
    if timeline and case.incident_id is not None:
        told = Reading("opened_incident_timeline", "incident", case.incident_id, subject, why)
        write_down(work, told, case.key_ref)


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


def _parties(work: Work, case: LegalCase, words: CaseWords) -> tuple[PartyLine, ...]:
    gone = set(work.session.scalars(taken_out(case.id).with_only_columns(PARTY_OF_EVENT)))
    rows = work.session.scalars(
        select(CaseParty).where(CaseParty.case_id == case.id).order_by(CaseParty.id)
    )
    return tuple(
        PartyLine(
            ref=row.ref,
            role=PartyRole(row.role),
            who=words.text(PARTY_WORDS, row),
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


def _events(work: Work, case: LegalCase, words: CaseWords) -> tuple[EventLine, ...]:
    rows = work.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    ).all()
    return tuple(_event(work, row, words.text(EVENT_WORDS, row)) for row in rows)


def _event(work: Work, row: CaseEvent, said: str | None) -> EventLine:
    return EventLine(
        at=row.at,
        code=row.code,
        who=_name(work, row.actor_person_id),
        facts=row.facts,
        words=said,
        closed=row.words is not None and said is None,
    )


def _next_words(work: Work, case: LegalCase) -> str | None:
    if case.next_words is None:
        return None
    return read_or_gone(work, case.key_ref, NEXT_WORDS, case.ref, case.next_words)


def _name(work: Work, person_id: int | None) -> str:
    if person_id is None:
        return ""
    view = member_views(work, {person_id}).get(person_id)
    return "" if view is None else view.label
