"""What trustees look at, find and sign; once a report is signed nothing of its audit changes.

Words (findings, answers, the report) lie encrypted under the audit's own key.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class Audit(Base):
    """One looking at the books, of a stretch of days by the day of posting."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("kind IN ('yearly', 'surprise')", name="kind"),
        CheckConstraint("to_on >= from_on", name="days"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    kind: Mapped[str] = mapped_column(String(16))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    key_ref: Mapped[KeyRef]
    opened_at: Mapped[Instant]
    opened_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class AuditSample(Base):
    """Papers drawn by chance: ``seed`` and ``population_hash`` let anybody draw the same again."""

    __tablename__ = "audit_sample"
    __table_args__ = (
        CheckConstraint("what IN ('vouchers', 'receipts')", name="what"),
        CheckConstraint("population > 0", name="population"),
        Index("audit_sample_audit_id_ix", "audit_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    audit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit.id"))
    what: Mapped[str] = mapped_column(String(16))
    seed: Mapped[str] = mapped_column(String(64))
    population: Mapped[int]
    population_hash: Mapped[bytes] = mapped_column(LargeBinary)
    drawn_at: Mapped[Instant]
    drawn_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class AuditSampleItem(Base):
    """One paper of a sample, and what she saw: right, wrong, or missing."""

    __tablename__ = "audit_sample_item"
    __table_args__ = (
        CheckConstraint("verdict IN ('right', 'wrong', 'missing')", name="verdict"),
        CheckConstraint(
            "(verdict IS NULL) = (looked_at IS NULL) AND (verdict IS NULL) = (looked_by IS NULL)",
            name="looked",
        ),
    )

    sample_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("audit_sample.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    stratum: Mapped[int]
    object_id: Mapped[int] = mapped_column(BigInteger)
    object_ref: Mapped[str] = mapped_column(String(12))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str | None] = mapped_column(String(8))
    looked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    looked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class AuditFinding(Base):
    """Something a trustee found; ``step`` is the step of the guide it belongs to, if any."""

    __tablename__ = "audit_finding"
    __table_args__ = (
        CheckConstraint("severity IN ('remark', 'minor', 'serious', 'grave')", name="severity"),
        UniqueConstraint("audit_id", "number", name="audit_finding_number_key"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    audit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit.id"))
    number: Mapped[int]
    step: Mapped[str | None] = mapped_column(String(32))
    severity: Mapped[str] = mapped_column(String(8))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class AuditAnswer(Base):
    """What was said to a finding: the treasurer's reply, then what came of it; also afterwards."""

    __tablename__ = "audit_answer"
    __table_args__ = (
        CheckConstraint("kind IN ('reply', 'follow_up', 'settled', 'reopened')", name="kind"),
        Index("audit_answer_finding_id_ix", "finding_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    finding_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_finding.id"))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class AuditReport(Base):
    """The report as it was first signed; ``seal_id`` is the seal that stood last under it."""

    __tablename__ = "audit_report"

    audit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit.id"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    seal_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("seal.id"))
    written_at: Mapped[Instant]


class AuditSignature(Base):
    """One trustee's signature under exactly this report, made with her password."""

    __tablename__ = "audit_signature"

    audit_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("audit_report.audit_id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[Instant]
