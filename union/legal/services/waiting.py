"""Who waits to be let into the words of a case, and whoever is told of it, one a day.

Invariant: a wait that is not at its last step has a timer; it ends when she was let in or may read
no more. What is told says nothing but to look at a list, and nobody the case goes around is told.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.queries import people_with_role
from union.infra.office_locks import standing_lock
from union.infra.timers import Timer, finish_timers, set_timer, take_timer
from union.legal.models import CaseWait, LegalCase
from union.legal.queries import shut_out_of, without
from union.legal.queries.rooms import office_of_waits, waiting_for, who_lets_in
from union.legal.rules import WAIT_STEPS, next_to_ask
from union.messages.services import Outgoing, send_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.work import Work

ASK = "case_wait_ask"
WAIT = "case_wait"
EACH = timedelta(days=1)
"""So long after she began to wait, and after each step, the next is taken."""

_HELD = "withheld"


def note_waits(work: Work, case: LegalCase) -> None:
    """Begin to count for whoever waits, and end it for whoever does no more; twice is once."""
    if not _differ(work, case):
        return
    work.session.refresh(case, with_for_update=True)
    begun, over = _begun_and_over(work, case)
    for wait in over:
        _end(work, wait)
    for person_id in begun:
        wait = CaseWait(case_id=case.id, person_id=person_id, since=work.clock.now(), steps=0)
        work.session.add(wait)
        work.session.flush()
        _again(work, wait)


def ask_on(work: Work, timer: Timer) -> None:
    """A day more has passed: a keeper is told, after two another, after three the duty officers.

    Where nobody is one, the next office that somebody holds.

    While the office is locked nobody could let her in: it waits a day more.
    """
    wait = work.session.get_one(CaseWait, timer.subject_id)
    case = work.session.get_one(
        LegalCase, wait.case_id, with_for_update=True, populate_existing=True
    )
    work.session.refresh(wait)
    if not take_timer(work, timer) or wait.ended_at is not None:
        return
    gone = bool(work.vault.destroyed([case.key_ref]))
    if gone or wait.person_id not in waiting_for(work, case.id):
        _end(work, wait)
        return
    if standing_lock(work.session) is None:
        _take_step(work, case, wait)
    if wait.steps < WAIT_STEPS:
        _again(work, wait)


def _take_step(work: Work, case: LegalCase, wait: CaseWait) -> None:
    """One more is told; where nobody can be, the office at once."""
    around = [*shut_out_of(work, case.id), case.subject_person_id]
    if wait.steps + 1 < WAIT_STEPS:
        able = without(work, who_lets_in(work, case.id, wait.person_id), [*around, wait.person_id])
        asked = _ask_one(work, able, wait)
        if asked is not None:
            wait.steps += 1
            wait.last_asked_person_id = asked
            work.session.flush()
            return
    wait.steps = WAIT_STEPS
    work.session.flush()
    office = office_of_waits(work)
    if office is not None:
        _tell(work, without(work, people_with_role(work, office, whole=True), around))


def _ask_one(work: Work, able: Sequence[int], wait: CaseWait) -> int | None:
    """Whoever could be told, beginning behind whoever was last; None if nobody could be."""
    for person_id in next_to_ask(able, wait.last_asked_person_id):
        if _tell(work, [person_id]):
            return person_id
    return None


def _tell(work: Work, people: Sequence[int]) -> bool:
    """Tell them to look at their list; whether anybody can be told at all."""
    words = [Outgoing("rota", "desk", ("push", "sms"), person_id=one) for one in people]
    return any(message.state != _HELD for message in send_all(work, words))


def _again(work: Work, wait: CaseWait) -> None:
    due_at = work.clock.now() + EACH
    set_timer(work, kind=ASK, subject_type=WAIT, subject_id=wait.id, due_at=due_at)


def _end(work: Work, wait: CaseWait) -> None:
    wait.ended_at = work.clock.now()
    finish_timers(work, WAIT, wait.id)


def _differ(work: Work, case: LegalCase) -> bool:
    begun, over = _begun_and_over(work, case)
    return bool(begun or over)


def _begun_and_over(work: Work, case: LegalCase) -> tuple[list[int], list[CaseWait]]:
    waiting = waiting_for(work, case.id)
    counted = work.session.scalars(
        select(CaseWait)
        .where(CaseWait.case_id == case.id, CaseWait.ended_at.is_(None))
        .order_by(CaseWait.id)
        .execution_options(populate_existing=True)
    ).all()
    known = {one.person_id for one in counted}
    begun = [one for one in waiting if one not in known]
    return begun, [one for one in counted if one.person_id not in waiting]
