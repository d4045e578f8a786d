"""The chain of seals over what was posted: rows are only ever added, and it cannot fork (M7)."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
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
