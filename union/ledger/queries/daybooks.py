"""One account's book: each day with what it began and ended with, and the lines between.

A day is one range of one index, what stood before it one sum of days, and of lines no more are
read than a page shows: a book reads as fast over ten million postings as over none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, TextClause, func, select, text
from sqlalchemy.orm import Session

from union.ledger.models import AccountDay
from union.ledger.queries.journal import Posted

MOST_LINES = 200
"""Days with more lines than that are shown as days, each of which opens with its own lines."""

PAGE = 50

Place = tuple[date, int, int]
"""A day, an entry's id and a leg's position in it: where a page of lines ended."""

_STOOD = """
coalesce((SELECT sum(balance_minor) FROM account_balance WHERE account_code = :code), 0)
- coalesce((SELECT sum(debit_minor - credit_minor) FROM account_day
             WHERE account_code = :code AND posted_on >= :day), 0)
"""
_STOOD_BEFORE = text(f"SELECT {_STOOD}")

# One statement says what stood before a page and what is on it: its first row is there even if no
# line is. The limits are written out: for a number it does not know, the planner keeps a plan that
# reads the whole journal. Where there are too many lines, none is looked at further.
_LINES = """
WITH few AS MATERIALIZED (
  SELECT posted_on, entry_id, position, fund_code, amount_minor FROM journal_leg
   WHERE account_code = :code AND posted_on BETWEEN :from_on AND :until_on
     AND (posted_on, entry_id, position) > (:day, :entry_id, :position)
   ORDER BY posted_on, entry_id, position LIMIT {limit}
)
SELECT stood.opening, few.*, e.ref, e.kind,
       (SELECT array_agg(o.account_code ORDER BY o.position) FROM journal_leg o
         WHERE o.entry_id = few.entry_id AND o.account_code <> :code) AS against
  FROM (SELECT {stood} + coalesce((
          SELECT sum(amount_minor) FROM journal_leg
           WHERE account_code = :code AND posted_on = :day AND entry_id <= :entry_id
             AND (entry_id, position) <= (:entry_id, :position)), 0) AS opening) stood
  LEFT JOIN (few JOIN journal_entry e ON e.id = few.entry_id) ON {enough}
 ORDER BY few.posted_on, few.entry_id, few.position
"""
_COUNTED = """
(SELECT count(*) FROM (SELECT FROM journal_leg WHERE account_code = :code
    AND posted_on BETWEEN :from_on AND :until_on LIMIT {most} + 1) counted) <= {most}
"""
_NOT_TOO_MANY = _COUNTED.format(most=MOST_LINES)
_PAGE = text(_LINES.format(limit=PAGE + 1, stood=_STOOD, enough="true"))
_FIRST_PAGE = text(_LINES.format(limit=PAGE + 1, stood=_STOOD, enough=_NOT_TOO_MANY))
_WHOLE = text(_LINES.format(limit=MOST_LINES, stood=_STOOD, enough=_NOT_TOO_MANY))


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day on which something moved."""

    day: date
    opening_minor: int
    in_minor: int
    out_minor: int

    @property
    def closing_minor(self) -> int:
        """What stood at its end."""
        return self.opening_minor + self.in_minor - self.out_minor


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A line of a book; ``against`` are the other accounts of its entry."""

    entry: Posted
    position: int
    fund_code: str
    amount_minor: int
    running_minor: int
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountBook:
    """An account from one day to another: its days, and its lines where they are few enough.

    ``after`` is where the lines go on, if these are but the first of them.
    """

    code: str
    from_on: date
    until_on: date
    opening_minor: int
    days: Sequence[DayLine]
    lines: Sequence[BookEntry] | None
    after: Place | None = None

    @property
    def closing_minor(self) -> int:
        """What stood at the end of the last day."""
        return self.days[-1].closing_minor if self.days else self.opening_minor

    @property
    def in_minor(self) -> int:
        """What came in over all days."""
        return sum(day.in_minor for day in self.days)

    @property
    def out_minor(self) -> int:
        """What went out over all days."""
        return sum(day.out_minor for day in self.days)


@dataclass(frozen=True, slots=True)
class BookPage:
    """Some lines of an account; ``after`` is where the next page begins, if any."""

    opening_minor: int
    lines: Sequence[BookEntry]
    after: Place | None

    @property
    def closing_minor(self) -> int:
        """What stood after the last of these lines."""
        return self.lines[-1].running_minor if self.lines else self.opening_minor


def stood_before(session: Session, code: str, day: date) -> int:
    """What an account held, all funds together, before a day began."""
    return int(session.scalar(_STOOD_BEFORE, {"code": code, "day": day}) or 0)


def account_days(
    session: Session, code: str, from_on: date, until_on: date, *, whole: bool = True
) -> AccountBook:
    """An account's days with running balances, and its lines if there are not too many.

    Without ``whole`` no more than a page of the lines is read; ``book_page`` goes on from there.
    """
    statement = _WHOLE if whole else _FIRST_PAGE
    opening, lines = _read(session, statement, code, (from_on, until_on), None)
    days = _days(session, code, (from_on, until_on), opening)
    if days and not lines:
        return AccountBook(code, from_on, until_on, opening, days, None)
    if whole:
        return AccountBook(code, from_on, until_on, opening, days, lines)
    return AccountBook(code, from_on, until_on, opening, days, lines[:PAGE], _goes_on(lines))


def book_page(
    session: Session, code: str, from_on: date, until_on: date, after: Place | None = None
) -> BookPage:
    """A page of the lines between two days, oldest first, after the place where the last ended."""
    opening, lines = _read(session, _PAGE, code, (from_on, until_on), after)
    return BookPage(opening, lines[:PAGE], _goes_on(lines))


def day_page(session: Session, code: str, day: date, after: Place | None = None) -> BookPage:
    """As ``book_page``, of one day."""
    return book_page(session, code, day, day, after)


def _goes_on(lines: Sequence[BookEntry]) -> Place | None:
    if len(lines) <= PAGE:
        return None
    last = lines[PAGE - 1]
    return last.entry.posted_on, last.entry.id, last.position


def _days(
    session: Session, code: str, between: tuple[date, date], opening_minor: int
) -> list[DayLine]:
    rows = session.execute(
        select(
            AccountDay.posted_on,
            func.sum(AccountDay.debit_minor),
            func.sum(AccountDay.credit_minor),
        )
        .where(AccountDay.account_code == code, AccountDay.posted_on.between(*between))
        .group_by(AccountDay.posted_on)
        .order_by(AccountDay.posted_on)
    )
    running, days = opening_minor, []
    for day, came, went in rows:
        days.append(DayLine(day, running, int(came), int(went)))
        running = days[-1].closing_minor
    return days


def _read(
    session: Session,
    statement: TextClause,
    code: str,
    between: tuple[date, date],
    after: Place | None,
) -> tuple[int, list[BookEntry]]:
    """What stood before these lines, and the lines."""
    day, entry_id, position = after or (between[0], 0, 0)
    asked = {"code": code, "from_on": between[0], "until_on": between[1]}
    place = {"day": day, "entry_id": entry_id, "position": position}
    rows = session.execute(statement, asked | place).all()
    opening = int(rows[0].opening)
    return opening, _lines((row for row in rows if row.entry_id is not None), opening)


def _lines(rows: Iterable[Row[Any]], opening_minor: int) -> list[BookEntry]:
    running, lines = opening_minor, []
    for one in rows:
        running += one.amount_minor
        posted = Posted(one.entry_id, one.ref, one.kind, one.posted_on)
        against = tuple(dict.fromkeys(one.against or ()))
        lines.append(
            BookEntry(posted, one.position, one.fund_code, one.amount_minor, running, against)
        )
    return lines
