"""How registers came in: files, rows as they stood (encrypted), verdicts as codes.

A row of somebody who may be under 18 stands in ``set_aside`` alone, sealed for one named
officer; no other table, count by branch, search or export has it.
"""

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
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class ColumnMapping(Base):
    """Which column of a book means what, saved under a name to read its next file the same way."""

    __tablename__ = "column_mapping"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    name: Mapped[str] = mapped_column(unique=True)
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[Instant]


class ImportBatch(Base):
    """One file that was taken in; the four verdicts add up to ``rows``.

    ``fingerprint`` is a keyed hash of the file; ``register_month`` the first month that the
    union charges itself: what lies before it was opened as arrears. ``heading`` and ``columns``
    say how it was laid out; ``upload_ref`` is the page it was brought in from.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint("rows = taken + doubtful + duplicates + refused", "sums"),
        Index(
            "import_batch_fingerprint_key",
            "fingerprint",
            unique=True,
            postgresql_where="rolled_back_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    mapping_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("column_mapping.id"))
    heading: Mapped[list[str]] = mapped_column(ARRAY(String))
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB)
    register_month: Mapped[str] = mapped_column(String(7))
    rows: Mapped[int]
    taken: Mapped[int]
    doubtful: Mapped[int]
    duplicates: Mapped[int]
    refused: Mapped[int]
    imported_at: Mapped[Instant]
    imported_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    upload_ref: Mapped[str | None] = mapped_column(String(12))
    rolled_back_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ImportRow(Base):
    """One row as it stood (encrypted under the batch's key), what was found and what became of it.

    ``change`` says what it did: ``added`` a member, ``updated`` one, or ``none``. ``undo``
    (encrypted) holds what an update replaced. ``fingerprint`` knows the row again.

    The cell with her legal name is not among ``original``: ``name_mark`` (one byte of a keyed
    hash) only tells whether it was written otherwise later. Where the row waits for a decision
    it lies sealed in ``waiting_name``, under the key and reference its member would have.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        CheckConstraint("verdict IN ('taken', 'doubtful', 'duplicate', 'refused')", "verdict"),
        CheckConstraint("change IN ('added', 'updated', 'none')", "change"),
        Index("import_row_fingerprint_ix", "fingerprint"),
        Index("import_row_person_ix", "person_id"),
    )

    id: Mapped[BigId]
    batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("import_batch.id"))
    line: Mapped[int]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    verdict: Mapped[str]
    findings: Mapped[list[str]] = mapped_column(ARRAY(String))
    original: Mapped[bytes] = mapped_column(LargeBinary)
    name_mark: Mapped[bytes | None] = mapped_column(LargeBinary)
    waiting_key_ref: Mapped[UUID | None]
    waiting_ref: Mapped[str | None] = mapped_column(String(12))
    waiting_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    change: Mapped[str] = mapped_column(default="none")
    undo: Mapped[bytes | None] = mapped_column(LargeBinary)


class ImportUpload(Base):
    """A file between its preview and the word to take it in: encrypted, kept for a day at most.

    It holds names, which is why it is thrown away as soon as it was taken in or let go.
    """

    __tablename__ = "import_upload"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    mapping: Mapped[str | None]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class SetAside(Base):
    """A row kept apart for the safeguarding officer, closed to everybody else.

    ``card_index`` is a blind index, so that the same card in another book is kept apart too.
    """

    __tablename__ = "set_aside"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("import_batch.id"), index=True)
    key_ref: Mapped[KeyRef]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    card_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    dealt_with_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
