"""The story of a case and the lock on it. Invariant: every change says so in the same commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.infra.timers import finish_timers, set_timer
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.legal.errors import CaseClosedError
from union.legal.models import CaseEvent, LegalCase
from union.legal.policy import may_open
from union.legal.queries import case_by_ref
from union.legal.rules import CaseState, next_look

if TYPE_CHECKING:
    from union.infra.work import Work

CASE = "legal_case"
LOOK = "legal_look"
EVENT_WORDS = "case_event.words"
NEXT_WORDS = "legal_case.next_words"
PARTY_WORDS = "case_party.words"


def say(
    work: Work, case: LegalCase, code: str, words: str | None = None, **facts: int | str
) -> CaseEvent:
    """Add a line; ``words`` are encrypted under the case's key, ``facts`` are ids and codes."""
    ref = new_ref()
    event = CaseEvent(
        ref=ref,
        case_id=case.id,
        at=work.clock.now(),
        code=code,
        actor_person_id=work.actor.person_id,
        facts=facts,
        words=work.vault.encrypt(case.key_ref, EVENT_WORDS, ref, words) if words else None,
    )
    work.session.add(event)
    work.session.flush()
    return event


def own_case(work: Work, case_ref: str) -> LegalCase:
    """The actor's own open case, locked; NotFoundError, NotAllowedError, CaseClosedError."""
    case = case_by_ref(work.session, case_ref, locked=True)
    if case is None:
        raise NotFoundError
    if not may_open(work.actor, case.assignee_person_id):
        raise NotAllowedError
    if case.state != CaseState.OPEN:
        raise CaseClosedError(case_id=case.id)
    return case


def plan_look(work: Work, case: LegalCase) -> None:
    """Leave the case one timer: the day of its step, or soon while nobody has it."""
    finish_timers(work, CASE, case.id)
    due_at = next_look(
        work.clock.now(),
        case.next_on or work.clock.today(),
        work.clock.zone,
        assigned=case.assignee_person_id is not None,
    )
    set_timer(work, kind=LOOK, subject_type=CASE, subject_id=case.id, due_at=due_at)
