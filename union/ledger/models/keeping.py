"""Cash counted, money planned for a year, and months closed with what was looked at."""

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
        CheckConstraint("witness_person_id <> counted_by", name="two_people"),
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
    witness_person_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("person.id", name="cash_count_witness_fkey")
    )

    @property
    def difference_minor(self) -> int:
        """More than the book says (positive) or less."""
        return self.counted_minor - self.book_minor


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
