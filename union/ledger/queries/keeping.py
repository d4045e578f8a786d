"""Budgets, months and years: what treasurer and checklist ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.infra.civil import civil_day
from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.models import (
    Account,
    AccountDay,
    AccountingPeriod,
    BudgetLine,
    Fund,
    FundPurpose,
    JournalEntry,
    MonthClose,
    Voucher,
)
from union.ledger.queries.figures import moved
from union.ledger.queries.hands import settled
from union.ledger.rules.chart import AccountKind
from union.ledger.rules.entries import BROUGHT_FORWARD
from union.ledger.rules.years import FinancialYear


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """An account in a fund: planned for the whole year and what it came to, both positive."""

    fund_code: str
    account_code: str
    kind: str
    planned_minor: int
    actual_minor: int

    @property
    def left_minor(self) -> int:
        """What of the plan is left; below nought when it was passed."""
        return self.planned_minor - self.actual_minor


def planned(session: Session, year: FinancialYear) -> dict[tuple[str, str], int]:
    """What is planned for each account and fund in a year: the newest line of each."""
    newest = (
        select(func.max(BudgetLine.id))
        .where(BudgetLine.year == year.begun)
        .group_by(BudgetLine.fund_code, BudgetLine.account_code)
    )
    found = session.scalars(select(BudgetLine).where(BudgetLine.id.in_(newest)))
    return {
        (one.account_code, one.fund_code): one.amount_minor for one in found if one.amount_minor
    }


def budget(session: Session, year: FinancialYear, until_on: date) -> list[BudgetRow]:
    """Plan against what came in and went out from the year's beginning until a day."""
    plan = planned(session, year)
    actual = moved(session, year.first_day, min(until_on, year.last_day))
    named = select(Account.code, Account.kind).where(
        Account.kind.in_((AccountKind.INCOME, AccountKind.EXPENSE))
    )
    kinds: dict[str, str] = {row.code: row.kind for row in session.execute(named)}
    rows = []
    for account, fund in sorted(plan.keys() | actual.keys(), key=lambda one: (one[1], one[0])):
        if account not in kinds:
            continue
        net = actual[account, fund].net_minor if (account, fund) in actual else 0
        sign = 1 if kinds[account] == AccountKind.EXPENSE else -1
        rows.append(
            BudgetRow(fund, account, kinds[account], plan.get((account, fund), 0), sign * net)
        )
    return rows


def plannable(session: Session) -> list[tuple[str, str]]:
    """Fund and account of all that may be planned: what comes in, and what a fund may bear."""
    funds = session.scalars(select(Fund.code).order_by(Fund.restricted, Fund.code)).all()
    income = session.scalars(select(Account.code).where(Account.kind == AccountKind.INCOME)).all()
    spent = (
        select(FundPurpose.fund_code, FundPurpose.account_code)
        .join(Account, Account.code == FundPurpose.account_code)
        .where(Account.kind == AccountKind.EXPENSE)
    )
    rows = [(fund, account) for fund in funds for account in income]
    rows += [(fund, account) for fund, account in session.execute(spent)]
    return sorted(rows, key=lambda one: (funds.index(one[0]), one[1]))


def periods(session: Session) -> Sequence[AccountingPeriod]:
    """Every month of the books, newest first."""
    return session.scalars(
        select(AccountingPeriod).order_by(AccountingPeriod.first_on.desc())
    ).all()


def next_to_close(session: Session) -> Month | None:
    """The oldest month that is open; None before the books were begun."""
    first = session.scalar(
        select(func.min(AccountingPeriod.first_on)).where(AccountingPeriod.status == "open")
    )
    return Month.of(first) if first is not None else None


def cleared_on(session: Session, stood_since: date, today: date) -> date:
    """The day on which what has waited to be cleared since a day is booked as cleared.

    Today, or the last day of its own month while that is open: a month closes only when nothing
    stood on such an account at its end, so what is cleared later must be cleared in it.
    """
    opened = next_to_close(session)
    month = Month.of(stood_since)
    return min(today, (month if opened is None else max(month, opened)).last_day)


def closes(session: Session) -> dict[date, MonthClose]:
    """What was looked at when each month was closed."""
    return {one.first_on: one for one in session.scalars(select(MonthClose))}


def must_clear_left(session: Session, until_on: date) -> dict[str, int]:
    """What still stands on each account that must be at nought, at the end of a day."""
    rows = session.execute(
        select(AccountDay.account_code, func.sum(AccountDay.debit_minor - AccountDay.credit_minor))
        .join(Account, Account.code == AccountDay.account_code)
        .where(Account.must_clear, AccountDay.posted_on <= until_on)
        .group_by(AccountDay.account_code, AccountDay.fund_code)
    )
    found: dict[str, int] = {}
    for code, amount in rows:
        if amount:
            found[code] = found.get(code, 0) + abs(int(amount))
    return found


def vouchers_hanging(work: Work, until_on: date) -> int:
    """How many vouchers written up to a day are neither paid nor withdrawn."""
    query = (
        select(func.count(Voucher.id))
        .where(Voucher.withdrawn_at.is_(None), ~settled())
        .where(civil_day(Voucher.prepared_at, work.clock.zone) <= until_on)
    )
    return work.session.scalar(query) or 0


def brought_forward(session: Session) -> JournalEntry | None:
    """The entry by which what the union had came in, if it was written."""
    return session.scalars(
        select(JournalEntry).where(
            JournalEntry.source_kind == BROUGHT_FORWARD, JournalEntry.source_id == 1
        )
    ).one_or_none()
