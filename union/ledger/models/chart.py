"""Accounts, funds, what a fund may be spent on, and months; the database lets few hands in here."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    FetchedValue,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base


class Fund(Base):
    """Money kept for a purpose; only the owner of the database may add one."""

    __tablename__ = "fund"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str]
    restricted: Mapped[bool] = mapped_column(Boolean)


class Account(Base):
    """One account. ``must_clear`` must stand at zero before a month closes.

    ``needs_purpose``: a debit here is spending, and only a fund that allows it may bear it.
    ``ceiling_minor`` bounds what may stand here, all funds together.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="kind"
        ),
        CheckConstraint("money_place IN ('cash', 'bank', 'provider')", name="money_place"),
        CheckConstraint("money_place IS NULL OR kind = 'asset'", name="money_is_asset"),
        CheckConstraint("kind <> 'expense' OR needs_purpose", name="expense_needs_purpose"),
    )

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    money_place: Mapped[str | None]
    must_clear: Mapped[bool]
    needs_purpose: Mapped[bool]
    ceiling_minor: Mapped[int | None] = mapped_column(BigInteger)
    holder_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class FundPurpose(Base):
    """A fund may be spent on this account; only the owner of the database may say so."""

    __tablename__ = "fund_purpose"

    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"), primary_key=True)
    account_code: Mapped[str] = mapped_column(ForeignKey("account.code"), primary_key=True)


class ClearingTarget(Base):
    """Where what stands on a must-clear account may go, other than to a money account."""

    __tablename__ = "clearing_target"

    account_code: Mapped[str] = mapped_column(ForeignKey("account.code"), primary_key=True)
    target_code: Mapped[str] = mapped_column(ForeignKey("account.code"), primary_key=True)


class AccountingPeriod(Base):
    """A month of the books; closed once and for all (M3).

    The database fills ``previous_on``: each month stands on the one before it, but the first.
    """

    __tablename__ = "accounting_period"
    __table_args__ = (
        CheckConstraint("extract(day from first_on) = 1", name="first_day"),
        CheckConstraint("status IN ('open', 'closed')", name="status"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("previous_on = (first_on - interval '1 month')::date", name="in_a_row"),
        UniqueConstraint(
            "previous_on",
            name="accounting_period_previous_on_key",
            postgresql_nulls_not_distinct=True,
        ),
    )

    first_on: Mapped[date] = mapped_column(Date, primary_key=True)
    previous_on: Mapped[date | None] = mapped_column(
        Date, ForeignKey("accounting_period.first_on"), server_default=FetchedValue()
    )
    status: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
