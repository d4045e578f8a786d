"""One account's book: each day with what it began and ended with, and the lines between.

A day is one range of one index, what stood before it one sum of days, and of lines no more are
read than a page shows: a book reads as fast over ten million postings as over none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from union.ledger.models import AccountDay
from union.ledger.queries.journal import Posted

MOST_LINES = 200
"""More lines than that are not shown at once: their days are, and each day in pages."""

PAGE = 50

Place = tuple[int, int]
"""An entry's id and a leg's position in it: where a page of a day ended."""

_STOOD_BEFORE = text("""
SELECT coalesce((SELECT sum(balance_minor) FROM account_balance WHERE account_code = :code), 0)
     - coalesce((SELECT sum(debit_minor - credit_minor) FROM account_day
                  WHERE account_code = :code AND posted_on >= :day), 0)
""")

# The limits are written out: for a number it does not know, the planner keeps a plan that reads
# the whole journal. Where there are too many lines, none is looked at further.
_LINES = """
WITH few AS MATERIALIZED (
  SELECT posted_on, entry_id, position, fund_code, amount_minor FROM journal_leg
   WHERE account_code = :code AND posted_on {days}
   ORDER BY posted_on, entry_id, position LIMIT {limit}
)
SELECT few.*, e.ref, e.kind,
       (SELECT array_agg(o.account_code ORDER BY o.position) FROM journal_leg o
         WHERE o.entry_id = few.entry_id AND o.account_code <> :code) AS against
  FROM few JOIN journal_entry e ON e.id = few.entry_id
 WHERE (SELECT count(*) FROM few) <= {most}
 ORDER BY few.posted_on, few.entry_id, few.position
"""
_ALL_OR_NONE = text(
    _LINES.format(days="BETWEEN :from_on AND :until_on", limit=MOST_LINES + 1, most=MOST_LINES)
)
_PAGE_OF_A_DAY = text(
    _LINES.format(
        days="= :day AND (entry_id, position) > (:entry_id, :position)",
        limit=PAGE + 1,
        most=PAGE + 1,
    )
)
_SEEN_OF_A_DAY = text("""
SELECT coalesce(sum(amount_minor), 0) FROM journal_leg
 WHERE account_code = :code AND posted_on = :day AND entry_id <= :entry_id
   AND (entry_id, position) <= (:entry_id, :position)
""")


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
    """An account from one day to another: its days, and its lines where they are few enough."""

    code: str
    from_on: date
    until_on: date
    opening_minor: int
    days: Sequence[DayLine]
    lines: Sequence[BookEntry] | None

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
class DayPage:
    """Some lines of one day of an account; ``after`` is where the next page begins, if any."""

    day: date
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


def account_days(session: Session, code: str, from_on: date, until_on: date) -> AccountBook:
    """An account's days with running balances, and its lines if there are not too many."""
    opening = running = stood_before(session, code, from_on)
    rows = session.execute(
        select(
            AccountDay.posted_on,
            func.sum(AccountDay.debit_minor),
            func.sum(AccountDay.credit_minor),
        )
        .where(AccountDay.account_code == code, AccountDay.posted_on.between(from_on, until_on))
        .group_by(AccountDay.posted_on)
        .order_by(AccountDay.posted_on)
    )
    days = []
    for day, came, went in rows:
        days.append(DayLine(day, running, int(came), int(went)))
        running = days[-1].closing_minor
    asked = {"code": code, "from_on": from_on, "until_on": until_on}
    lines = _lines(session.execute(_ALL_OR_NONE, asked), opening)
    too_many = bool(days) and not lines
    return AccountBook(code, from_on, until_on, opening, days, None if too_many else lines)


def day_page(session: Session, code: str, day: date, after: Place | None = None) -> DayPage:
    """A page of the lines of a day, oldest first, after the place where the last page ended."""
    entry_id, position = after or (0, 0)
    asked = {"code": code, "day": day, "entry_id": entry_id, "position": position}
    opening = stood_before(session, code, day)
    if after is not None:
        opening += int(session.scalar(_SEEN_OF_A_DAY, asked) or 0)
    found = _lines(session.execute(_PAGE_OF_A_DAY, asked), opening)
    shown = found[:PAGE]
    more = (shown[-1].entry.id, shown[-1].position) if len(found) > PAGE else None
    return DayPage(day, opening, shown, more)


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
