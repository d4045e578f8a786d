"""Payments taken back and credit given back; each written once, with a reason as a code."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class Reversal(Base):
    """A payment booked by mistake, taken back whole; ``note`` is encrypted under the payer's key.

    The ledger has the exact opposite of its entry, her charges fall open again.
    """

    __tablename__ = "dues_reversal"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('wrong_member', 'wrong_amount', 'twice', 'not_received', 'sent_back')",
            name="reason",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    payment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_payment.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    happened_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Refund(Base):
    """Credit that is to go back to her by a voucher: taken from her credit when it is asked for."""

    __tablename__ = "dues_refund"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("dues_refund_person_ix", "person_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
