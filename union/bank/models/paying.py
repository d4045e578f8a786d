"""Payments out: where somebody's money is sent, and the files that carry it to the bank."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class BankPayee(Base):
    """Where a person's money is sent: ``details`` encrypted under her key, confirmed by another.

    ``number_index`` tells that one account stands behind several people. A second person's no
    (``refused_note`` says why, under the same key) ends them before anybody confirmed them.
    """

    __tablename__ = "bank_payee"
    __table_args__ = (
        CheckConstraint("confirmed_by <> made_by", name="two_hands"),
        CheckConstraint("confirmed_by <> person_id", name="not_payee"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        CheckConstraint(
            "(refused_at IS NULL) = (refused_by IS NULL)"
            " AND (refused_at IS NULL) = (refused_note IS NULL)"
            " AND (refused_at IS NULL OR (ended_at IS NOT NULL AND confirmed_at IS NULL))",
            name="refused",
        ),
        Index(
            "bank_payee_person_open_key",
            "person_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index("bank_payee_number_ix", "number_index"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    key_ref: Mapped[KeyRef]
    details: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refused_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    refused_note: Mapped[bytes | None] = mapped_column(LargeBinary)


class BankBatch(Base):
    """Payments that go to the bank together; its ``code`` is all a statement says of it."""

    __tablename__ = "bank_batch"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_account.id"))
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sent_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class BankBatchItem(Base):
    """One approved voucher in a batch, at a place drawn by lot; open until paid or ended."""

    __tablename__ = "bank_batch_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "position", name="bank_batch_item_position_key"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended"),
        CheckConstraint("ended_how IN ('failed', 'returned', 'taken_out')", name="ended_how"),
        Index(
            "bank_batch_item_voucher_open_key",
            "voucher_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_batch.id"))
    voucher_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("voucher.id"))
    payee_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_payee.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(String(12))


class BankItemRefusal(Base):
    """A payment that somebody says the bank refused; another confirms it, or does not.

    Neither of them is whoever it pays.
    """

    __tablename__ = "bank_item_refusal"
    __table_args__ = (
        CheckConstraint("answered_by <> said_by", name="two_people"),
        CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)"
            " AND (answered_by IS NULL) = (agreed IS NULL)",
            name="answered",
        ),
        Index(
            "bank_item_refusal_item_key",
            "item_id",
            unique=True,
            postgresql_where="agreed IS NOT FALSE",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    item_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_batch_item.id"))
    said_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    said_at: Mapped[Instant]
    answered_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    agreed: Mapped[bool | None]
