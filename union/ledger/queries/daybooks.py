"""One account's book: each day with what it began and ended with, and the lines between.

A day is one range of one index, and what stood before it one sum of days: a book reads as fast
over ten million postings as over none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.ledger.models import AccountBalance, AccountDay, JournalEntry, JournalLeg

MOST_LINES = 200


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

    entry: JournalEntry
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


def stood_before(session: Session, code: str, day: date) -> int:
    """What an account held, all funds together, before a day began."""
    now = session.scalar(
        select(func.sum(AccountBalance.balance_minor)).where(AccountBalance.account_code == code)
    )
    since = session.scalar(
        select(func.sum(AccountDay.debit_minor - AccountDay.credit_minor)).where(
            AccountDay.account_code == code, AccountDay.posted_on >= day
        )
    )
    return int(now or 0) - int(since or 0)


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
    lines = book_lines(session, code, (from_on, until_on), opening)
    return AccountBook(code, from_on, until_on, opening, days, lines)


def book_lines(
    session: Session, code: str, days: tuple[date, date], opening_minor: int
) -> Sequence[BookEntry] | None:
    """The lines of these days, oldest first with running balances; None if there are too many."""
    from_on, until_on = days
    legs = session.execute(
        select(JournalLeg.entry_id, JournalLeg.fund_code, JournalLeg.amount_minor)
        .where(JournalLeg.account_code == code, JournalLeg.posted_on.between(from_on, until_on))
        .order_by(JournalLeg.posted_on, JournalLeg.entry_id, JournalLeg.position)
        .limit(MOST_LINES + 1)
    ).all()
    if len(legs) > MOST_LINES:
        return None
    numbers = [leg.entry_id for leg in legs]
    found = session.scalars(select(JournalEntry).where(JournalEntry.id.in_(numbers)))
    entries = {entry.id: entry for entry in found}
    others = _others(session, numbers, code)
    running, lines = opening_minor, []
    for number, fund, amount in legs:
        running += amount
        against = others.get(number, ())
        lines.append(BookEntry(entries[number], fund, amount, running, against))
    return lines


def _others(session: Session, entry_ids: Sequence[int], code: str) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(JournalLeg.entry_id, JournalLeg.account_code)
        .where(JournalLeg.entry_id.in_(entry_ids), JournalLeg.account_code != code)
        .order_by(JournalLeg.entry_id, JournalLeg.position)
    )
    found: dict[int, tuple[str, ...]] = {}
    for number, other in rows:
        if other not in found.get(number, ()):
            found[number] = (*found.get(number, ()), other)
    return found
