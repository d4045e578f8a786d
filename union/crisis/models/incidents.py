"""What is happening somewhere, what was decided and what was done, in order and for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.kinds import (
    AsSheWished,
    ClosedBy,
    IncidentState,
    Kind,
    Outcome,
    Severity,
    WitnessKnows,
)
from union.infra.db import Base, BigId, Instant, KeyRef, Ref

_CLOSED = (
    "(state = 'closed') = "
    "(num_nonnulls(closed_at, closed_by_person_id, witness_person_id, closed_how, outcome,"
    " as_she_wished) = 6)"
)


class Incident(Base):
    """One event: a team sought and filled, ended only by somebody who saw or heard her.

    ``needs`` is how many of which role; ``step`` is where in its policy the search stands.
    """

    __tablename__ = "incident"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("severity", Severity),
        one_of("state", IncidentState),
        one_of("witness_knows", WitnessKnows),
        CheckConstraint(_CLOSED, "closed_by_a_witness"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", "merged_into"),
        CheckConstraint("merged_into_id <> id", "not_into_itself"),
        Index("incident_open_ix", "opened_at", postgresql_where="state IN ('seeking', 'filled')"),
        Index(
            "incident_merged_into_ix",
            "merged_into_id",
            postgresql_where="merged_into_id IS NOT NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    kind: Mapped[Kind] = mapped_column(column_of(Kind))
    severity: Mapped[Severity] = mapped_column(column_of(Severity))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    cell: Mapped[str | None] = mapped_column(String(15))
    cell_exact: Mapped[bool]
    place: Mapped[bytes | None] = mapped_column(LargeBinary)
    people: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(40))
    gender_wish: Mapped[str | None] = mapped_column(String(20))
    safe_word_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    policy_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("crisis_policy.id"))
    needs: Mapped[dict[str, int]] = mapped_column(JSONB)
    step: Mapped[int]
    rounds: Mapped[int]
    state: Mapped[IncidentState] = mapped_column(column_of(IncidentState))
    opened_at: Mapped[Instant]
    last_contact_at: Mapped[Instant]
    filled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    held_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    held_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    witness_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    closed_how: Mapped[ClosedBy | None] = mapped_column(column_of(ClosedBy))
    witness_knows: Mapped[WitnessKnows | None] = mapped_column(column_of(WitnessKnows))
    outcome: Mapped[Outcome | None] = mapped_column(column_of(Outcome, 30))
    as_she_wished: Mapped[AsSheWished | None] = mapped_column(column_of(AsSheWished))
    follow_up: Mapped[bool]
    merged_into_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("incident.id"))
    split_from_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("incident.id"))


class IncidentAvoid(Base):
    """Somebody named in this conflict, or whom the caller does not want: never asked."""

    __tablename__ = "incident_avoid"

    incident_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("incident.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)


class IncidentEvent(Base):
    """One line of the timeline; the database refuses to change or delete it.

    ``facts`` holds ids, codes and counts; words a person wrote lie encrypted in ``words``.
    """

    __tablename__ = "incident_event"
    __table_args__ = (Index("incident_event_incident_ix", "incident_id", "id"),)

    id: Mapped[BigId]
    ref: Mapped[Ref]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    at: Mapped[Instant]
    code: Mapped[str] = mapped_column(String(40))
    actor_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    page_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("page.id"))
    contact_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("contact.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)


class IncidentChoice(Base):
    """One decision about whom to ask: what went in, who came out and why; never changed."""

    __tablename__ = "incident_choice"
    __table_args__ = (Index("incident_choice_incident_ix", "incident_id", "id"),)

    id: Mapped[BigId]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    at: Mapped[Instant]
    step: Mapped[int]
    asked_as: Mapped[str] = mapped_column(String(24))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    chosen: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
