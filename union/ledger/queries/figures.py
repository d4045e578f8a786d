"""What moved between two days and what stood at the end of one: the figures of every report.

Read from the sums that each posting keeps for its day, so the size of the journal is no matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from union.ledger.models import Account, AccountBalance, AccountDay, JournalEntry, JournalLeg
from union.ledger.rules.entries import EntryKind

Place = tuple[str, str]
"""An account's code and a fund's."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What an account took in and gave out of one fund, in minor units."""

    debit_minor: int = 0
    credit_minor: int = 0

    @property
    def net_minor(self) -> int:
        """Debit less credit."""
        return self.debit_minor - self.credit_minor


def standing(session: Session, at_end_of: date) -> dict[Place, int]:
    """What each account held of each fund at the end of a day, debit positive; never noughts."""
    later = (
        select(
            AccountDay.account_code,
            AccountDay.fund_code,
            func.sum(AccountDay.debit_minor - AccountDay.credit_minor).label("moved"),
        )
        .where(AccountDay.posted_on > at_end_of)
        .group_by(AccountDay.account_code, AccountDay.fund_code)
        .subquery()
    )
    held = AccountBalance.balance_minor - func.coalesce(later.c.moved, 0)
    rows = session.execute(
        select(AccountBalance.account_code, AccountBalance.fund_code, held).outerjoin(
            later,
            (later.c.account_code == AccountBalance.account_code)
            & (later.c.fund_code == AccountBalance.fund_code),
        )
    )
    return {(account, fund): int(amount) for account, fund, amount in rows if amount}


def moved(session: Session, from_on: date, until_on: date) -> dict[Place, Moved]:
    """What moved on each account and fund, both days counted, without the carrying of a year."""
    rows = session.execute(
        select(
            AccountDay.account_code,
            AccountDay.fund_code,
            func.sum(AccountDay.debit_minor),
            func.sum(AccountDay.credit_minor),
        )
        .where(AccountDay.posted_on.between(from_on, until_on))
        .group_by(AccountDay.account_code, AccountDay.fund_code)
    )
    found = {(account, fund): Moved(int(d), int(c)) for account, fund, d, c in rows}
    for place, amount in _carried(session, from_on, until_on).items():
        before = found.get(place, Moved())
        found[place] = Moved(
            before.debit_minor - max(amount, 0), before.credit_minor - max(-amount, 0)
        )
    return {place: one for place, one in found.items() if one.debit_minor or one.credit_minor}


def taken_back(session: Session, from_on: date, until_on: date) -> dict[Place, int]:
    """What entries of these days took back of earlier days, debit positive: no month's own."""
    original = aliased(JournalEntry)
    rows = session.execute(
        select(JournalLeg.account_code, JournalLeg.fund_code, func.sum(JournalLeg.amount_minor))
        .join(JournalEntry, JournalEntry.id == JournalLeg.entry_id)
        .join(original, original.id == JournalEntry.reverses_id)
        .where(JournalEntry.posted_on.between(from_on, until_on), original.posted_on < from_on)
        .group_by(JournalLeg.account_code, JournalLeg.fund_code)
    )
    return {(account, fund): int(amount) for account, fund, amount in rows if amount}


def accounts(session: Session) -> Mapping[str, Account]:
    """The chart, by code, in its order."""
    found = session.scalars(select(Account).order_by(Account.code))
    return {account.code: account for account in found}


def _carried(session: Session, from_on: date, until_on: date) -> dict[Place, int]:
    """What the entries that carry a year forward moved in these days."""
    rows = session.execute(
        select(JournalLeg.account_code, JournalLeg.fund_code, func.sum(JournalLeg.amount_minor))
        .join(JournalEntry, JournalEntry.id == JournalLeg.entry_id)
        .where(
            JournalEntry.source_kind == "financial_year",
            JournalEntry.kind == EntryKind.CLOSING,
            JournalEntry.posted_on.between(from_on, until_on),
        )
        .group_by(JournalLeg.account_code, JournalLeg.fund_code)
    )
    return {(account, fund): int(amount) for account, fund, amount in rows}
