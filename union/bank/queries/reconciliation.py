"""Reading what the reconciliation of an account is made of, as it stood at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from union.bank.models import BankAccount, BankLine, BankLineEntry, BankStatement
from union.bank.queries.balances import BankStart, bank_balance, bank_start
from union.bank.queries.tables import LINE_NOW
from union.bank.rules.reconciliation import BankItem, BookItem, Reconciliation
from union.ledger.models import JournalEntry, JournalLeg
from union.ledger.rules import EntryKind


@dataclass(frozen=True, slots=True)
class OpeningDifference:
    """What stood at the bank before its first statement and is not in the books, in paise."""

    begins_on: date
    amount_minor: int


def opening_difference(
    session: Session, account: BankAccount, as_on: date | None = None
) -> OpeningDifference | None:
    """None while no statement says an opening balance."""
    start = bank_start(session, account)
    if start is None:
        return None
    before = _book(account).where(
        or_(
            JournalEntry.posted_on < start.begins_on,
            JournalEntry.kind == EntryKind.OPENING,
        )
    )
    if as_on is not None:
        before = before.where(JournalEntry.posted_on <= as_on)
    held = int(session.scalar(before) or 0)
    return OpeningDifference(start.begins_on, start.opening_minor - held)


def reconciliation(session: Session, account: BankAccount, as_on: date) -> Reconciliation | None:
    """The account at the end of a day; None while no statement says a balance, or before it."""
    start = bank_start(session, account)
    if start is None or as_on < start.begins_on:
        return None
    opening = opening_difference(session, account, as_on)
    bank = bank_balance(session, account, as_on)
    said = _said(session, account, as_on)
    return Reconciliation(
        as_on=as_on,
        bank_minor=bank or 0,
        book_minor=int(session.scalar(_book(account).where(JournalEntry.posted_on <= as_on)) or 0),
        opening_minor=0 if opening is None else opening.amount_minor,
        not_in_bank=_not_in_bank(session, account, start, as_on),
        not_in_book=_not_in_book(session, account, start, as_on),
        said_minor=None if said is None else said.closing_minor,
        said_on=None if said is None else said.period_to,
        led_to_minor=None if said is None else bank_balance(session, account, said.period_to),
    )


def transfers_unmet(session: Session, until: date) -> int:
    """How many transfers to or from the bank stood for a week by a day and met no line of it."""
    unmet = func.bank_transfers_unmet(until).table_valued("entry_id")
    return int(session.scalar(select(func.count()).select_from(unmet)) or 0)


def _book(account: BankAccount) -> Select[int]:
    return (
        select(func.coalesce(func.sum(JournalLeg.amount_minor), 0))
        .join(JournalEntry, JournalEntry.id == JournalLeg.entry_id)
        .where(JournalLeg.account_code == account.account_code)
    )


def _not_in_bank(
    session: Session, account: BankAccount, start: BankStart, as_on: date
) -> list[BookItem]:
    shown = (
        select(BankLineEntry.entry_id)
        .join(BankLine, BankLine.id == BankLineEntry.line_id)
        .where(BankLineEntry.entry_id == JournalEntry.id, BankLine.booked_on <= as_on)
        .where(~_booked_anew(as_on))
    )
    total = func.sum(JournalLeg.amount_minor)
    rows = session.execute(
        select(JournalEntry, total)
        .join(JournalLeg, JournalLeg.entry_id == JournalEntry.id)
        .where(
            JournalLeg.account_code == account.account_code,
            JournalEntry.posted_on.between(start.begins_on, as_on),
            JournalEntry.kind != EntryKind.OPENING,
            ~shown.exists(),
            ~_taken_back(as_on),
            ~_takes_back(start, as_on),
        )
        .group_by(JournalEntry.id)
        .having(total != 0)
        .order_by(JournalEntry.posted_on, JournalEntry.id)
    )
    return [BookItem(entry.ref, entry.posted_on, int(amount), entry.kind) for entry, amount in rows]


def _not_in_book(
    session: Session, account: BankAccount, start: BankStart, as_on: date
) -> list[BankItem]:
    standing = (
        select(BankLineEntry.line_id)
        .join(JournalEntry, JournalEntry.id == BankLineEntry.entry_id)
        .where(
            BankLineEntry.line_id == BankLine.id,
            JournalEntry.posted_on <= as_on,
            ~_taken_back(as_on),
        )
    )
    rows = session.execute(
        select(BankLine.ref, BankLine.booked_on, BankLine.amount_minor, LINE_NOW.c.kind)
        .join(LINE_NOW, LINE_NOW.c.line_id == BankLine.id)
        .where(
            BankLine.account_id == account.id,
            BankLine.booked_on.between(start.begins_on, as_on),
            ~standing.exists(),
        )
        .order_by(BankLine.booked_on, BankLine.id)
    )
    return [BankItem(ref, day, amount, kind == "carried") for ref, day, amount, kind in rows]


def _taken_back(as_on: date) -> ColumnElement[bool]:
    """That an entry was reversed by then, by one that is no line of the bank's itself."""
    reversal, link = aliased(JournalEntry), aliased(BankLineEntry)
    linked = select(link.entry_id).where(link.entry_id == reversal.id)
    return (
        select(reversal.id)
        .where(
            reversal.reverses_id == JournalEntry.id,
            reversal.posted_on <= as_on,
            ~linked.exists(),
        )
        .exists()
    )


def _booked_anew(as_on: date) -> ColumnElement[bool]:
    """That a line's entry was reversed at any time, and the line booked again by an entry of then.

    The line shows one of the two at the bank; until the reversal's own day the other is too much.
    """
    reversal, link, later = aliased(JournalEntry), aliased(BankLineEntry), aliased(JournalEntry)
    return (
        select(later.id)
        .join(link, link.entry_id == later.id)
        .join(reversal, reversal.reverses_id == BankLineEntry.entry_id)
        .where(
            link.line_id == BankLineEntry.line_id,
            later.id > reversal.id,
            later.posted_on <= as_on,
        )
        .exists()
    )


def _takes_back(start: BankStart, as_on: date) -> ColumnElement[bool]:
    """That an entry is such a reversal, of an entry that lies in the same days."""
    original = aliased(JournalEntry)
    return (
        select(original.id)
        .where(
            original.id == JournalEntry.reverses_id,
            original.kind != EntryKind.OPENING,
            original.posted_on.between(start.begins_on, as_on),
        )
        .exists()
    )


def _said(session: Session, account: BankAccount, as_on: date) -> BankStatement | None:
    return session.scalar(
        select(BankStatement)
        .where(
            BankStatement.account_id == account.id,
            BankStatement.period_to <= as_on,
            BankStatement.closing_minor.is_not(None),
        )
        .order_by(BankStatement.period_to.desc(), BankStatement.id.desc())
        .limit(1)
    )
