"""Vouchers and the hands that approved them; the words of a voucher lie beside, encrypted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class Voucher(Base):
    """Leave to pay one person once.

    The database sets ``content_hash`` and lets nothing change but that it was withdrawn.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("source_kind ~ '^[a-z][a-z0-9_]*$'", name="source_kind"),
        UniqueConstraint("id", "payee_person_id", name="voucher_payee_key"),
        Index(
            "voucher_source_key",
            "source_kind",
            "source_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        ForeignKeyConstraint(
            ["fund_code", "spend_account_code"],
            ["fund_purpose.fund_code", "fund_purpose.account_code"],
            name="voucher_purpose_fkey",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    fund_code: Mapped[str] = mapped_column(String(16))
    money_account_code: Mapped[str] = mapped_column(ForeignKey("account.code"))
    spend_account_code: Mapped[str] = mapped_column(String(16))
    payee_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    source_kind: Mapped[str] = mapped_column(String(32))
    source_id: Mapped[int] = mapped_column(BigInteger)
    prepared_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    prepared_at: Mapped[Instant]
    papers_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class VoucherText(Base):
    """On what evidence, in words, under the payee's key."""

    __tablename__ = "voucher_text"

    voucher_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("voucher.id"), primary_key=True)
    key_ref: Mapped[KeyRef]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class VoucherApproval(Base):
    """One person's yes to exactly this content; she is not the payee, and says it once."""

    __tablename__ = "voucher_approval"
    __table_args__ = (
        CheckConstraint("person_id <> payee_person_id", name="not_payee"),
        ForeignKeyConstraint(
            ["voucher_id", "payee_person_id"],
            ["voucher.id", "voucher.payee_person_id"],
            name="voucher_approval_payee_fkey",
        ),
    )

    voucher_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    payee_person_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    approved_at: Mapped[Instant]


class PaymentMistake(Base):
    """A payment somebody says was booked by mistake; another agrees, or does not.

    Neither of them is whoever the voucher pays. ``words`` say why, under the payee's key.
    """

    __tablename__ = "payment_mistake"
    __table_args__ = (
        CheckConstraint("answered_by <> said_by", name="two_people"),
        CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)"
            " AND (answered_by IS NULL) = (agreed IS NULL)",
            name="answered",
        ),
        Index(
            "payment_mistake_entry_key",
            "entry_id",
            unique=True,
            postgresql_where="agreed IS NOT FALSE",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("journal_entry.id"))
    key_ref: Mapped[KeyRef]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    said_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    said_at: Mapped[Instant]
    answered_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    agreed: Mapped[bool | None]
