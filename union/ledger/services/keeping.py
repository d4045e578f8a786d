"""Budgets, what the books begin with, the carrying of a year, and the closing of a month.

Invariant: the books begin once; a year is carried whole by one entry on its last day; what was
looked at when a month was closed stands beside it for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from sqlalchemy import func, insert, select, update

from union.infra.audit import log
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.periods import Month
from union.ledger.errors import (
    BooksOpenedBeforeError,
    EntryIncompleteError,
    MonthOpenError,
    PapersMissingError,
    YearNotOverError,
)
from union.ledger.models import (
    Account,
    AccountDay,
    AccountingPeriod,
    BudgetLine,
    JournalEntry,
    MonthClose,
)
from union.ledger.policy import may_close, may_pay
from union.ledger.queries.keeping import brought_forward, next_to_close
from union.ledger.rules.chart import AccountCode, AccountKind
from union.ledger.rules.entries import (
    BROUGHT_FORWARD,
    FINANCIAL_YEAR,
    EntryKind,
    NewEntry,
    NewLeg,
    Source,
)
from union.ledger.rules.years import FinancialYear
from union.ledger.services.papers import close_papers, lay_papers
from union.ledger.services.posting import open_books, post_entry
from union.ledger.services.seals import seal_soon

MONTH_LOCK = 3001


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What an account held of a fund when the books began; debit positive, minor units."""

    account: str
    fund: str
    amount_minor: int


def set_budget(
    work: Work, year: FinancialYear, place: tuple[str, str], amount_minor: int
) -> BudgetLine:
    """Plan an amount for (fund, account) in a year; a later plan takes its place."""
    if not may_pay(work.actor):
        raise NotAllowedError
    fund, account = place
    line = BudgetLine(
        year=year.begun,
        fund_code=fund,
        account_code=account,
        amount_minor=amount_minor,
        set_by=work.actor.person_id,
        set_at=work.clock.now(),
    )
    work.session.add(line)
    work.session.flush()
    log(work, "budget_set", object_type="budget_line", object_id=line.id)
    return line


def bring_forward(
    work: Work, lines: Sequence[OpeningLine], papers: Sequence[IO[bytes]] = ()
) -> JournalEntry:
    """What the old books ended with, once, with the paper that shows it.

    The difference of each fund stands as "opening balances". BooksOpenedBeforeError the second
    time, PapersMissingError when a person writes it without a paper.
    """
    if not (work.actor.is_system or may_pay(work.actor)):
        raise NotAllowedError
    first = open_books(work)
    if brought_forward(work.session) is not None:
        raise BooksOpenedBeforeError
    closed = close_papers(work, work.vault.new_key(), papers)
    if not closed and not work.actor.is_system:
        raise PapersMissingError
    lay_papers(work, "opening", 1, closed)
    legs = [NewLeg(one.account, one.amount_minor, one.fund) for one in lines if one.amount_minor]
    if not legs:
        raise EntryIncompleteError(legs=0)
    own: dict[str, int] = {}
    for leg in legs:
        own[leg.fund] = own.get(leg.fund, 0) - leg.amount_minor
    legs += [
        NewLeg(AccountCode.OPENING_BALANCES, amount, fund) for fund, amount in own.items() if amount
    ]
    entry = post_entry(
        work,
        NewEntry(
            kind=EntryKind.OPENING,
            happened_on=first.first_day,
            source=Source(BROUGHT_FORWARD, 1),
            legs=tuple(legs),
        ),
    )
    log(work, "books_brought_forward", object_type="journal_entry", object_id=entry.id)
    return entry


def carry_year(work: Work, year: FinancialYear) -> JournalEntry | None:
    """Carry what came in and went out into the funds, on the year's last day; once.

    Called again it answers with the entry that stands; None where nothing was earned or spent.
    YearNotOverError before the year's last month is the next to close.
    """
    if not may_close(work.actor):
        raise NotAllowedError
    standing = work.session.scalars(
        select(JournalEntry).where(
            JournalEntry.source_kind == FINANCIAL_YEAR, JournalEntry.source_id == year.begun
        )
    ).one_or_none()
    if standing is not None:
        return standing
    if next_to_close(work.session) != year.last_month or work.clock.today() <= year.last_day:
        raise YearNotOverError
    _hold_month(work, year.last_month)
    legs = _carrying(work, year.last_day)
    if not legs:
        return None
    entry = post_entry(
        work,
        NewEntry(
            kind=EntryKind.CLOSING,
            happened_on=year.last_day,
            posted_on=year.last_day,
            source=Source(FINANCIAL_YEAR, year.begun),
            legs=legs,
        ),
    )
    log(work, "year_carried", object_type="journal_entry", object_id=entry.id)
    return entry


def close_month(work: Work, month: Month, looked_at: Mapping[str, Any]) -> MonthClose:
    """Close a month for good, with what was looked at; a year's last month carries the year.

    Closing it again is answered with what stands. MonthOpenError where the month is not over or
    not the next one; what else the laws refuse (M3) comes as an IntegrityError that names the law.
    """
    if not may_close(work.actor):
        raise NotAllowedError
    _hold_month(work, month)
    closed = work.session.get(MonthClose, month.first_day)
    if closed is not None:
        return closed
    if work.clock.today() <= month.last_day or next_to_close(work.session) != month:
        raise MonthOpenError
    year = FinancialYear.of(month.first_day)
    if month == year.last_month:
        carry_year(work, year)
    _open_next(work, month)
    now = work.clock.now()
    work.session.execute(
        update(AccountingPeriod)
        .where(AccountingPeriod.first_on == month.first_day)
        .values(status="closed", closed_at=now, closed_by=work.actor.person_id)
    )
    closed = MonthClose(
        first_on=month.first_day,
        looked_at=dict(looked_at),
        closed_by=work.actor.person_id,
        closed_at=now,
    )
    work.session.add(closed)
    work.session.flush()
    number = month.year * 12 + month.month
    log(work, "month_closed", object_type="accounting_period", object_id=number)
    seal_soon(work)
    return closed


def _open_next(work: Work, month: Month) -> None:
    """The books always have an open month, so that what comes next has where to stand."""
    following = month.next().first_day
    if work.session.get(AccountingPeriod, following) is None:
        work.session.execute(insert(AccountingPeriod).values(first_on=following, status="open"))


def _hold_month(work: Work, month: Month) -> None:
    """Let no posting into this month until the transaction ends."""
    number = month.year * 12 + month.month
    work.session.execute(select(func.pg_advisory_xact_lock(MONTH_LOCK, number)))


def _carrying(work: Work, last_on: date) -> tuple[NewLeg, ...]:
    left = func.sum(AccountDay.debit_minor - AccountDay.credit_minor)
    rows = work.session.execute(
        select(AccountDay.account_code, AccountDay.fund_code, left)
        .join(Account, Account.code == AccountDay.account_code)
        .where(
            Account.kind.in_((AccountKind.INCOME, AccountKind.EXPENSE)),
            AccountDay.posted_on <= last_on,
        )
        .group_by(AccountDay.account_code, AccountDay.fund_code)
        .having(left != 0)
        .order_by(AccountDay.account_code, AccountDay.fund_code)
    )
    legs: list[NewLeg] = []
    results: dict[str, int] = {}
    for account, fund, amount in rows:
        legs.append(NewLeg(account, -int(amount), fund))
        results[fund] = results.get(fund, 0) + int(amount)
    legs += [
        NewLeg(AccountCode.CARRIED_FORWARD, amount, fund)
        for fund, amount in sorted(results.items())
        if amount
    ]
    return tuple(legs)
