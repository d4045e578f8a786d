"""Standing as decided by people, payments heard of, and who was reminded; kept for good."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class StandingEvent(Base):
    """A member suspended or reinstated by a person; what the rule said then is kept beside it."""

    __tablename__ = "dues_standing_event"
    __table_args__ = (
        CheckConstraint("what IN ('suspended', 'reinstated')", name="what"),
        Index("dues_standing_event_person_ix", "person_id", "on_day", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(String(16))
    on_day: Mapped[date] = mapped_column(Date)
    months_behind: Mapped[int | None]
    rule_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_rule.id"))
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class KnownPayment(Base):
    """Money of hers that somebody knows of and nobody has booked; she is not reminded meanwhile."""

    __tablename__ = "dues_known"
    __table_args__ = (
        UniqueConstraint("source", "person_id"),
        Index("dues_known_open_ix", "person_id", postgresql_where="done_at IS NULL"),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    source: Mapped[str] = mapped_column(String(64))
    known_at: Mapped[Instant]
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReminderRound(Base):
    """One sending of reminders, by the rule of its day, after somebody saw who would get what."""

    __tablename__ = "dues_reminder_round"
    __table_args__ = (CheckConstraint("extract(day from month) = 1", name="month"),)

    id: Mapped[BigId]
    ref: Mapped[Ref]
    month: Mapped[date] = mapped_column(Date)
    rule_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_rule.id"))
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Reminder(Base):
    """One reminder to one member; never two in one month."""

    __tablename__ = "dues_reminder"
    __table_args__ = (
        UniqueConstraint("person_id", "month"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        Index("dues_reminder_round_ix", "round_id"),
    )

    id: Mapped[BigId]
    round_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_reminder_round.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    month: Mapped[date] = mapped_column(Date)
    level: Mapped[int] = mapped_column(SmallInteger)
    months_behind: Mapped[int]
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("message.id"))
    made_at: Mapped[Instant]
