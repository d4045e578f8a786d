"""The journal and the balances its posting keeps; written once and never changed (M2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class JournalEntry(Base):
    """Something that happened, posted whole in one statement with its legs.

    ``source_kind`` and ``source_id`` are opaque here and never come twice (M4).
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", name="journal_entry_source_key"),
        CheckConstraint("source_kind ~ '^[a-z][a-z0-9_]*$'", name="source_kind"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint("(kind = 'payment') = (voucher_id IS NOT NULL)", name="payment"),
        Index("journal_entry_posted_on_ix", "posted_on", "id"),
        Index(
            "journal_entry_voucher_id_ix",
            "voucher_id",
            postgresql_where="voucher_id IS NOT NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    kind: Mapped[str] = mapped_column(String(16))
    happened_on: Mapped[date] = mapped_column(Date)
    posted_on: Mapped[date] = mapped_column(Date)
    posted_at: Mapped[Instant]
    posted_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    source_kind: Mapped[str] = mapped_column(String(32))
    source_id: Mapped[int] = mapped_column(BigInteger)
    reverses_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("journal_entry.id"), unique=True
    )
    voucher_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("voucher.id"))


class JournalLeg(Base):
    """One line of an entry: positive is debit, negative credit.

    Account and fund are held by the balance row that every posting touches, so that no
    foreign key is checked for each leg again. ``posted_on`` is its entry's, so that one day of
    one account is one range of one index; the database refuses a leg on another day.
    """

    __tablename__ = "journal_leg"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("journal_leg_account_ix", "account_code", "posted_on", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("journal_entry.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    account_code: Mapped[str] = mapped_column(String(16))
    fund_code: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    posted_on: Mapped[date | None] = mapped_column(Date)


class EntryText(Base):
    """Words beside an entry, under the key of whom they speak of; outside every hash."""

    __tablename__ = "entry_text"

    entry_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("journal_entry.id"), primary_key=True
    )
    key_ref: Mapped[KeyRef]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class AccountBalance(Base):
    """What an account holds of a fund now: kept by the posting, in the same transaction."""

    __tablename__ = "account_balance"

    account_code: Mapped[str] = mapped_column(ForeignKey("account.code"), primary_key=True)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"), primary_key=True)
    balance_minor: Mapped[int] = mapped_column(BigInteger)


class AccountDay(Base):
    """What one day's postings moved on an account and fund; credits are kept positive here."""

    __tablename__ = "account_day"
    __table_args__ = (Index("account_day_posted_on_ix", "posted_on"),)

    account_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    fund_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    posted_on: Mapped[date] = mapped_column(Date, primary_key=True)
    debit_minor: Mapped[int] = mapped_column(BigInteger)
    credit_minor: Mapped[int] = mapped_column(BigInteger)
