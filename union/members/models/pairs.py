"""Two entries that may be one person: proposed, decided by a person, joined and parted again.

A merge moves nothing: the entry that goes points to the one that stays, so undoing it
is taking the pointer away, and both keep their histories.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class Duplicate(Base):
    """A proposal: this row of a file, or this other member, may be the member ``person_id``."""

    __tablename__ = "duplicate"
    __table_args__ = (
        CheckConstraint("num_nonnulls(import_row_id, other_person_id) = 1", "one_other"),
        CheckConstraint("decision IN ('same', 'different')", "decision"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", "decided"),
        Index("duplicate_open_ix", "person_id", postgresql_where="decision IS NULL"),
        Index("duplicate_import_row_ix", "import_row_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    import_row_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("import_row.id"))
    other_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    reasons: Mapped[list[str]] = mapped_column(ARRAY(String))
    proposed_at: Mapped[Instant]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Merge(Base):
    """One entry joined into another by a person; ``undone_at`` when it was parted again.

    The entry that went may be none any more: a row of a book that was parted waits once more.
    """

    __tablename__ = "merge"
    __table_args__ = (
        CheckConstraint("kept_person_id <> gone_person_id", "two"),
        Index(
            "merge_gone_open_key",
            "gone_person_id",
            unique=True,
            postgresql_where="undone_at IS NULL",
        ),
        Index("merge_kept_ix", "kept_person_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    kept_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    gone_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    merged_at: Mapped[Instant]
    merged_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
