"""Two trustees look into one of our own without telling her at once; she is told afterwards.

Invariant: two different trustees, neither the one it is about nor the one who looks into it, and
thirty days at most. What was read stands in the chain at once; only her page waits.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.infra import audit
from union.infra.people import whose
from union.infra.readings import ReadingInquiry, ReadingInquiryAnswer
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.office.queries.naming import person_by_card
from union.office.readings.errors import (
    InquiryAnsweredError,
    InquiryNotByTwoError,
    InquiryTooLongError,
)
from union.office.readings.rules import LONGEST_INQUIRY

if TYPE_CHECKING:
    from datetime import date

    from union.infra.work import Work

INQUIRY_LOCK = 4704


def propose_inquiry(work: Work, about: str, reader: str, until: date) -> ReadingInquiry:
    """Ask a second trustee; both women are named by their cards, ``until`` is the last day.

    NotFoundError, InquiryTooLongError, InquiryNotByTwoError.
    """
    person_id = _trustee(work)
    subject, looking = person_by_card(work, about), person_by_card(work, reader)
    if subject is None or looking is None:
        raise NotFoundError
    _refuse_same(work, person_id, subject, looking)
    now = work.clock.now()
    ends_at = datetime.combine(until + timedelta(days=1), time(), work.clock.zone)
    if not now < ends_at <= now + LONGEST_INQUIRY:
        raise InquiryTooLongError
    inquiry = ReadingInquiry(
        ref=new_ref(),
        subject_person_id=subject,
        reader_person_id=looking,
        proposed_by=person_id,
        proposed_at=now,
        ends_at=ends_at,
    )
    work.session.add(inquiry)
    work.session.flush()
    audit.log(work, "inquiry_proposed", object_type="reading_inquiry", object_id=inquiry.id)
    return inquiry


def answer_inquiry(work: Work, ref: str, *, agreed: bool) -> None:
    """The second trustee's yes or no; whoever proposed it may only take it back.

    NotFoundError, InquiryAnsweredError, InquiryTooLongError once its last day is over.
    """
    person_id = _trustee(work)
    inquiry = work.session.scalar(select(ReadingInquiry).where(ReadingInquiry.ref == ref))
    if inquiry is None:
        raise NotFoundError
    work.session.execute(select(func.pg_advisory_xact_lock(INQUIRY_LOCK, inquiry.id % 2**31)))
    if work.session.get(ReadingInquiryAnswer, inquiry.id) is not None:
        raise InquiryAnsweredError
    if agreed:
        _refuse_same(work, person_id, inquiry.subject_person_id, inquiry.reader_person_id)
        people = whose(work.session, {person_id, inquiry.proposed_by})
        if people[person_id] == people[inquiry.proposed_by]:
            raise InquiryNotByTwoError
        if inquiry.ends_at <= work.clock.now():
            raise InquiryTooLongError
    work.session.add(
        ReadingInquiryAnswer(
            inquiry_id=inquiry.id,
            answered_by=person_id,
            answered_at=work.clock.now(),
            agreed=agreed,
        )
    )
    work.session.flush()
    audit.log(work, "inquiry_answered", object_type="reading_inquiry", object_id=inquiry.id)


def _refuse_same(work: Work, trustee: int, subject: int, reader: int) -> None:
    people = whose(work.session, {trustee, subject, reader})
    three = [people[one] for one in (trustee, subject, reader)]
    if len(set(three)) < len(three):
        raise InquiryNotByTwoError


def _trustee(work: Work) -> int:
    if work.actor.person_id is None or not work.actor.has(Role.TRUSTEE):
        raise NotAllowedError
    return work.actor.person_id
