"""Cash counted and seen, money planned for a year, and months closed with what was looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class CashCount(Base):
    """Cash counted: how many of each note and coin, and what the book said at that moment."""

    __tablename__ = "cash_count"
    __table_args__ = (
        CheckConstraint("counted_minor >= 0", name="counted"),
        Index("cash_count_account_ix", "account_code", "counted_on"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_code: Mapped[str] = mapped_column(String(16), ForeignKey("account.code"))
    counted_on: Mapped[date] = mapped_column(Date)
    pieces: Mapped[dict[str, Any]] = mapped_column(JSONB)
    counted_minor: Mapped[int] = mapped_column(BigInteger)
    book_minor: Mapped[int] = mapped_column(BigInteger)
    counted_at: Mapped[Instant]
    counted_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))

    @property
    def difference_minor(self) -> int:
        """More than the book says (positive) or less."""
        return self.counted_minor - self.book_minor


class CountWitness(Base):
    """What another than the counter said of a count in her own session, once: right or not."""

    __tablename__ = "cash_count_witness"

    count_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("cash_count.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    agrees: Mapped[bool]
    said_at: Mapped[Instant]


class CountSettlement(Base):
    """How a part of what a count found ended, settled by another than who counted."""

    __tablename__ = "count_settlement"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("how IN ('found', 'given_back', 'kept')", name="how"),
        Index("count_settlement_count_ix", "count_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    count_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cash_count.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    how: Mapped[str] = mapped_column(String(16))
    happened_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class BudgetLine(Base):
    """What is planned for an account in a fund and a financial year; the newest line counts."""

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        Index("budget_line_year_ix", "year", "fund_code", "account_code", "id"),
    )

    id: Mapped[BigId]
    year: Mapped[int]
    fund_code: Mapped[str] = mapped_column(String(16), ForeignKey("fund.code"))
    account_code: Mapped[str] = mapped_column(String(16), ForeignKey("account.code"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    set_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    set_at: Mapped[Instant]


class MonthClose(Base):
    """A month that was closed, by whom, and what stood open then, as codes and counts."""

    __tablename__ = "month_close"

    first_on: Mapped[date] = mapped_column(
        Date, ForeignKey("accounting_period.first_on"), primary_key=True
    )
    looked_at: Mapped[dict[str, Any]] = mapped_column(JSONB)
    closed_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    closed_at: Mapped[Instant]
