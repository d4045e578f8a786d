"""She says that a reading was not right, and a trustee finds out.

Invariant: a question has a timer until somebody answered it; whoever opened it or asked does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.identity.queries import people_with_role
from union.infra import audit
from union.infra.people import Person, is_present, whose
from union.infra.readings import ReadingRow
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.messages.services import Outgoing, send_all
from union.office.models.readings import ReadingAnswer, ReadingQuestion
from union.office.readings.errors import (
    AnsweredAlreadyError,
    AskedAlreadyError,
    NotYoursToAnswerError,
)
from union.office.readings.queries.openings import ANSWER_WORDS, QUESTION_WORDS, reading_of
from union.office.readings.rules import LOOK_AGAIN, Outcome

if TYPE_CHECKING:
    from union.infra.work import Work

QUESTION = "readings_question"
"""Kind and subject of the timer."""

QUESTION_LOCK = 4703


def ask_about(work: Work, reading_ref: str, words: str) -> ReadingQuestion:
    """Say that a reading of hers was not right; the trustees are told to look.

    NotFoundError for a reading that is not hers to see, AskedAlreadyError the second time.
    """
    person_id = work.actor.person_id
    if person_id is None:
        raise NotFoundError
    row = reading_of(work, person_id, reading_ref)
    asked = select(ReadingQuestion.id).where(ReadingQuestion.reading_id == row.id)
    if work.session.scalar(asked) is not None:
        raise AskedAlreadyError
    key_ref = work.session.get_one(Person, person_id).key_ref
    ref = new_ref()
    question = ReadingQuestion(
        ref=ref,
        reading_id=row.id,
        asked_by=person_id,
        asked_at=work.clock.now(),
        words=work.vault.encrypt(key_ref, QUESTION_WORDS, ref, words.strip()) if words else None,
        key_ref=key_ref,
    )
    work.session.add(question)
    work.session.flush()
    _tell_trustees(work, question, row)
    return question


def answer_question(work: Work, question_ref: str, outcome: Outcome, words: str) -> ReadingAnswer:
    """Write down what was found; she reads it beside the reading.

    NotFoundError, AnsweredAlreadyError, NotYoursToAnswerError.
    """
    if work.actor.person_id is None or not work.actor.has(Role.TRUSTEE):
        raise NotAllowedError
    question = work.session.scalar(
        select(ReadingQuestion).where(ReadingQuestion.ref == question_ref)
    )
    if question is None:
        raise NotFoundError
    _hold(work, question)
    if work.session.get(ReadingAnswer, question.id) is not None:
        raise AnsweredAlreadyError
    row = work.session.get_one(ReadingRow, question.reading_id)
    if is_present(work, row.actor_person_id, question.asked_by):
        raise NotYoursToAnswerError
    answer = ReadingAnswer(
        question_id=question.id,
        answered_by=work.actor.person_id,
        answered_at=work.clock.now(),
        outcome=outcome,
        words=work.vault.encrypt(question.key_ref, ANSWER_WORDS, question.ref, words.strip()),
    )
    work.session.add(answer)
    work.session.flush()
    finish_timers(work, QUESTION, question.id)
    audit.log(work, "reading_answered", object_type="reading_question", object_id=question.id)
    return answer


def on_question(work: Work, timer: Timer) -> None:
    """Nobody has answered: the trustees are told again, over and over."""
    question = work.session.get_one(ReadingQuestion, timer.subject_id)
    _hold(work, question)
    if not take_timer(work, timer) or work.session.get(ReadingAnswer, question.id) is not None:
        return
    _tell_trustees(work, question, work.session.get_one(ReadingRow, question.reading_id))


def _hold(work: Work, question: ReadingQuestion) -> None:
    """Whoever answers, and the timer, go one after the other; the row itself nobody may lock."""
    work.session.execute(select(func.pg_advisory_xact_lock(QUESTION_LOCK, question.id % 2**31)))


def _tell_trustees(work: Work, question: ReadingQuestion, row: ReadingRow) -> None:
    """All but whoever opened it or asked; by day, in words that say nothing."""
    trustees = people_with_role(work, Role.TRUSTEE)
    people = whose(work.session, {*trustees, question.asked_by, row.actor_person_id})
    not_these = {people.get(question.asked_by), people.get(row.actor_person_id)}
    send_all(
        work,
        [
            Outgoing(purpose="rota", template="desk", channels=("push", "sms"), person_id=one)
            for one in trustees
            if people[one] not in not_these
        ],
    )
    set_timer(
        work,
        kind=QUESTION,
        subject_type=QUESTION,
        subject_id=question.id,
        due_at=work.clock.now() + LOOK_AGAIN,
    )


TIMERS: Mapping[str, TimerHandler] = {QUESTION: on_question}
"""Who acts when a timer about readings is due."""
