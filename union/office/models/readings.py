"""Whose hands the readings are in: who writes heads down, and what was asked about a reading.

Words lie under the key of whoever asked.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class ReadingKeeper(Base):
    """A trustee took one of the two places, or gave it up (``person_id`` None); the newest counts.

    Numbered by the database.
    """

    __tablename__ = "reading_keeper"
    __table_args__ = (
        CheckConstraint("place IN (1, 2)", name="place"),
        Index("reading_keeper_place_ix", "place", "id"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )
    place: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class ReadingHeadReceipt(Base):
    """One trustee has written a head down, and signed that she has."""

    __tablename__ = "reading_head_receipt"
    __table_args__ = (
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        CheckConstraint("octet_length(signature) = 64", name="signature"),
    )

    head_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("reading_head.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    written_at: Mapped[Instant]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class ReadingQuestion(Base):
    """What was not right, said once of a reading by her whom it is about."""

    __tablename__ = "reading_question"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    reading_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("reading.id"), unique=True)
    asked_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    asked_at: Mapped[Instant]
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_ref: Mapped[KeyRef]


class ReadingAnswer(Base):
    """What a trustee found; she reads it beside the reading."""

    __tablename__ = "reading_answer"
    __table_args__ = (
        CheckConstraint("outcome IN ('was_right', 'was_not_right', 'cannot_tell')", name="outcome"),
    )

    question_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("reading_question.id"), primary_key=True
    )
    answered_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    answered_at: Mapped[Instant]
    outcome: Mapped[str] = mapped_column(String(16))
    words: Mapped[bytes] = mapped_column(LargeBinary)
