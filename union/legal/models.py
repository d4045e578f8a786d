"""Cases, the people in them, her consent, with whom they are shared; each has its own key.

Everything a person wrote lies encrypted under the case's key, and but for the next step's words
sealed to the case's room (``room_id``); codes, dates and ids alone lie open. Events and parties
are only ever added, consent only withdrawn, a share only ended; whoever is shut out stays so.
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
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref

_CLOSED = "(state = 'closed') = (num_nonnulls(closed_at, closed_by_person_id, outcome) = 3)"
_PURPOSES = "purpose IN ('read_timeline', 'follow_up', 'share_lawyer', 'share_court', 'count_only')"

_PARTS = "parts <@ ARRAY['her', 'parties', 'story', 'happened']::varchar[]"
_ENDED_HOW = "ended_how IN ('ended', 'over', 'withdrawn', 'office', 'shut_out')"


class LegalCase(Base):
    """One matter of one person; the database keeps a timer on it as long as it is open."""

    __tablename__ = "legal_case"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", "state"),
        CheckConstraint("state <> 'open' OR num_nonnulls(next_step, next_on) = 2", "next_step"),
        CheckConstraint("(assignee_person_id IS NULL) = (assigned_at IS NULL)", "assigned"),
        CheckConstraint("assignee_person_id <> subject_person_id", "not_her_own"),
        CheckConstraint(_CLOSED, "closed"),
        CheckConstraint("kind IN ('aid', 'complaint')", "kind"),
        CheckConstraint(
            "kind = 'aid' OR num_nonnulls(assignee_person_id, incident_id) = 0", "two_receive"
        ),
        Index(
            "legal_case_assignee_ix",
            "assignee_person_id",
            "next_on",
            postgresql_where="state = 'open'",
        ),
        Index("legal_case_subject_ix", "subject_person_id"),
        Index(
            "legal_case_complaint_ix",
            "id",
            postgresql_where="kind = 'complaint' AND state = 'open'",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    kind: Mapped[str] = mapped_column(String(12), server_default="aid")
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
    room_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("case_room.id"))


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
    room_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("case_room.id"))


class CaseShutOut(Base):
    """Somebody who never learns of a case, whatever she holds; of a complaint, she it is about."""

    __tablename__ = "case_shut_out"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id"),
        Index("case_shut_out_person_ix", "person_id"),
    )

    id: Mapped[BigId]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    at: Mapped[Instant]
    by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class CaseReceiver(Base):
    """One of the two who receive a complaint, until she is let go."""

    __tablename__ = "case_receiver"
    __table_args__ = (
        Index(
            "case_receiver_live_key",
            "case_id",
            "person_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index("case_receiver_person_ix", "person_id", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CaseWait(Base):
    """Somebody who may read the words of a case and waits to be let in; how far it was told."""

    __tablename__ = "case_wait"
    __table_args__ = (
        CheckConstraint("steps BETWEEN 0 AND 3", "steps"),
        CheckConstraint("ended_at >= since", "ended"),
        Index(
            "case_wait_live_key",
            "case_id",
            "person_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    since: Mapped[Instant]
    steps: Mapped[int]
    last_asked_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CaseShare(Base):
    """Parts of a case shown to one lawyer, until a day, while the consent it rests on stands."""

    __tablename__ = "case_share"
    __table_args__ = (
        CheckConstraint(_PARTS, "parts"),
        CheckConstraint("until_at > made_at AND until_at <= made_at + interval '90 days'", "until"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL)"
            " AND (ended_by_person_id IS NULL OR ended_at IS NOT NULL)",
            "ended",
        ),
        CheckConstraint(_ENDED_HOW, "ended_how"),
        Index(
            "case_share_live_key",
            "case_id",
            "person_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index("case_share_person_ix", "person_id", postgresql_where="ended_at IS NULL"),
        Index("case_share_consent_ix", "consent_id", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    consent_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("case_consent.id"))
    parts: Mapped[list[str]] = mapped_column(ARRAY(String(24)))
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    until_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(String(24))
    ended_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
