"""Where members pay to by UPI, and the code by which a payment finds its way back to her."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class BankAddress(Base):
    """An address of ours for UPI and the neutral name shown beside it.

    The latest that a second person confirmed counts: who could change it alone could turn all
    dues to himself.
    """

    __tablename__ = "bank_address"
    __table_args__ = (
        CheckConstraint("confirmed_by <> made_by", name="two_hands"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_account.id"))
    address: Mapped[str] = mapped_column(String(80))
    payee_name: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class BankPayCode(Base):
    """A member's own code for paying: it says nothing to anybody but us, and stays hers."""

    __tablename__ = "bank_pay_code"

    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), unique=True)
    made_at: Mapped[Instant]
