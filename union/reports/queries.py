"""Reads of the reports that no single domain answers: what money came in and went out for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from union.ledger.models import Account, JournalEntry, JournalLeg
from union.members.queries.people import active_on


def money_for(session: Session, from_on: date, until_on: date, fund: str | None) -> dict[str, int]:
    """For each account that money moved against: what came in for it (positive) or went out.

    Every entry balances in each fund, so these sum to what the money accounts moved.
    """
    query = _against_money(fund).where(JournalLeg.posted_on.between(from_on, until_on))
    return {code: int(amount) for code, amount in session.execute(query) if amount}


def money_taken_back(
    session: Session, from_on: date, until_on: date, fund: str | None
) -> dict[str, int]:
    """What of that only took back entries of earlier days, by the same signs."""
    original = aliased(JournalEntry)
    query = (
        _against_money(fund)
        .join(JournalEntry, JournalEntry.id == JournalLeg.entry_id)
        .join(original, original.id == JournalEntry.reverses_id)
        .where(JournalEntry.posted_on.between(from_on, until_on), original.posted_on < from_on)
    )
    return {code: int(amount) for code, amount in session.execute(query) if amount}


def _against_money(fund: str | None) -> Select[str, int]:
    money, its_account = aliased(JournalLeg), aliased(Account)
    touches_money = (
        select(money.entry_id)
        .join(its_account, its_account.code == money.account_code)
        .where(money.entry_id == JournalLeg.entry_id, its_account.money_place.is_not(None))
    )
    query = (
        select(JournalLeg.account_code, -func.sum(JournalLeg.amount_minor))
        .join(Account, Account.code == JournalLeg.account_code)
        .where(Account.money_place.is_(None), touches_money.exists())
        .group_by(JournalLeg.account_code)
        .order_by(JournalLeg.account_code)
    )
    return query if fund is None else query.where(JournalLeg.fund_code == fund)


def members_on(session: Session, day: date) -> int:
    """How many were members on a day."""
    return session.scalar(select(func.count()).select_from(active_on(day).subquery())) or 0
