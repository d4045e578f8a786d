"""Months and the arithmetic of dates, counted from the anchor day so that month ends stay."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTH = re.compile(r"(\d{4})-(\d{2})")


class MonthUnreadableError(UnionError):
    """A month is written YYYY-MM."""

    code = "month_unreadable"


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, ordered in time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse what is no month with MonthUnreadableError."""
        try:
            date(self.year, self.month, 1)
        except (ValueError, OverflowError):
            raise MonthUnreadableError(year=self.year, month=self.month) from None

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2026-10"; anything else raises MonthUnreadableError."""
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise MonthUnreadableError
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def shift(self, months: int) -> Month:
        """The month so many later (or, negative, earlier)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def next(self) -> Month:
        """The month after."""
        return self.shift(1)

    def previous(self) -> Month:
        """The month before."""
        return self.shift(-1)

    def through(self, last: Month) -> Iterator[Month]:
        """This month and each one up to and with ``last``; none if that is earlier."""
        for offset in range(months_between(self, last) + 1):
            yield self.shift(offset)

    def __str__(self) -> str:
        """As "2026-10"."""
        return f"{self.year:04d}-{self.month:02d}"


def months_between(start: Month, end: Month) -> int:
    """How many months ``end`` is after ``start``; negative if before."""
    return (end.year - start.year) * 12 + end.month - start.month


def add_months(anchor: date, months: int) -> date:
    """The same day so many months later, or that month's last day where it has no such day.

    Always count from the anchor, never from the last result: 31 January + 1 is 28 February,
    31 January + 2 is 31 March.
    """
    month = Month.of(anchor).shift(months)
    return month.first_day.replace(day=min(anchor.day, month.last_day.day))
