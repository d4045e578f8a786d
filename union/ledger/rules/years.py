"""The financial year, April to March, as for any body that files in India."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from union.kernel.periods import Month

FINANCIAL_YEAR_BEGINS = 4
"""April."""


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear:
    """A year of the books, known by the calendar year it begins in."""

    begun: int

    @classmethod
    def of(cls, day: date) -> FinancialYear:
        """The year a day lies in."""
        return cls(day.year if day.month >= FINANCIAL_YEAR_BEGINS else day.year - 1)

    @property
    def first_day(self) -> date:
        """1 April."""
        return date(self.begun, FINANCIAL_YEAR_BEGINS, 1)

    @property
    def last_day(self) -> date:
        """31 March."""
        return self.last_month.last_day

    @property
    def last_month(self) -> Month:
        """The month with whose close the year is carried forward."""
        return Month(self.begun + 1, FINANCIAL_YEAR_BEGINS - 1)

    def __str__(self) -> str:
        """As "2026–27"."""
        return f"{self.begun}–{(self.begun + 1) % 100:02d}"
