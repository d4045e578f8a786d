"""The story of a case and the lock on it. Invariant: every change says so in the same commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.infra import audit
from union.infra.timers import finish_timers, set_timer
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.legal.errors import CaseClosedError
from union.legal.models import CaseEvent, LegalCase
from union.legal.policy import may_open
from union.legal.queries import case_by_ref, holders_of
from union.legal.rules import TWO, CaseKind, CaseState, Step, first_step_on, next_look
from union.legal.services.rooms import EVENT_WORDS, close_words

if TYPE_CHECKING:
    from union.infra.work import Work

CASE = "legal_case"
LOOK = "legal_look"
NEXT_WORDS = "legal_case.next_words"
_HANDS = {CaseKind.AID: 1, CaseKind.COMPLAINT: TWO}


def begin_case(
    work: Work,
    kind: CaseKind,
    subject_id: int | None,
    *,
    branch_id: int | None = None,
    incident_id: int | None = None,
) -> LegalCase:
    """A new case with a key of its own and a first step; who has it and when to look follow."""
    case = LegalCase(
        ref=new_ref(),
        key_ref=work.vault.new_key(),
        kind=kind.value,
        incident_id=incident_id,
        subject_person_id=subject_id,
        branch_id=branch_id,
        acts=[],
        state=CaseState.OPEN.value,
        opened_at=work.clock.now(),
        opened_by_person_id=work.actor.person_id,
        next_step=Step.FIRST_TALK.value,
        next_on=first_step_on(work.clock.today()),
    )
    work.session.add(case)
    work.session.flush()
    audit.log(work, "case_made", object_type=CASE, object_id=case.id, subject_person_id=subject_id)
    return case


def say(
    work: Work, case: LegalCase, code: str, words: str | None = None, **facts: int | str
) -> CaseEvent:
    """Add a line; ``words`` are sealed as ``close_words`` does, ``facts`` are ids and codes."""
    ref = new_ref()
    kept, room_id = close_words(work, case, EVENT_WORDS, ref, words) if words else (None, None)
    event = CaseEvent(
        ref=ref,
        case_id=case.id,
        at=work.clock.now(),
        code=code,
        actor_person_id=work.actor.person_id,
        facts=facts,
        words=kept,
        room_id=room_id,
    )
    work.session.add(event)
    work.session.flush()
    return event


def own_case(work: Work, case_ref: str, *, closed_too: bool = False) -> LegalCase:
    """The actor's own open case, locked; NotFoundError, NotAllowedError, CaseClosedError.

    ``closed_too``: for what must never be too late, such as taking a yes back.
    """
    case = case_by_ref(work.session, case_ref, locked=True)
    if case is None:
        raise NotFoundError
    if not may_open(work.actor, case.kind, holders_of(work, case)):
        raise NotAllowedError
    if case.state != CaseState.OPEN and not closed_too:
        raise CaseClosedError(case_id=case.id)
    return case


def plan_look(work: Work, case: LegalCase) -> None:
    """Leave the case one timer: the day of its step, or soon while too few have it."""
    finish_timers(work, CASE, case.id)
    due_at = next_look(
        work.clock.now(),
        case.next_on or work.clock.today(),
        work.clock.zone,
        assigned=len(holders_of(work, case) - {None}) >= _HANDS[CaseKind(case.kind)],
    )
    set_timer(work, kind=LOOK, subject_type=CASE, subject_id=case.id, due_at=due_at)
