"""Names of what the database keeps by itself, for the other reads to join with."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    String,
    TableClause,
    column,
    select,
    table,
)
from sqlalchemy.orm import Session, aliased

from union.bank.models import BankAccount, BankLineEntry
from union.kernel.errors import NotFoundError
from union.ledger.models import JournalEntry

LINE_NOW: TableClause = table(
    "bank_line_now",
    column("line_id", BigInteger),
    column("decision_id", BigInteger),
    column("kind", String),
    column("until_month", Date),
    column("stands", Boolean),
)
"""Each line's latest decision and whether it stands: a view of the database's own."""

CARD_LINE: TableClause = table(
    "card_line",
    column("id", BigInteger),
    column("kind", String),
    column("amount_minor", BigInteger),
    column("happened_on", Date),
)
"""What the card company's own statement says: kept by its neighbour, read here only."""


def bank_account(session: Session, ref: str | None = None) -> BankAccount:
    """The account of this reference, or the first one; NotFoundError."""
    query = select(BankAccount).order_by(BankAccount.id).limit(1)
    if ref is not None:
        query = query.where(BankAccount.ref == ref)
    found = session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def not_linked() -> ColumnElement[bool]:
    """That no line is linked to an entry."""
    return ~select(BankLineEntry.entry_id).where(BankLineEntry.entry_id == JournalEntry.id).exists()


def not_taken_back() -> ColumnElement[bool]:
    """That no other entry reverses an entry."""
    reversal = aliased(JournalEntry)
    return ~select(reversal.id).where(reversal.reverses_id == JournalEntry.id).exists()
