"""Legal hold: what a court or a dispute may ask for is not aged out, nor its key destroyed.

Owns the holds and who may be asked whether something is held; the database refuses by them. It
never says why in words outside the hold's own key, and no hold lasts longer than a year unless a
person renews it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref
from union.infra.work import Work

WORDS = "legal_hold.words"


class HeldThing(StrEnum):
    """What can be held: all that is kept of somebody, of an incident, of a case."""

    PERSON = "person"
    INCIDENT = "incident"
    CASE = "case"


class HoldReason(StrEnum):
    """Why something is held."""

    COURT_ORDER = "court_order"
    COURT_CASE = "court_case"
    COMPLAINT = "complaint"
    DISPUTE = "dispute"
    LAWYER_ASKED = "lawyer_asked"


class LegalHold(Base):
    """One hold, open until two lifted it or its time ran out.

    ``lift_by`` is who asked first that it end; ``ended_by`` the second, another person.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("subject_type IN ('person', 'incident', 'case')", name="subject_type"),
        CheckConstraint(
            "why IN ('court_order', 'court_case', 'complaint', 'dispute', 'lawyer_asked')",
            name="why",
        ),
        CheckConstraint("ended_how IN ('lifted', 'ran_out')", name="ended_how"),
        CheckConstraint("(renewed_by IS NULL) = (renewed_at IS NULL)", name="renewed"),
        CheckConstraint("(lift_by IS NULL) = (lift_at IS NULL)", name="lift"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL)"
            " AND (ended_by IS NOT NULL) = (ended_how IS NOT DISTINCT FROM 'lifted')",
            name="ended",
        ),
        CheckConstraint(
            "until_at > placed_at"
            " AND until_at <= coalesce(renewed_at, placed_at) + interval '8784 hours'",
            name="year",
        ),
        Index(
            "legal_hold_open_ix",
            "subject_type",
            "subject_id",
            postgresql_where="ended_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    subject_type: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(16))
    key_ref: Mapped[KeyRef]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    placed_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    placed_at: Mapped[Instant]
    until_at: Mapped[Instant]
    renewed_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    renewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lift_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    lift_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(String(8))


def is_held(session: Session, what: HeldThing, subject_id: int) -> bool:
    """Whether this person (under any entry), incident (with what joined it) or case is held."""
    asked = {
        HeldThing.PERSON: func.is_held("person", subject_id),
        HeldThing.INCIDENT: func.is_held_incident(subject_id),
        HeldThing.CASE: func.is_held_case(subject_id),
    }
    return bool(session.scalar(select(asked[what])))


def is_held_key(session: Session, key_ref: UUID) -> bool:
    """Whether this key closes anything that is held: whoever destroys keys asks first."""
    return bool(session.scalar(select(func.is_held_key(key_ref))))


def end_holds_run_out(work: Work) -> None:
    """End each hold whose time is over; the union must have lived that long by its own days."""
    now = work.clock.now()
    work.session.execute(
        update(LegalHold)
        .where(
            LegalHold.ended_at.is_(None),
            LegalHold.until_at <= now,
            func.union_lived_until() >= LegalHold.until_at,
        )
        .values(ended_at=now, ended_how="ran_out")
    )
