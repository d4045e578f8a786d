"""Who opened what, and why: one row for each reading of a sealed field or a case (P3).

Owns the rows and the one way to write them; whoever opens something writes it down here first and
shows it only after the commit. Never decides who may open what. The chain over the rows is
``reading_seals``; a row says ids and codes, its words lie under a key, outside the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref
from union.infra.people import Person
from union.infra.timers import Timer, set_timer
from union.kernel.actor import Role
from union.kernel.errors import UnionError
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.infra.work import Work

SEAL_READINGS = "seal_readings"
READINGS = ("readings", 0)
"""Subject of the chain's timers: there is one chain."""

SEALED_WITHIN = timedelta(minutes=1)
"""So long after it was written a reading lies under a seal, while a worker runs."""

COMMITTED_BY = timedelta(seconds=10)
"""A timer that is due sooner may fire before this reading is committed: it does not count."""

REASON_WORDS = "reading.reason_words"
LONGEST_REASON = 300

_SEALED_SOON = "readings.sealed_soon"


class Reason(StrEnum):
    """Why something was opened."""

    SHE_ASKED = "she_asked"
    CLAIM = "claim"
    CASE_WORK = "case_work"
    SAFETY = "safety"
    MISTAKE = "mistake"
    COURT_ORDER = "court_order"
    AUDIT = "audit"
    OTHER = "other"
    ON_THE_SPOT = "on_the_spot"
    """The list of those taken, read by whoever is there or at the desk: seconds count."""
    BEFORE_REASONS = "before_reasons"
    """Read before reasons were asked for; the database takes none such any more."""


ASKED = tuple(one for one in Reason if one not in {Reason.ON_THE_SPOT, Reason.BEFORE_REASONS})
"""What a reader can choose from."""


class ReasonMissingError(UnionError):
    """Something else, but not what; or a reason nobody can give."""

    code = "reason_missing"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason; the words are for her whose it is, and only where they are needed."""

    reason: Reason
    words: str = ""

    def __post_init__(self) -> None:
        """ReasonMissingError where it says nothing."""
        if self.reason is Reason.BEFORE_REASONS or (
            self.reason is Reason.OTHER and not self.words.strip()
        ):
            raise ReasonMissingError


@dataclass(frozen=True, slots=True)
class Reading:
    """What is opened, whose it is (None where nobody knows) and why, as she will see it."""

    action: str
    object_type: str
    object_id: int
    subject_person_id: int | None
    why: Why


class ReadingRow(Base):
    """One reading; number, salt and delay are the database's own, and nobody changes a row.

    ``office_codes`` are the offices the reader held at that moment. ``shown_from`` is set where two
    trustees look into somebody, for thirty days at most.
    """

    __tablename__ = "reading"
    __table_args__ = (
        CheckConstraint("actor_name ~ '^[a-z0-9_ .-]+$'", name="actor_name"),
        CheckConstraint(
            "array_to_string(office_codes, ',', '|') ~ '^[a-z_,]*$'", name="office_codes"
        ),
        CheckConstraint("object_type ~ '^[a-z_]+$'", name="object_type"),
        CheckConstraint("what ~ '^[a-z_]+$'", name="what"),
        CheckConstraint(
            "reason IN ('she_asked', 'claim', 'case_work', 'safety', 'mistake', 'court_order',"
            " 'audit', 'other', 'on_the_spot', 'before_reasons')",
            name="reason",
        ),
        CheckConstraint("octet_length(salt) = 16", name="salt"),
        CheckConstraint("(reason_words IS NULL) = (words_key IS NULL)", name="words"),
        CheckConstraint("reason <> 'other' OR reason_words IS NOT NULL", name="other"),
        CheckConstraint(
            "(shown_from IS NULL) = (inquiry_id IS NULL)"
            " AND (shown_from IS NULL OR shown_from <= at + interval '720 hours')",
            name="shown",
        ),
        Index("reading_subject_ix", "subject_person_id", "id"),
        Index("reading_object_ix", "object_type", "object_id", "id"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )
    ref: Mapped[Ref]
    at: Mapped[Instant]
    actor_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    actor_name: Mapped[str] = mapped_column(String(40))
    office_codes: Mapped[list[str]] = mapped_column(postgresql.ARRAY(String(24)))
    subject_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    object_type: Mapped[str] = mapped_column(String(24))
    object_id: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(16))
    reason_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    words_key: Mapped[UUID | None] = mapped_column(postgresql.UUID(as_uuid=True))
    salt: Mapped[bytes] = mapped_column(LargeBinary, server_default=FetchedValue(), deferred=True)
    shown_from: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), server_default=FetchedValue()
    )
    inquiry_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("reading_inquiry.id"), server_default=FetchedValue()
    )


class ReadingInquiry(Base):
    """Two trustees look into somebody: what one reader opens of hers is shown to her later.

    It begins with the second trustee's yes and ends by itself, at most thirty days later.
    """

    __tablename__ = "reading_inquiry"
    __table_args__ = (
        CheckConstraint(
            "ends_at > proposed_at AND ends_at <= proposed_at + interval '720 hours'", name="days"
        ),
        Index("reading_inquiry_ends_ix", "ends_at"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    subject_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    reader_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    proposed_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    proposed_at: Mapped[Instant]
    ends_at: Mapped[Instant]


class ReadingInquiryAnswer(Base):
    """The second trustee's yes or no."""

    __tablename__ = "reading_inquiry_answer"

    inquiry_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("reading_inquiry.id"), primary_key=True
    )
    answered_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    answered_at: Mapped[Instant]
    agreed: Mapped[bool]


def write_down(work: Work, reading: Reading, key_ref: UUID) -> None:
    """Write a reading down before anything is opened; show it only after the commit.

    ``key_ref`` is the key of what is opened: the reader's words lie under it where nobody knows
    whose it is, else under hers.
    """
    ref = new_ref()
    words_key, words = None, None
    if reading.why.words.strip():
        words_key = _words_key(work, reading, key_ref)
        said = reading.why.words.strip()[:LONGEST_REASON]
        words = work.vault.encrypt(words_key, REASON_WORDS, ref, said)
    row = _row(work, reading, ref)
    row.reason_words, row.words_key = words, words_key
    _add(work, [row])


def write_all_down(work: Work, readings: Sequence[Reading]) -> None:
    """As ``write_down`` for many at once, whose reasons need no words."""
    _add(work, [_row(work, reading, new_ref()) for reading in readings])


def _row(work: Work, reading: Reading, ref: str) -> ReadingRow:
    return ReadingRow(
        ref=ref,
        at=work.clock.now(),
        actor_person_id=work.actor.person_id,
        actor_name=work.actor.name,
        office_codes=sorted(role for role in work.actor.roles if role is not Role.MEMBER),
        subject_person_id=reading.subject_person_id,
        object_type=reading.object_type,
        object_id=reading.object_id,
        what=reading.action,
        reason=reading.why.reason,
    )


def _add(work: Work, rows: Sequence[ReadingRow]) -> None:
    work.session.add_all(rows)
    work.session.flush()
    if rows:
        _seal_soon(work)


def _words_key(work: Work, reading: Reading, key_ref: UUID) -> UUID:
    if reading.subject_person_id is None:
        return key_ref
    return work.session.get_one(Person, reading.subject_person_id).key_ref


def _seal_soon(work: Work) -> None:
    """Have the chain laid over this within a minute; once in a work, and off the page's way."""
    if _SEALED_SOON in work.known:
        return
    work.known[_SEALED_SOON] = True
    now = work.clock.now()
    subject_type, subject_id = READINGS
    waits = select(Timer.id).where(
        Timer.subject_type == subject_type,
        Timer.subject_id == subject_id,
        Timer.done_at.is_(None),
        Timer.kind == SEAL_READINGS,
        Timer.due_at.between(now + COMMITTED_BY, now + SEALED_WITHIN),
    )
    if work.session.scalar(waits.limit(1)) is None:
        set_timer(
            work,
            kind=SEAL_READINGS,
            subject_type=subject_type,
            subject_id=subject_id,
            due_at=now + SEALED_WITHIN,
        )
