"""People taken in a raid: each under a key of her own, her history and her medicine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.taken import Change, MedicineEnd, Source, Standing
from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class TakenSheet(Base):
    """A list somebody is typing, kept as she types under the incident's key; one sheet, one key."""

    __tablename__ = "taken_sheet"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(
            "taken_sheet_open_ix",
            "incident_id",
            "by_person_id",
            postgresql_where="done_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    key: Mapped[str] = mapped_column(String(32))
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[Instant]
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Taken(Base):
    """One person of one incident. ``typed`` is her line as typed, ``name`` what she is called now.

    ``taken_at`` is the hour we heard until somebody says the true one. ``minor`` is sealed, and
    every row has such a mark where anybody could open one, so that having one says nothing.
    """

    __tablename__ = "taken"
    __table_args__ = (
        UniqueConstraint("incident_id", "number"),
        UniqueConstraint("key_ref"),
        one_of("standing", Standing),
        CheckConstraint("standing <> 'produced' OR produced_at IS NOT NULL", "produced"),
        CheckConstraint("journey_minutes BETWEEN 0 AND 2880", "journey"),
        Index("taken_person_ix", "person_id", postgresql_where="person_id IS NOT NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    number: Mapped[int]
    key_ref: Mapped[KeyRef]
    sheet_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("taken_sheet.id"))
    typed: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    standing: Mapped[Standing] = mapped_column(column_of(Standing))
    standing_at: Mapped[Instant]
    taken_at: Mapped[Instant]
    assumed: Mapped[bool]
    journey_minutes: Mapped[int | None]
    produced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    warned_hours: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    minor: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class TakenEvent(Base):
    """One change of hers, when it happened, when it was written and whose word it is; for good."""

    __tablename__ = "taken_event"
    __table_args__ = (
        one_of("code", Change),
        one_of("source", Source),
        CheckConstraint("(standing IS NOT NULL) = (code IN ('listed', 'standing'))", "standing"),
        CheckConstraint("code = 'warned' OR num_nonnulls(source, by_person_id) = 2", "whose_word"),
        Index("taken_event_taken_ix", "taken_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    taken_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("taken.id"))
    at: Mapped[Instant]
    happened_at: Mapped[Instant]
    code: Mapped[Change] = mapped_column(column_of(Change))
    standing: Mapped[Standing | None] = mapped_column(column_of(Standing))
    source: Mapped[Source | None] = mapped_column(column_of(Source))
    by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)


class TakenMedicine(Base):
    """What she needs by when; asked after until somebody gave it, or it is not needed.

    One wrongly written stays and is ended by the row that puts it right, ``corrects_id``.
    """

    __tablename__ = "taken_medicine"
    __table_args__ = (
        UniqueConstraint("corrects_id"),
        one_of("ended_how", MedicineEnd),
        CheckConstraint(
            "num_nonnulls(ended_at, ended_how, ended_by_person_id) IN (0, 3)",
            "ended_by_a_person",
        ),
        Index("taken_medicine_taken_ix", "taken_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    taken_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("taken.id"))
    corrects_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("taken_medicine.id"))
    what: Mapped[bytes] = mapped_column(LargeBinary)
    due_at: Mapped[Instant]
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[MedicineEnd | None] = mapped_column(column_of(MedicineEnd))
    ended_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class MeetingPoint(Base):
    """Where whoever comes meets for one incident; the newest row counts, none is changed."""

    __tablename__ = "meeting_point"
    __table_args__ = (Index("meeting_point_incident_ix", "incident_id", "id"),)

    id: Mapped[BigId]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    landmark_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("landmark.id"))
    at: Mapped[Instant]
    by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
