"""Collectors, their receipt books, the cash in their hands and what they handed in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class Collector(Base):
    """Somebody who takes cash on a round; ``account_code`` is the cash in her hands.

    A sheet may come under a card that is not in the register yet: the cash is kept under that
    number, and ``person_id`` is a bare person until somebody says who she is.
    """

    __tablename__ = "collector"
    __table_args__ = (CheckConstraint("account_code LIKE '1020-%'", name="account"),)

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), unique=True)
    card_number: Mapped[str | None] = mapped_column(String(32), unique=True)
    account_code: Mapped[str] = mapped_column(String(16), unique=True)
    made_at: Mapped[Instant]


class ReceiptBook(Base):
    """A book of numbered receipts in a collector's hands; no number is in two of her books."""

    __tablename__ = "receipt_book"
    __table_args__ = (
        CheckConstraint("first_no > 0 AND last_no >= first_no", name="numbers"),
        ExcludeConstraint(
            (text("int8range(collector_id, collector_id, '[]')"), "&&"),
            (text("int8range(first_no, last_no, '[]')"), "&&"),
            name="receipt_book_numbers_excl",
            using="gist",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    first_no: Mapped[int] = mapped_column(BigInteger)
    last_no: Mapped[int] = mapped_column(BigInteger)
    issued_on: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[Instant]


class CashMovement(Base):
    """Cash into (+) or out of (−) a collector's hands, each with the one thing it came from."""

    __tablename__ = "cash_movement"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        CheckConstraint(
            "num_nonnulls(payment_id, hand_over_id, difference_id) = 1", name="one_source"
        ),
        UniqueConstraint("payment_id"),
        UniqueConstraint("hand_over_id"),
        UniqueConstraint("difference_id"),
        Index("cash_movement_collector_ix", "collector_id"),
    )

    id: Mapped[BigId]
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    payment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    hand_over_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("hand_over.id"))
    difference_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("cash_difference.id"))


class HandOver(Base):
    """Cash a collector handed in, as counted; ``in_hand_minor`` is what the books held her for.

    ``whole`` says that it was all she had, so that what differs is a difference.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        CheckConstraint("counted_minor > 0", name="counted"),
        Index("hand_over_collector_ix", "collector_id", "happened_on"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    counted_minor: Mapped[int] = mapped_column(BigInteger)
    in_hand_minor: Mapped[int] = mapped_column(BigInteger)
    whole: Mapped[bool] = mapped_column(Boolean)
    happened_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str | None] = mapped_column(String(80), unique=True)
    made_at: Mapped[Instant]
    received_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class CashDifference(Base):
    """What was missing (−) or too much (+) when a collector's round was closed."""

    __tablename__ = "cash_difference"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("cash_difference_collector_ix", "collector_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    hand_over_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("hand_over.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    happened_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
