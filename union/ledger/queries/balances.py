"""What stands where: read from the balance rows that every posting keeps, at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.ledger.models import Account, AccountBalance, AccountDay, Fund


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account that stands at something; one of the two amounts is 0. Minor units."""

    code: str
    name: str
    kind: str
    balance_minor: int

    @property
    def debit_minor(self) -> int:
        """What stands on the debit side."""
        return max(self.balance_minor, 0)

    @property
    def credit_minor(self) -> int:
        """What stands on the credit side."""
        return max(-self.balance_minor, 0)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account as it stood at the end of a day, in one fund or in all."""

    as_on: date
    fund: str | None
    rows: tuple[TrialRow, ...]

    @property
    def debit_minor(self) -> int:
        """The debit side's total."""
        return sum(row.debit_minor for row in self.rows)

    @property
    def credit_minor(self) -> int:
        """The credit side's total."""
        return sum(row.credit_minor for row in self.rows)

    @property
    def difference_minor(self) -> int:
        """Nought, or the books are broken."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True)
class FundStanding:
    """A fund: what its money accounts hold of it, and whether that is bound to a purpose."""

    code: str
    name: str
    restricted: bool
    money_minor: int


def trial_balance(session: Session, as_on: date, fund: str | None = None) -> TrialBalance:
    """The trial balance at the end of ``as_on``, by the day of posting.

    Today's balances less what was posted after: one indexed read for the present.
    """
    later = (
        select(
            AccountDay.account_code,
            AccountDay.fund_code,
            func.sum(AccountDay.debit_minor - AccountDay.credit_minor).label("moved"),
        )
        .where(AccountDay.posted_on > as_on)
        .group_by(AccountDay.account_code, AccountDay.fund_code)
        .subquery()
    )
    standing = func.sum(AccountBalance.balance_minor - func.coalesce(later.c.moved, 0))
    query = (
        select(Account.code, Account.name, Account.kind, standing)
        .join(AccountBalance, AccountBalance.account_code == Account.code)
        .outerjoin(
            later,
            (later.c.account_code == AccountBalance.account_code)
            & (later.c.fund_code == AccountBalance.fund_code),
        )
        .group_by(Account.code)
        .having(standing != 0)
        .order_by(Account.code)
    )
    if fund is not None:
        query = query.where(AccountBalance.fund_code == fund)
    rows = session.execute(query)
    return TrialBalance(
        as_on,
        fund,
        tuple(TrialRow(code, name, kind, int(amount)) for code, name, kind, amount in rows),
    )


def funds(session: Session) -> Sequence[FundStanding]:
    """Every fund with the money held of it now, the general one first."""
    held = (
        select(AccountBalance.fund_code, func.sum(AccountBalance.balance_minor).label("held"))
        .join(Account, Account.code == AccountBalance.account_code)
        .where(Account.money_place.is_not(None))
        .group_by(AccountBalance.fund_code)
        .subquery()
    )
    rows = session.execute(
        select(Fund.code, Fund.name, Fund.restricted, func.coalesce(held.c.held, 0))
        .outerjoin(held, held.c.fund_code == Fund.code)
        .order_by(Fund.restricted, Fund.name)
    )
    return [FundStanding(code, name, bound, int(money)) for code, name, bound, money in rows]


def control_balance(session: Session, account_code: str) -> int:
    """What an account stands at now over all funds, debit positive (M5)."""
    found = session.scalar(
        select(func.sum(AccountBalance.balance_minor)).where(
            AccountBalance.account_code == account_code
        )
    )
    return int(found or 0)
