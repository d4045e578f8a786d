"""Collectors, their receipt books, the cash in their hands and what they handed in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
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
    """A book of numbered receipts in a collector's hands; no number is in two issued books.

    ``issued_on`` None: nobody issued it, its numbers were found on her sheets. A book brought
    back says from which number on it is unused; those numbers may be issued again.
    """

    __tablename__ = "receipt_book"
    __table_args__ = (
        CheckConstraint("first_no > 0 AND last_no >= first_no", name="numbers"),
        CheckConstraint(
            "num_nonnulls(returned_on, unused_from, returned_at) IN (0, 3)", name="returned"
        ),
        CheckConstraint("unused_from BETWEEN first_no AND last_no + 1", name="unused"),
        CheckConstraint("returned_on IS NULL OR issued_on IS NOT NULL", name="issued"),
        ExcludeConstraint(
            (text("int8range(collector_id, collector_id, '[]')"), "&&"),
            (text("int8range(first_no, last_no, '[]')"), "&&"),
            name="receipt_book_numbers_excl",
            using="gist",
            where=text("issued_on IS NULL"),
        ),
        ExcludeConstraint(
            (text("int8range(first_no, coalesce(unused_from, last_no + 1))"), "&&"),
            name="receipt_book_issued_excl",
            using="gist",
            where=text("issued_on IS NOT NULL"),
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    first_no: Mapped[int] = mapped_column(BigInteger)
    last_no: Mapped[int] = mapped_column(BigInteger)
    issued_on: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[Instant]
    issued_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    returned_on: Mapped[date | None] = mapped_column(Date)
    unused_from: Mapped[int | None] = mapped_column(BigInteger)
    returned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))

    @property
    def until_no(self) -> int:
        """The last number that is hers: all of it, or what she had used when it came back."""
        return self.last_no if self.unused_from is None else self.unused_from - 1

    @property
    def numbers(self) -> range:
        """Every number that is hers."""
        return range(self.first_no, self.until_no + 1)


class CashMovement(Base):
    """Cash into (+) or out of (−) a collector's hands, each with the one thing it came from."""

    __tablename__ = "cash_movement"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        CheckConstraint(
            "num_nonnulls(payment_id, hand_over_id, difference_id, reversal_id) = 1",
            name="one_source",
        ),
        UniqueConstraint("payment_id"),
        UniqueConstraint("hand_over_id"),
        UniqueConstraint("difference_id"),
        UniqueConstraint("reversal_id"),
        Index("cash_movement_collector_ix", "collector_id"),
    )

    id: Mapped[BigId]
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    payment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    hand_over_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("hand_over.id"))
    difference_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("cash_difference.id"))
    reversal_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_reversal.id"))


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


class HandOverSignature(Base):
    """The second hand on a hand-over: the collector's own, or a witness's for one on paper.

    ``said_minor`` is what she says she handed over if she does not agree; then it stays open
    until a third person has settled it. The database refuses the one who counted.
    """

    __tablename__ = "hand_over_signature"
    __table_args__ = (
        CheckConstraint("kind IN ('herself', 'witness')", name="kind"),
        CheckConstraint("agrees = (said_minor IS NULL)", name="agrees"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled"),
        UniqueConstraint("hand_over_id"),
    )

    id: Mapped[BigId]
    hand_over_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("hand_over.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(8))
    agrees: Mapped[bool] = mapped_column(Boolean)
    said_minor: Mapped[int | None] = mapped_column(BigInteger)
    signed_at: Mapped[Instant]
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class DifferenceSettlement(Base):
    """What of a difference was settled and how, in the books; never more than there is.

    Short: ``brought`` (she brought it) or ``given_up`` (by a voucher of two hands). Too much:
    ``given_back`` to her, or ``kept`` as other income.
    """

    __tablename__ = "difference_settlement"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("how IN ('brought', 'given_up', 'given_back', 'kept')", name="how"),
        CheckConstraint("(how = 'given_up') = (voucher_id IS NOT NULL)", name="voucher"),
        UniqueConstraint("voucher_id"),
        Index("difference_settlement_difference_ix", "difference_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    difference_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cash_difference.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    how: Mapped[str] = mapped_column(String(16))
    voucher_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("voucher.id"))
    happened_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
