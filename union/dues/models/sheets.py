"""Collection sheets line by line: as written (encrypted), what became of each, who settled it."""

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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class CollectionSheet(Base):
    """One file or page of a round that was taken in, known again by its keyed hash."""

    __tablename__ = "collection_sheet"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    rows: Mapped[int]
    imported_at: Mapped[Instant]
    imported_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class CollectionLine(Base):
    """One line: booked with its payment, already there, or refused until somebody settles it.

    ``row_no`` None: no line at all, but a receipt number missing from a book. ``original`` is
    the line as it stood, encrypted under the sheet's key. ``settled_how`` is ``booked`` (with
    the payment), ``dropped`` (nothing was paid) or ``found`` (stands elsewhere).
    """

    __tablename__ = "collection_line"
    __table_args__ = (
        UniqueConstraint("sheet_id", "row_no"),
        CheckConstraint("verdict IN ('booked', 'already', 'refused', 'missing')", name="verdict"),
        CheckConstraint(
            "(verdict IN ('refused', 'missing')) = (reason IS NOT NULL)", name="reason"
        ),
        CheckConstraint("(row_no IS NULL) = (verdict = 'missing')", name="row_no"),
        CheckConstraint("verdict <> 'booked' OR payment_id IS NOT NULL", name="payment"),
        CheckConstraint("settled_how IN ('booked', 'dropped', 'found')", name="settled_how"),
        CheckConstraint("(settled_how IS NULL) = (settled_at IS NULL)", name="settled"),
        Index(
            "collection_line_waiting_ix",
            "collector_id",
            postgresql_where="verdict IN ('refused', 'missing') AND settled_at IS NULL",
        ),
        Index("collection_line_receipt_ix", "collector_id", "receipt_no"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    sheet_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collection_sheet.id"))
    row_no: Mapped[int | None]
    original: Mapped[bytes | None] = mapped_column(LargeBinary)
    collector_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("collector.id"))
    receipt_no: Mapped[int | None] = mapped_column(BigInteger)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    happened_on: Mapped[date | None] = mapped_column(Date)
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    suggested_minor: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    hint_no: Mapped[int | None] = mapped_column(BigInteger)
    payment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    settled_how: Mapped[str | None] = mapped_column(String(8))

    sheet: Mapped[CollectionSheet] = relationship(lazy="joined", innerjoin=True)
