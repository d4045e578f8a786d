"""Dates as they stand in registers: every order, month names, years alone, spreadsheet serials."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from union.kernel.periods import Month
from union.members.rules.cells import figures
from union.members.rules.errors import DateUnreadableError, PaidUptoUnreadableError

_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 7306, 73050
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MONTHS_IN_YEAR = 12
_SHORT_YEAR = len("82")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LEADING = re.compile(r"^(since|from|about|around|approx\.?|c\.|in|upto|up to|till|until)\s+")
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
_SERIAL = re.compile(r"\d{5}(\.0+)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]('?\d{2}|\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})[-/. ]*([a-z]{3,9})\.?[-/., ]*('?\d{2}|\d{4})")
_MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?[-/., ]*('?\d{2}|\d{4})")
_NAMED_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_YEAR = re.compile(r"(\d{4})")


@dataclass(frozen=True, slots=True)
class DateReading:
    """A civil date; ``precision`` day, month or year; ``turned``: month and day stood swapped."""

    on: date
    precision: str = "day"
    turned: bool = False

    def written(self) -> str:
        """Only as exact as it is known: 1982-06-04, 1982-06 or 1982."""
        return self.on.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


def read_date(text: str, today: date) -> DateReading:
    """Read a date, the day before the month where both are figures.

    A year of two figures is the latest one that is not after ``today``'s. A month or year alone
    means its first day. What is no date raises DateUnreadableError.
    """
    bare = _ORDINAL.sub("", _LEADING.sub("", figures(text).casefold()))
    for pattern, reader in _FORMS:
        match = pattern.fullmatch(bare)
        if match is not None:
            reading = reader(match, today)
            if _FIRST_YEAR <= reading.on.year <= _LAST_YEAR:
                return reading
    raise DateUnreadableError


def read_paid_upto(text: str, today: date) -> Month | None:
    """The month up to which somebody has paid; None if the book only says "not for long".

    "Oct-26", "10/2026" and "October 2026" are one month, as is a date in it.
    PaidUptoUnreadableError for what says nothing about a month.
    """
    bare = figures(text).casefold()
    if not bare or re.search(r"\b(not paid|unpaid|never|nil|pending|long)\b", bare):
        return None
    named = _MONTH_NAMED.fullmatch(bare)
    try:
        if named is not None:
            year = int(named[2].lstrip("'"))
            return Month(year if year >= _FIRST_YEAR else 2000 + year, _month(named[1]))
        reading = read_date(bare, today)
    except DateUnreadableError as error:
        raise PaidUptoUnreadableError from error
    if reading.precision == "year":
        raise PaidUptoUnreadableError
    return Month.of(reading.on)


def _year(text: str, today: date) -> int:
    bare = text.lstrip("'")
    if len(bare) > _SHORT_YEAR:
        return int(bare)
    century = today.year // 100 * 100
    year = century + int(bare)
    return year if year <= today.year else year - 100


def _month(name: str) -> int:
    for number, short in enumerate(_NAMES, start=1):
        if name.startswith(short):
            return number
    raise DateUnreadableError


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DateUnreadableError from error


def _read_serial(match: re.Match[str], _today: date) -> DateReading:
    serial = int(float(match[0]))
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise DateUnreadableError
    return DateReading(_SERIAL_ZERO + timedelta(days=serial))


def _read_year_first(match: re.Match[str], _today: date) -> DateReading:
    return DateReading(_day(int(match[1]), int(match[2]), int(match[3])))


def _read_day_first(match: re.Match[str], today: date) -> DateReading:
    day, month, year = int(match[1]), int(match[2]), _year(match[3], today)
    if month > _MONTHS_IN_YEAR >= day:
        return DateReading(_day(year, day, month), turned=True)
    return DateReading(_day(year, month, day))


def _read_day_named(match: re.Match[str], today: date) -> DateReading:
    return DateReading(_day(_year(match[3], today), _month(match[2]), int(match[1])))


def _read_named_day(match: re.Match[str], _today: date) -> DateReading:
    return DateReading(_day(int(match[3]), _month(match[1]), int(match[2])))


def _read_month_named(match: re.Match[str], today: date) -> DateReading:
    return DateReading(_day(_year(match[2], today), _month(match[1]), 1), "month")


def _read_month_year(match: re.Match[str], _today: date) -> DateReading:
    return DateReading(_day(int(match[2]), int(match[1]), 1), "month")


def _read_year_month(match: re.Match[str], _today: date) -> DateReading:
    return DateReading(_day(int(match[1]), int(match[2]), 1), "month")


def _read_year(match: re.Match[str], _today: date) -> DateReading:
    return DateReading(_day(int(match[1]), 1, 1), "year")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], DateReading]], ...] = (
    (_SERIAL, _read_serial),
    (_YEAR_FIRST, _read_year_first),
    (_DAY_FIRST, _read_day_first),
    (_DAY_NAMED, _read_day_named),
    (_NAMED_DAY, _read_named_day),
    (_MONTH_NAMED, _read_month_named),
    (_MONTH_YEAR, _read_month_year),
    (_YEAR_MONTH, _read_year_month),
    (_YEAR, _read_year),
)
