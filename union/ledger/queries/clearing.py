"""What a voucher clears: a difference in cash, given up, has a month of its own."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.ledger.models import Account, JournalEntry, Voucher
from union.ledger.queries.keeping import cleared_on
from union.ledger.rules.entries import CASH_COUNT, COUNT_GIVEN_UP

_BOOKED_AS = {COUNT_GIVEN_UP: CASH_COUNT}
"""The source kind of a difference's entry, where its voucher names another one."""


def gives_up_on(session: Session, voucher: Voucher, today: date) -> date | None:
    """The day on which a voucher that gives up a difference is booked; None for any other.

    Today, or the last day of the difference's own month, which closes only when nothing is left.
    One whose payment was taken back as a mistake after that stands again since then.
    """
    account = session.get_one(Account, voucher.money_account_code)
    if not account.must_clear:
        return None
    kind = _BOOKED_AS.get(voucher.source_kind, voucher.source_kind)
    paid = select(JournalEntry.id).where(JournalEntry.voucher_id == voucher.id)
    stood = session.scalar(
        select(func.max(JournalEntry.posted_on)).where(
            (JournalEntry.source_kind == kind) & (JournalEntry.source_id == voucher.source_id)
            | JournalEntry.reverses_id.in_(paid)
        )
    )
    return None if stood is None else cleared_on(session, stood, today)
