"""What members say they paid, and the receipts a second person asks them about."""

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


class ReceiptSample(Base):
    """A draw of cash receipts: whoever has the seed draws the same ones again."""

    __tablename__ = "receipt_sample"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="days"),
        CheckConstraint("wanted BETWEEN 1 AND 500", name="wanted"),
        CheckConstraint("population > 0", name="population"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    seed: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    wanted: Mapped[int]
    population: Mapped[int]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class SampleItem(Base):
    """One receipt of a draw, and what she said when a second person asked her.

    ``not_reached`` may be asked again; any other answer stays.
    """

    __tablename__ = "receipt_sample_item"
    __table_args__ = (
        CheckConstraint(
            "answer IN ('agrees', 'differs', 'not_known', 'not_reached')", name="answer"
        ),
        CheckConstraint("num_nonnulls(answer, asked_at, asked_by) IN (0, 3)", name="asked"),
        CheckConstraint("said_minor IS NULL OR answer = 'differs'", name="said"),
        UniqueConstraint("sample_id", "payment_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    sample_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("receipt_sample.id"))
    payment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    position: Mapped[int]
    answer: Mapped[str | None] = mapped_column(String(16))
    said_minor: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class SaidPaid(Base):
    """A member says she paid what is not in her book; it stays open until somebody settled it.

    It accuses nobody. ``collector_id`` is to whom, if she knows; her words lie under her key.
    """

    __tablename__ = "said_paid"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("receipt_no > 0", name="receipt_no"),
        CheckConstraint("outcome IN ('found', 'booked', 'unclear', 'withdrawn')", name="outcome"),
        CheckConstraint("num_nonnulls(outcome, settled_at, settled_by) IN (0, 3)", name="settled"),
        CheckConstraint(
            "(coalesce(outcome, '') IN ('found', 'booked')) = (payment_id IS NOT NULL)",
            name="payment",
        ),
        UniqueConstraint("sample_item_id"),
        Index("said_paid_open_ix", "person_id", postgresql_where="settled_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    key_ref: Mapped[KeyRef]
    collector_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("collector.id"))
    receipt_no: Mapped[int | None] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    happened_on: Mapped[date] = mapped_column(Date)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    sample_item_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("receipt_sample_item.id")
    )
    said_at: Mapped[Instant]
    said_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(16))
    payment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
