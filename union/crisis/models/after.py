"""Tables of what follows an end: clocks of medicine, debriefs, lessons and their follow-up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.debrief import LessonTag
from union.crisis.rules.medical import CareEnd, HandedOn
from union.infra.db import Base, BigId, Instant, Ref


class MedicalClock(Base):
    """Something helps only for some hours, and she wants us to keep them in mind.

    ``what`` and ``whom`` lie under the incident's key and are forgotten when the clock stops;
    ``told_hours`` is the latest reminder given. The keeper was with her.
    """

    __tablename__ = "medical_clock"
    __table_args__ = (
        one_of("ended_how", CareEnd),
        CheckConstraint("she_wants", "she_wants"),
        CheckConstraint("since_at <= made_at AND told_hours >= 0", "hours"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", "ended"),
        CheckConstraint(
            "(ended_by_person_id IS NULL) = (coalesce(ended_how, 'ran_out') = 'ran_out')",
            "ended_by",
        ),
        CheckConstraint(
            "CASE WHEN ended_at IS NULL THEN what IS NOT NULL"
            " ELSE num_nonnulls(what, whom) = 0 END",
            "forgets",
        ),
        Index("medical_clock_kept_ix", "kept_by_person_id", postgresql_where="ended_at IS NULL"),
        Index("medical_clock_incident_ix", "incident_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    what: Mapped[bytes | None] = mapped_column(LargeBinary)
    whom: Mapped[bytes | None] = mapped_column(LargeBinary)
    since_at: Mapped[Instant]
    she_wants: Mapped[bool]
    kept_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    told_hours: Mapped[int]
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[CareEnd | None] = mapped_column(column_of(CareEnd))
    ended_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class MedicalHandover(Base):
    """Somebody is named, asked, and says herself that she carries a clock on.

    ``to_person_id`` None: nobody is named yet. ``she_agrees``: whom the clock is for agreed that
    this one learns of it, though she was not there. Open until answered; then never changed.
    """

    __tablename__ = "medical_handover"
    __table_args__ = (
        one_of("answer", HandedOn),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", "answered"),
        CheckConstraint(
            "coalesce(answer, 'over') <> 'yes' OR (to_person_id IS NOT NULL"
            " AND answered_by_person_id IS NOT NULL"
            " AND answered_by_person_id = to_person_id AND asked_at IS NOT NULL)",
            "her_own_word",
        ),
        CheckConstraint("to_person_id IS NOT NULL OR NOT she_agrees", "nobody_agrees"),
        CheckConstraint("to_person_id <> from_person_id", "to_another"),
        Index(
            "medical_handover_open_key",
            "clock_id",
            unique=True,
            postgresql_where="answered_at IS NULL",
        ),
        Index("medical_handover_clock_ix", "clock_id", "id"),
        Index("medical_handover_to_ix", "to_person_id", postgresql_where="answered_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    clock_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("medical_clock.id"))
    from_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    to_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    she_agrees: Mapped[bool]
    named_at: Mapped[Instant]
    named_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer: Mapped[HandedOn | None] = mapped_column(column_of(HandedOn))
    answered_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Debrief(Base):
    """What one person said of one end; never changed, a second thought is a second row."""

    __tablename__ = "debrief"
    __table_args__ = (
        CheckConstraint("num_nonnulls(went_well, went_badly, next_time) > 0", "says_something"),
        Index("debrief_incident_ix", "incident_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    went_well: Mapped[bytes | None] = mapped_column(LargeBinary)
    went_badly: Mapped[bytes | None] = mapped_column(LargeBinary)
    next_time: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[Instant]
    by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class DebriefPerson(Base):
    """Who was there, and how she is; the word lies under the incident's key."""

    __tablename__ = "debrief_person"

    debrief_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("debrief.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    how: Mapped[bytes] = mapped_column(LargeBinary)


class Lesson(Base):
    """What is to change, who sees to it and by which day; done once, with a word how."""

    __tablename__ = "lesson"
    __table_args__ = (
        one_of("tag", LessonTag),
        CheckConstraint(
            "num_nonnulls(done_at, done_by_person_id) IN (0, 2)"
            " AND (done_at IS NOT NULL OR done_words IS NULL)",
            "done",
        ),
        Index("lesson_open_ix", "due_on", postgresql_where="done_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    tag: Mapped[LessonTag] = mapped_column(column_of(LessonTag))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    owner_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    due_on: Mapped[date]
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    done_words: Mapped[bytes | None] = mapped_column(LargeBinary)
