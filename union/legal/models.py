"""Cases, the people in them, her consent and what was done; each case has a key of its own.

Everything a person wrote lies encrypted under the case's key; codes, dates and ids alone lie
open. Events and parties are only ever added, consent only withdrawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref

_CLOSED = "(state = 'closed') = (num_nonnulls(closed_at, closed_by_person_id, outcome) = 3)"
_PURPOSES = "purpose IN ('read_timeline', 'follow_up', 'share_lawyer', 'share_court', 'count_only')"


class LegalCase(Base):
    """One matter of one person; the database keeps a timer on it as long as it is open."""

    __tablename__ = "legal_case"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", "state"),
        CheckConstraint("state <> 'open' OR num_nonnulls(next_step, next_on) = 2", "next_step"),
        CheckConstraint("(assignee_person_id IS NULL) = (assigned_at IS NULL)", "assigned"),
        CheckConstraint("assignee_person_id <> subject_person_id", "not_her_own"),
        CheckConstraint(_CLOSED, "closed"),
        Index(
            "legal_case_assignee_ix",
            "assignee_person_id",
            "next_on",
            postgresql_where="state = 'open'",
        ),
        Index("legal_case_subject_ix", "subject_person_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    incident_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("incident.id"), unique=True
    )
    subject_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    acts: Mapped[list[str]] = mapped_column(ARRAY(String(24)))
    state: Mapped[str] = mapped_column(String(24))
    opened_at: Mapped[Instant]
    opened_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    assignee_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    assigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_step: Mapped[str | None] = mapped_column(String(24))
    next_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    next_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(24))


class CaseParty(Base):
    """Somebody in the case, by what they are in it; who, in encrypted words."""

    __tablename__ = "case_party"
    __table_args__ = (Index("case_party_case_ix", "case_id", "id"),)

    id: Mapped[BigId]
    ref: Mapped[Ref]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    role: Mapped[str] = mapped_column(String(24))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[Instant]
    added_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class CaseConsent(Base):
    """Her yes to one purpose and one recipient, until she takes it back."""

    __tablename__ = "case_consent"
    __table_args__ = (
        CheckConstraint(_PURPOSES, "purpose"),
        CheckConstraint("recipient IN ('paralegal', 'lawyer', 'court', 'union')", "recipient"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_person_id IS NULL)", "withdrawn"),
        Index(
            "case_consent_standing_key",
            "case_id",
            "purpose",
            "recipient",
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    purpose: Mapped[str] = mapped_column(String(24))
    recipient: Mapped[str] = mapped_column(String(24))
    given_on: Mapped[date]
    recorded_at: Mapped[Instant]
    recorded_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class CaseEvent(Base):
    """One line of a case's story: a code, plain facts, and a note in encrypted words."""

    __tablename__ = "case_event"
    __table_args__ = (Index("case_event_case_ix", "case_id", "id"),)

    id: Mapped[BigId]
    ref: Mapped[Ref]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    at: Mapped[Instant]
    code: Mapped[str] = mapped_column(String(40))
    actor_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
