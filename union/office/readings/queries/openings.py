"""What others opened of hers, as she sees it: every reading that was written down (P3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select, text

from union.crisis.models import Contact, Taken
from union.infra.keystore import KeyGoneError
from union.infra.readings import (
    REASON_WORDS,
    ReadingInquiry,
    ReadingInquiryAnswer,
    ReadingRow,
)
from union.kernel.actor import Role
from union.kernel.errors import NotFoundError
from union.legal.models import LegalCase
from union.members.queries import MemberView, all_entries_of, member_views
from union.office.models.readings import ReadingAnswer, ReadingQuestion
from union.office.readings.rules import BY_OFFICE_ONLY, Outcome

if TYPE_CHECKING:
    from union.infra.work import Work

PAGE = 20
QUESTION_WORDS = "reading_question.words"
ANSWER_WORDS = "reading_answer.words"

_PROOF = text("""
SELECT r.id, encode(r.salt, 'hex') AS salt, reading_text(r) AS said, n.seal_id
  FROM reading r LEFT JOIN reading_sealed n ON n.reading_id = r.id WHERE r.id = :number
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """Her question about a reading, and what came of it."""

    at: datetime
    words: str
    outcome: Outcome | None
    answer: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One reading: when, by whom ("" where only the office is told), what and why, as codes.

    ``offices`` are those she held at that moment. ``kept_until`` is set where two trustees kept it
    back until then. ``may_be_proved`` is False where the proof would name whom the line does not.
    """

    number: int
    ref: str
    at: datetime
    by: str
    what: str
    offices: tuple[Role, ...]
    reason: str
    words: str
    kept_until: datetime | None
    asked: Asked | None
    may_be_proved: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """For so long two trustees kept somebody's readings back from her; it is over."""

    begun_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """One row opened: whoever hashes its salt and text finds it in the chain."""

    number: int
    salt: str
    said: str
    seal_id: int | None


def openings_of(
    work: Work, person_id: int, before: str | None = None, limit: int = PAGE
) -> list[Opening]:
    """What others opened of hers, the latest first; with ``before`` what lies before that one.

    A case, a call or a line of a list counts from its first reading also if it was only later known
    to be hers. Whoever was made to sign in is shown what somebody sees to whom nothing happened.
    """
    if work.actor.duress:
        return []
    rows = select(ReadingRow).where(hers(work, person_id))
    if before is not None:
        last = select(ReadingRow.id).where(ReadingRow.ref == before).scalar_subquery()
        rows = rows.where(ReadingRow.id < last)
    return _shown(
        work, work.session.scalars(rows.order_by(ReadingRow.id.desc()).limit(limit)).all()
    )


def reading_of(work: Work, person_id: int, ref: str) -> ReadingRow:
    """One reading of hers that she may see by now; NotFoundError for any other."""
    mine = select(ReadingRow).where(ReadingRow.ref == ref, hers(work, person_id))
    row = None if work.actor.duress else work.session.scalar(mine)
    if row is None:
        raise NotFoundError
    return row


def opening_of(work: Work, person_id: int, ref: str) -> Opening:
    """The same as she sees it; NotFoundError."""
    (shown,) = _shown(work, [reading_of(work, person_id, ref)])
    return shown


def proof_for_her(work: Work, person_id: int, ref: str) -> Proof:
    """A reading of hers opened for whoever checks; NotFoundError where only the office is told.

    The text that is committed to holds who read it.
    """
    row = reading_of(work, person_id, ref)
    if row.what in BY_OFFICE_ONLY:
        raise NotFoundError
    return proof_of(work, row.id)


def delays_of(work: Work, person_id: int) -> list[Delay]:
    """When two trustees kept readings back from her, and that is over; the latest first."""
    if work.actor.duress:
        return []
    kept = (
        select(ReadingInquiryAnswer.answered_at, ReadingInquiry.ends_at)
        .join(ReadingInquiry, ReadingInquiry.id == ReadingInquiryAnswer.inquiry_id)
        .where(
            ReadingInquiry.subject_person_id.in_(all_entries_of(work.session, person_id)),
            ReadingInquiryAnswer.agreed,
            ReadingInquiry.ends_at <= work.clock.now(),
        )
        .order_by(ReadingInquiry.ends_at.desc())
    )
    return [Delay(begun, ended) for begun, ended in work.session.execute(kept)]


def proof_of(work: Work, reading_id: int) -> Proof:
    """A reading's salt and text."""
    row = work.session.execute(_PROOF, {"number": reading_id}).one()
    return Proof(row.id, row.salt, row.said, row.seal_id)


def hers(work: Work, person_id: int) -> ColumnElement[bool]:
    """What makes a reading one of hers, by somebody else, and hers to see by now.

    Objects are asked for by what they are to her now: linking one to her writes no new reading.
    """
    session, ids = work.session, all_entries_of(work.session, person_id)
    cases = session.execute(
        select(LegalCase.id, LegalCase.incident_id).where(LegalCase.subject_person_id.in_(ids))
    ).all()
    objects = {
        "legal_case": [case.id for case in cases],
        "incident": [case.incident_id for case in cases if case.incident_id is not None],
        "contact": session.scalars(select(Contact.id).where(Contact.person_id.in_(ids))).all(),
        "taken": session.scalars(select(Taken.id).where(Taken.person_id.in_(ids))).all(),
    }
    about_her = [
        and_(ReadingRow.object_type == kind, ReadingRow.object_id.in_(found))
        for kind, found in objects.items()
        if found
    ]
    return and_(
        or_(ReadingRow.subject_person_id.in_(ids), *about_her),
        or_(ReadingRow.actor_person_id.is_(None), ReadingRow.actor_person_id.not_in(ids)),
        or_(ReadingRow.shown_from.is_(None), ReadingRow.shown_from <= work.clock.now()),
    )


def offices_in(row: ReadingRow) -> tuple[Role, ...]:
    """The offices that are written in a reading; one that was given up since is left out."""
    known = {role.value for role in Role}
    return tuple(Role(code) for code in row.office_codes if code in known)


def words_of(work: Work, row: ReadingRow) -> str:
    """The reader's own words for her reason; "" where there are none, or they were erased."""
    if row.reason_words is None or row.words_key is None:
        return ""
    try:
        return work.vault.decrypt(row.words_key, REASON_WORDS, row.ref, row.reason_words)
    except KeyGoneError:
        return ""


def _shown(work: Work, rows: Sequence[ReadingRow]) -> list[Opening]:
    named = {row.actor_person_id for row in rows if row.what not in BY_OFFICE_ONLY}
    names = member_views(work, {one for one in named if one is not None})
    asked = _asked(work, [row.id for row in rows])
    return [
        Opening(
            number=row.id,
            ref=row.ref,
            at=row.at,
            by=_by(row, names),
            what=row.what,
            offices=offices_in(row),
            reason=row.reason,
            words=words_of(work, row),
            kept_until=row.shown_from,
            asked=asked.get(row.id),
            may_be_proved=row.what not in BY_OFFICE_ONLY,
        )
        for row in rows
    ]


def _by(row: ReadingRow, names: Mapping[int, MemberView]) -> str:
    reader = row.actor_person_id
    if reader is None or reader not in names or row.what in BY_OFFICE_ONLY:
        return ""
    return names[reader].label


def _asked(work: Work, reading_ids: Sequence[int]) -> dict[int, Asked]:
    rows = work.session.execute(
        select(ReadingQuestion, ReadingAnswer)
        .outerjoin(ReadingAnswer, ReadingAnswer.question_id == ReadingQuestion.id)
        .where(ReadingQuestion.reading_id.in_(reading_ids))
    ).all()
    return {question.reading_id: asked_as(work, question, answer) for question, answer in rows}


def asked_as(work: Work, question: ReadingQuestion, answer: ReadingAnswer | None) -> Asked:
    """A question and its answer in the clear; words that were erased are "" again."""
    return Asked(
        at=question.asked_at,
        words=_clear(work, question, QUESTION_WORDS, question.words),
        outcome=None if answer is None else Outcome(answer.outcome),
        answer="" if answer is None else _clear(work, question, ANSWER_WORDS, answer.words),
    )


def _clear(work: Work, question: ReadingQuestion, place: str, blob: bytes | None) -> str:
    if blob is None:
        return ""
    try:
        return work.vault.decrypt(question.key_ref, place, question.ref, blob)
    except KeyGoneError:
        return ""
