"""Payments, their receipts, how they were spread, members' credit and the sums per account.

Everything here but the two kept sums is written once; the database refuses to change it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class Payment(Base):
    """Money a member gave, once; ``source`` ("desk", or a kind and an id) never comes twice.

    ``person_id`` is whose dues it pays. ``credit_minor`` is the part kept as her credit; with
    its allocations it makes up the amount, or the database refuses the commit.
    """

    __tablename__ = "dues_payment"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("credit_minor BETWEEN 0 AND amount_minor", name="credit"),
        CheckConstraint("method IN ('cash', 'bank', 'card', 'upi')", name="method"),
        CheckConstraint("collector_id IS NULL OR method = 'cash'", name="collector_cash"),
        Index("dues_payment_source_key", "source", unique=True),
        Index("dues_payment_person_ix", "person_id", "happened_on"),
        Index("dues_payment_collector_ix", "collector_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    credit_minor: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(8))
    collector_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("collector.id"))
    source: Mapped[str | None] = mapped_column(String(64))
    happened_on: Mapped[date] = mapped_column(Date)
    received_at: Mapped[Instant]
    received_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Receipt(Base):
    """A payment's receipt: a number in a collector's book, or (no collector) in the desk's row.

    ``turn`` counts how often the number was booked anew after the payment under it was taken back.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint(
            "collector_id",
            "number",
            "turn",
            name="receipt_number_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("turn >= 0", name="turn"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    payment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_payment.id"), unique=True)
    collector_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("collector.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    turn: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class Allocation(Base):
    """What of a payment, of credit, or of an opening taken back went to one charge.

    ``adjusted`` is what a charge turned out too high by. Less than nothing, so that the charge is
    owed again: ``returned`` for money given back, ``reversed`` with a payment taken back,
    ``unused`` where credit that such a payment gave had been used.
    """

    __tablename__ = "dues_allocation"
    __table_args__ = (
        CheckConstraint(
            "amount_minor <> 0"
            " AND (amount_minor < 0) = (kind IN ('reversed', 'unused', 'returned'))",
            name="amount",
        ),
        CheckConstraint(
            "kind IN ('payment', 'credit', 'withdrawn', 'adjusted', 'reversed', 'unused',"
            " 'returned')",
            name="kind",
        ),
        CheckConstraint(
            "(kind IN ('payment', 'reversed')) = (payment_id IS NOT NULL)", name="payment"
        ),
        Index("dues_allocation_charge_ix", "charge_id"),
        Index("dues_allocation_payment_ix", "payment_id"),
    )

    id: Mapped[BigId]
    charge_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_charge.id"))
    payment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    kind: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[Instant]


class CreditMovement(Base):
    """Credit given (+) or used (−): a payment's surplus, months paid ahead, a month's charge.

    Also what a charge she had paid turned out too high by, and what was given back to her.
    """

    __tablename__ = "credit_movement"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        CheckConstraint(
            "kind IN ('surplus', 'opening', 'used', 'withdrawn', 'adjusted', 'reversed',"
            " 'unused', 'refunded', 'refund_back', 'returned')",
            name="kind",
        ),
        CheckConstraint(
            "(kind IN ('surplus', 'reversed')) = (payment_id IS NOT NULL)", name="payment"
        ),
        CheckConstraint(
            "(kind IN ('refunded', 'refund_back')) = (refund_id IS NOT NULL)", name="refund"
        ),
        CheckConstraint(
            "kind = 'returned' OR (amount_minor > 0) = (kind IN ('surplus', 'opening',"
            " 'adjusted', 'unused', 'refund_back'))",
            name="sign",
        ),
        Index("credit_movement_person_ix", "person_id"),
        Index(
            "credit_movement_refund_key",
            "refund_id",
            "kind",
            unique=True,
            postgresql_where="refund_id IS NOT NULL",
        ),
        Index(
            "credit_movement_payment_key",
            "payment_id",
            "kind",
            unique=True,
            postgresql_where="payment_id IS NOT NULL",
        ),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    payment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    refund_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dues_refund.id"))
    fund_code: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[Instant]


class MemberCredit(Base):
    """What a member has paid ahead now: kept by the database, never below nothing."""

    __tablename__ = "member_credit"
    __table_args__ = (CheckConstraint("balance_minor >= 0", name="balance"),)

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    balance_minor: Mapped[int] = mapped_column(BigInteger)


class DuesControl(Base):
    """The sum of a sub-ledger per ledger account and fund, kept by the database (M5).

    A debit balance is positive. At every commit it equals the account's balance.
    """

    __tablename__ = "dues_control"

    account_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    fund_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    balance_minor: Mapped[int] = mapped_column(BigInteger)
