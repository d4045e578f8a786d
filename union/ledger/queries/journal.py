"""Entries as pages show them, newest first; words beside them only for whoever may read words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, literal_column, select, tuple_
from sqlalchemy.orm import Session

from union.infra.keystore import KeyGoneError
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.models import (
    Account,
    AccountBalance,
    EntryText,
    JournalEntry,
    JournalLeg,
    Voucher,
)
from union.ledger.policy import may_read_beside

PAGE = 50
TEXT_PLACE = "entry_text.body"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in a list; ``amount_minor`` is the total of its debits."""

    entry: JournalEntry
    amount_minor: int


@dataclass(frozen=True, slots=True)
class LegLine:
    """A leg with its account's name; debit positive."""

    account_code: str
    account_name: str
    fund_code: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry as far as a line of a book shows it."""

    id: int
    ref: str
    kind: str
    posted_on: date


@dataclass(frozen=True, slots=True)
class BookLine:
    """One movement on an account's page."""

    entry: Posted
    fund_code: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its legs, the words she may read, and what takes back what."""

    entry: JournalEntry
    legs: Sequence[LegLine]
    words: str | None
    reverses: JournalEntry | None
    reversed_by: JournalEntry | None
    voucher_ref: str | None


def entries(session: Session, before_id: int | None = None) -> Sequence[EntryLine]:
    """A page of the journal, newest first, before an entry's id."""
    page = select(JournalEntry).order_by(JournalEntry.id.desc()).limit(PAGE)
    if before_id is not None:
        page = page.where(JournalEntry.id < before_id)
    found = session.scalars(page).all()
    debits = select(JournalLeg.entry_id, func.sum(JournalLeg.amount_minor)).where(
        JournalLeg.entry_id.in_([entry.id for entry in found]), JournalLeg.amount_minor > 0
    )
    totals = {
        number: int(total)
        for number, total in session.execute(debits.group_by(JournalLeg.entry_id))
    }
    return [EntryLine(entry, totals.get(entry.id, 0)) for entry in found]


def entry_view(work: Work, ref: str) -> EntryView:
    """One entry in full; NotFoundError."""
    session = work.session
    entry = session.scalars(select(JournalEntry).where(JournalEntry.ref == ref)).one_or_none()
    if entry is None:
        raise NotFoundError
    rows = session.execute(
        select(JournalLeg.account_code, Account.name, JournalLeg.fund_code, JournalLeg.amount_minor)
        .join(Account, Account.code == JournalLeg.account_code)
        .where(JournalLeg.entry_id == entry.id)
        .order_by(JournalLeg.position)
    )
    legs = [LegLine(*row) for row in rows]
    may_read = may_read_beside(work.actor, *(leg.account_code for leg in legs))
    return EntryView(
        entry=entry,
        legs=legs,
        words=_words(work, entry) if may_read else None,
        reverses=session.get(JournalEntry, entry.reverses_id) if entry.reverses_id else None,
        reversed_by=session.scalars(
            select(JournalEntry).where(JournalEntry.reverses_id == entry.id)
        ).one_or_none(),
        voucher_ref=session.scalar(select(Voucher.ref).where(Voucher.id == entry.voucher_id)),
    )


def account_by_code(session: Session, code: str) -> Account:
    """An account; NotFoundError."""
    account = session.get(Account, code)
    if account is None:
        raise NotFoundError
    return account


def account_balance(session: Session, code: str) -> Sequence[AccountBalance]:
    """What the account holds of each fund."""
    return session.scalars(
        select(AccountBalance)
        .where(AccountBalance.account_code == code)
        .order_by(AccountBalance.fund_code)
    ).all()


def account_book(session: Session, code: str, before_id: int | None = None) -> Sequence[BookLine]:
    """A page of one account's movements, the latest day first, before an entry's id.

    A page ends with a whole entry: where its last one has two legs here, it is a line longer.
    """
    page = (
        select(
            *(JournalEntry.id, JournalEntry.ref, JournalEntry.kind, JournalEntry.posted_on),
            *(JournalLeg.fund_code, JournalLeg.amount_minor),
        )
        .join(JournalLeg, JournalLeg.entry_id == JournalEntry.id)
        .where(JournalLeg.account_code == code)
        .order_by(JournalLeg.posted_on.desc(), JournalLeg.entry_id.desc())
        .fetch(literal_column(str(PAGE)), with_ties=True)
    )
    if before_id is not None:
        its_day = select(JournalEntry.posted_on).where(JournalEntry.id == before_id)
        # An entry that nobody posted comes after all others: before it stands the first page.
        day = func.coalesce(its_day.scalar_subquery(), literal_column("DATE 'infinity'"))
        before = tuple_(day, literal(before_id))
        page = page.where(tuple_(JournalLeg.posted_on, JournalLeg.entry_id) < before)
    return [
        BookLine(Posted(number, ref, kind, day), fund, amount)
        for number, ref, kind, day, fund, amount in session.execute(page)
    ]


def _words(work: Work, entry: JournalEntry) -> str | None:
    beside = work.session.get(EntryText, entry.id)
    if beside is None:
        return None
    try:
        return work.vault.decrypt(beside.key_ref, TEXT_PLACE, entry.ref, beside.body)
    except KeyGoneError:
        return None
