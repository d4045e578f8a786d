"""Schemes and their dated versions, claims, hearings and decisions.

What ails her and what was said at a hearing lie sealed; everything else here is a code, a date
or a sum. Versions, hearings and decisions are only ever added.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref

_STATES = "state IN ('asked', 'heard', 'granted', 'refused', 'appealed', 'voucher', 'paid')"
_GRANT = "(outcome = 'grant') = (days > 0) AND (days > 0) = (amount_minor > 0) AND days >= 0"
_DEPARTURE = "departure IS NOT NULL OR (outcome = proposed AND days = proposed_days)"
_CLAIMANT = (["claim_id", "claimant_person_id"], ["claim.id", "claim.person_id"])


class Scheme(Base):
    """One kind of benefit, known by its code."""

    __tablename__ = "scheme"

    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[Instant]


class SchemeVersion(Base):
    """What a scheme pays and asks from a day on; money in minor units a day."""

    __tablename__ = "scheme_version"
    __table_args__ = (
        UniqueConstraint("scheme_id", "from_on"),
        UniqueConstraint("id", "scheme_id", name="scheme_version_scheme_key"),
        CheckConstraint("daily_amount_minor > 0", "amount"),
        CheckConstraint(
            "least(unpaid_days, waiting_months, arrears_ceiling_months, cap_days) >= 0", "bounds"
        ),
    )

    id: Mapped[BigId]
    scheme_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("scheme.id"))
    from_on: Mapped[date]
    daily_amount_minor: Mapped[int] = mapped_column(BigInteger)
    unpaid_days: Mapped[int]
    waiting_months: Mapped[int]
    arrears_ceiling_months: Mapped[int]
    cap_days: Mapped[int]
    evidence: Mapped[list[str]] = mapped_column(ARRAY(String))
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]


class Claim(Base):
    """Days for which one person asks one scheme; ``health`` is sealed under her key.

    The database lets it go forward only, and only to what a hearing, a decision, a voucher or
    a payment backs.
    """

    __tablename__ = "claim"
    __table_args__ = (
        ForeignKeyConstraint(
            ["scheme_version_id", "scheme_id"],
            ["scheme_version.id", "scheme_version.scheme_id"],
            name="claim_scheme_version_fkey",
        ),
        UniqueConstraint("id", "person_id", name="claim_person_key"),
        CheckConstraint("until_on >= from_on", "days"),
        CheckConstraint("evidence IN ('doctor', 'visit', 'own_word')", "evidence"),
        CheckConstraint(_STATES, "state"),
        CheckConstraint("state <> 'appealed' OR appealed_at IS NOT NULL", "appealed"),
        CheckConstraint("(state IN ('voucher', 'paid')) = (voucher_id IS NOT NULL)", "voucher"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", "paid"),
        ExcludeConstraint(
            (text("int8range(person_id, person_id, '[]')"), "&&"),
            (text("int8range(scheme_id, scheme_id, '[]')"), "&&"),
            (text("daterange(from_on, until_on, '[]')"), "&&"),
            name="claim_days_once_excl",
            using="gist",
            where=text("state <> 'refused'"),
        ),
        Index("claim_person_ix", "person_id", "id"),
        Index(
            "claim_waiting_ix",
            "asked_at",
            postgresql_where=text("state IN ('asked', 'heard', 'appealed')"),
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    key_ref: Mapped[KeyRef]
    scheme_id: Mapped[int] = mapped_column(BigInteger)
    scheme_version_id: Mapped[int] = mapped_column(BigInteger)
    from_on: Mapped[date]
    until_on: Mapped[date]
    evidence: Mapped[str]
    health: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str]
    asked_at: Mapped[Instant]
    asked_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    appealed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    voucher_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("voucher.id"), unique=True
    )
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ClaimHearing(Base):
    """She was heard, by somebody else; what was said lies sealed in ``note``."""

    __tablename__ = "claim_hearing"
    __table_args__ = (
        ForeignKeyConstraint(*_CLAIMANT, name="claim_hearing_claimant_fkey"),
        CheckConstraint("heard_by_person_id <> claimant_person_id", "not_claimant"),
        Index("claim_hearing_claim_ix", "claim_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    claim_id: Mapped[int] = mapped_column(BigInteger)
    claimant_person_id: Mapped[int] = mapped_column(BigInteger)
    heard_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    heard_at: Mapped[Instant]
    note: Mapped[bytes] = mapped_column(LargeBinary)


class ClaimDecision(Base):
    """What was decided, by whom, under which version, and everything the rule looked at.

    ``proposed`` and ``proposed_days`` are the rule's; ``departure`` says why they were left.
    """

    __tablename__ = "claim_decision"
    __table_args__ = (
        ForeignKeyConstraint(*_CLAIMANT, name="claim_decision_claimant_fkey"),
        UniqueConstraint("claim_id", "decided_by_person_id", name="claim_decision_other_hands_key"),
        CheckConstraint("decided_by_person_id <> claimant_person_id", "not_claimant"),
        CheckConstraint("outcome IN ('grant', 'refuse')", "outcome"),
        CheckConstraint("proposed IN ('grant', 'refuse', 'hear')", "proposed"),
        CheckConstraint(_GRANT, "grant"),
        CheckConstraint(_DEPARTURE, "departure"),
        Index("claim_decision_claim_ix", "claim_id", "id"),
    )

    id: Mapped[BigId]
    claim_id: Mapped[int] = mapped_column(BigInteger)
    claimant_person_id: Mapped[int] = mapped_column(BigInteger)
    decided_by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    decided_at: Mapped[Instant]
    outcome: Mapped[str]
    days: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    paid_from_on: Mapped[date]
    scheme_version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("scheme_version.id"))
    proposed: Mapped[str]
    proposed_days: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(String))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    departure: Mapped[str | None]
