"""What members asked about readings, and which inquiries there are, for the trustees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select

from union.infra.people import is_present
from union.infra.readings import ReadingInquiry, ReadingInquiryAnswer, ReadingRow
from union.kernel.actor import Role
from union.kernel.errors import NotFoundError
from union.members.queries import member_views
from union.office.models.readings import ReadingAnswer, ReadingQuestion
from union.office.readings.queries.openings import Asked, asked_as, offices_in, words_of

if TYPE_CHECKING:
    from union.infra.work import Work

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, about which reading; whoever asked is not named."""

    ref: str
    reading_id: int
    read_at: datetime
    by: str
    offices: tuple[Role, ...]
    what: str
    reason: str
    words: str
    asked: Asked
    mine: bool
    """Whether whoever looks read it herself, or asked: then another answers."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry: about whom and by whom, with what came of it; ``agreed`` None while it waits."""

    ref: str
    about: str
    reader: str
    proposed_at: datetime
    ends_at: datetime
    agreed: bool | None
    answered_at: datetime | None
    proposed_by_me: bool
    mine: bool
    """Whether whoever looks is the one it is about, or the one who looks into it."""


def questions(work: Work) -> list[Question]:
    """What was asked, what waits first, the latest first."""
    rows = work.session.execute(
        _asked_about()
        .order_by(ReadingAnswer.question_id.is_not(None), ReadingQuestion.id.desc())
        .limit(SHOWN)
    ).all()
    return [_question(work, question, read, answer) for question, read, answer in rows]


def count_waiting(work: Work) -> int:
    """How many questions nobody has answered."""
    answered = select(ReadingAnswer.question_id)
    waiting = select(func.count()).where(ReadingQuestion.id.not_in(answered))
    return work.session.scalar(waiting) or 0


def question_by_ref(work: Work, ref: str) -> Question:
    """One question; NotFoundError."""
    row = work.session.execute(_asked_about().where(ReadingQuestion.ref == ref)).one_or_none()
    if row is None:
        raise NotFoundError
    question, read, answer = row
    return _question(work, question, read, answer)


def inquiries(work: Work) -> list[Inquiry]:
    """Inquiries, the latest first. Nobody finds here the one that is about herself."""
    rows = work.session.execute(
        select(ReadingInquiry, ReadingInquiryAnswer)
        .outerjoin(ReadingInquiryAnswer, ReadingInquiryAnswer.inquiry_id == ReadingInquiry.id)
        .order_by(ReadingInquiry.id.desc())
        .limit(SHOWN)
    ).all()
    named = {one for row in rows for one in (row[0].subject_person_id, row[0].reader_person_id)}
    names = {number: view.label for number, view in member_views(work, named).items()}
    return [
        _inquiry(work, asked, answer, names)
        for asked, answer in rows
        if not is_present(work, asked.subject_person_id)
    ]


def _inquiry(
    work: Work,
    asked: ReadingInquiry,
    answer: ReadingInquiryAnswer | None,
    names: Mapping[int, str],
) -> Inquiry:
    return Inquiry(
        ref=asked.ref,
        about=names.get(asked.subject_person_id, ""),
        reader=names.get(asked.reader_person_id, ""),
        proposed_at=asked.proposed_at,
        ends_at=asked.ends_at,
        agreed=None if answer is None else answer.agreed,
        answered_at=None if answer is None else answer.answered_at,
        proposed_by_me=is_present(work, asked.proposed_by),
        mine=is_present(work, asked.reader_person_id),
    )


def _asked_about() -> Select[ReadingQuestion, ReadingRow, ReadingAnswer]:
    return (
        select(ReadingQuestion, ReadingRow, ReadingAnswer)
        .join(ReadingRow, ReadingRow.id == ReadingQuestion.reading_id)
        .outerjoin(ReadingAnswer, ReadingAnswer.question_id == ReadingQuestion.id)
    )


def _question(
    work: Work, question: ReadingQuestion, read: ReadingRow, answer: ReadingAnswer | None
) -> Question:
    reader = read.actor_person_id
    names = member_views(work, {reader} if reader is not None else set())
    return Question(
        ref=question.ref,
        reading_id=read.id,
        read_at=read.at,
        by=names[reader].label if reader in names else "",
        offices=offices_in(read),
        what=read.what,
        reason=read.reason,
        words=words_of(work, read),
        asked=asked_as(work, question, answer),
        mine=is_present(work, reader, question.asked_by),
    )
