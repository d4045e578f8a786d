"""What the bank says we had: the first statement's opening and every line since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.bank.models import BankAccount, BankLine, BankStatement


@dataclass(frozen=True, slots=True)
class BankStart:
    """Where our knowledge of an account begins: a day, and what stood there before it."""

    begins_on: date
    opening_minor: int


def bank_start(session: Session, account: BankAccount) -> BankStart | None:
    """The earliest statement that says an opening balance; None while there is none."""
    row = session.execute(
        select(BankStatement.period_from, BankStatement.opening_minor)
        .where(BankStatement.account_id == account.id, BankStatement.opening_minor.is_not(None))
        .order_by(BankStatement.period_from, BankStatement.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else BankStart(row[0], int(row[1] or 0))


def bank_balance(
    session: Session, account: BankAccount, on: date, *, before: bool = False
) -> int | None:
    """What stood at the bank at the end of a day (or before it began), by its own lines.

    None for a day before our first statement.
    """
    start = bank_start(session, account)
    if start is None or on < start.begins_on:
        return None
    lines = select(func.coalesce(func.sum(BankLine.amount_minor), 0)).where(
        BankLine.account_id == account.id,
        BankLine.booked_on >= start.begins_on,
        BankLine.booked_on < on if before else BankLine.booked_on <= on,
    )
    return start.opening_minor + int(session.scalar(lines) or 0)


def statements(session: Session, account: BankAccount) -> list[BankStatement]:
    """Every statement of an account, the latest first."""
    return list(
        session.scalars(
            select(BankStatement)
            .where(BankStatement.account_id == account.id)
            .order_by(BankStatement.period_to.desc(), BankStatement.id.desc())
        )
    )


def statement_by_ref(session: Session, ref: str) -> BankStatement | None:
    """The statement of this reference."""
    return session.scalar(select(BankStatement).where(BankStatement.ref == ref))
