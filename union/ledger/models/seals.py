"""The chain of seals over what was posted: rows are only ever added, and it cannot fork (M7)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant


class Seal(Base):
    """One batch: its hash covers the hash before it and the hash of each entry in it."""

    __tablename__ = "seal"
    __table_args__ = (
        UniqueConstraint(
            "previous_id", name="seal_previous_id_key", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("entries > 0", name="entries"),
    )

    id: Mapped[BigId]
    previous_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("seal.id"))
    entries: Mapped[int]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class SealEntry(Base):
    """An entry lies in one seal; this row, not a mark on the entry, says in which."""

    __tablename__ = "seal_entry"
    __table_args__ = (Index("seal_entry_seal_id_ix", "seal_id"),)

    entry_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("journal_entry.id"), primary_key=True
    )
    seal_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("seal.id"))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)


class SealHead(Base):
    """Where the chain ended on a day, or when a month closed: said once, signed, and kept."""

    __tablename__ = "seal_head"
    __table_args__ = (
        UniqueConstraint("reason", "said_on", "signature", name="seal_head_said_key"),
        UniqueConstraint(
            "previous_id", name="seal_head_previous_id_key", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("reason IN ('day', 'month')", name="reason"),
        CheckConstraint("entries > 0", name="entries"),
        CheckConstraint("octet_length(previous_hash) = 32", name="previous_hash"),
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        CheckConstraint("octet_length(signature) = 64", name="signature"),
        Index("seal_head_seal_id_ix", "seal_id"),
    )

    id: Mapped[BigId]
    previous_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("seal_head.id"))
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(8))
    said_on: Mapped[date] = mapped_column(Date)
    seal_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("seal.id"))
    seal_hash: Mapped[bytes] = mapped_column(LargeBinary)
    entries: Mapped[int] = mapped_column(BigInteger)
    closed_to: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[Instant]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
