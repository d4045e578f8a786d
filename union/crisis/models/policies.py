"""How a kind is answered, version by version, and the clock of somebody who was taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.custody import CustodyEnd
from union.crisis.rules.kinds import Kind, Severity
from union.infra.db import Base, BigId, Instant, Ref


class CrisisPolicy(Base):
    """One version of how a kind is answered; never changed, for incidents keep theirs.

    ``severity`` and ``branch_id`` None: for any; ``is_over``: from then on the wider one holds.
    The reason for a change lies encrypted in ``words``.
    """

    __tablename__ = "crisis_policy"
    __table_args__ = (
        UniqueConstraint(
            "kind",
            "severity",
            "branch_id",
            "version",
            name="crisis_policy_scope_version_key",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("kind", Kind),
        one_of("severity", Severity),
        CheckConstraint("jsonb_array_length(steps) > 0", "has_steps"),
        CheckConstraint("(key_ref IS NULL) = (words IS NULL)", "words"),
        CheckConstraint("NOT is_over OR num_nonnulls(severity, branch_id) > 0", "widest_stays"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    kind: Mapped[Kind] = mapped_column(column_of(Kind))
    severity: Mapped[Severity | None] = mapped_column(column_of(Severity))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    version: Mapped[int]
    is_over: Mapped[bool]
    quorum: Mapped[dict[str, int]] = mapped_column(JSONB)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    key_ref: Mapped[UUID | None]
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]


class CustodyClock(Base):
    """Somebody was taken at an hour; what was written once stays, a better hour is a new row.

    ``assumed``: nobody has said the hour yet, it is when we heard. ``warned_hours`` is the latest
    warning that was given.
    """

    __tablename__ = "custody_clock"
    __table_args__ = (
        one_of("ended_how", CustodyEnd),
        CheckConstraint("assumed OR made_by_person_id IS NOT NULL", "said_by_a_person"),
        CheckConstraint(
            "num_nonnulls(ended_at, ended_how, ended_by_person_id) IN (0, 3)", "ended_by_a_person"
        ),
        Index(
            "custody_clock_open_key",
            "incident_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index("custody_clock_incident_ix", "incident_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    taken_at: Mapped[Instant]
    assumed: Mapped[bool]
    warned_hours: Mapped[int]
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[CustodyEnd | None] = mapped_column(column_of(CustodyEnd))
    ended_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
