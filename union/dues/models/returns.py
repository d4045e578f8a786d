"""What of a payment was given back, or came again afterwards; written once, never changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class Return(Base):
    """Money given back (+) of a payment, or come again (−); in paise, never more than was paid.

    The months it had paid are owed again, newest first, unless she had as much paid ahead.
    """

    __tablename__ = "dues_return"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("dues_return_payment_ix", "payment_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    payment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_payment.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(64), unique=True)
    happened_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
