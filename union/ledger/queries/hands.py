"""Whose hands lie under a voucher, whether it was paid, and what is said of a payment."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BigInteger, ColumnElement, String, func, select
from sqlalchemy.orm import Session, aliased

from union.ledger.models import JournalEntry, Voucher
from union.ledger.models.vouchers import PaymentMistake


def settled() -> ColumnElement[bool]:
    """That a voucher was paid in earnest: not but by a mistake that two people took back."""
    reversal = aliased(JournalEntry)
    mistaken = (
        select(PaymentMistake.id)
        .join(reversal, reversal.reverses_id == PaymentMistake.entry_id)
        .where(PaymentMistake.entry_id == JournalEntry.id, PaymentMistake.agreed.is_(True))
    )
    paid = select(JournalEntry.id).where(JournalEntry.voucher_id == Voucher.id, ~mistaken.exists())
    return paid.correlate(Voucher).exists()


def hands() -> ColumnElement[int]:
    """How many different people agreed to what a voucher says, without whoever it pays."""
    return func.ledger_voucher_hands(Voucher.id, type_=BigInteger)


def on_its_way(session: Session, voucher_ids: Collection[int]) -> dict[int, str]:
    """The vouchers among these that lie in a file at the bank, by the reference of the file."""
    file = func.ledger_voucher_on_its_way(Voucher.id, type_=String)
    rows = session.execute(
        select(Voucher.id, file.label("file")).where(Voucher.id.in_(voucher_ids), file.is_not(None))
    )
    return {row.id: row.file for row in rows}


def payment_that_stands(session: Session, voucher_id: int) -> JournalEntry | None:
    """A voucher's payment, unless it was taken back."""
    reversal = aliased(JournalEntry)
    taken_back = select(reversal.id).where(reversal.reverses_id == JournalEntry.id)
    return session.scalars(
        select(JournalEntry).where(
            JournalEntry.voucher_id == voucher_id, ~taken_back.correlate(JournalEntry).exists()
        )
    ).one_or_none()


def mistakes(session: Session, entry_ids: Collection[int]) -> dict[int, PaymentMistake]:
    """What is said about these payments as booked by mistake, the latest of each."""
    found = session.scalars(
        select(PaymentMistake)
        .where(PaymentMistake.entry_id.in_(entry_ids))
        .order_by(PaymentMistake.id)
    )
    return {one.entry_id: one for one in found}
