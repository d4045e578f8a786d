"""What the provider holds for us, by the books, and what is on its way from there to the bank."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.checkout.models import CardPayout
from union.ledger.models import JournalEntry
from union.ledger.queries.balances import control_balance
from union.ledger.rules import AccountCode


def unseen_payouts(session: Session) -> Sequence[CardPayout]:
    """Payouts that were sent and not seen on the bank's side yet, oldest first.

    One whose transfer was taken back is as unseen as before.
    """
    taken_back = select(JournalEntry.id).where(JournalEntry.reverses_id == CardPayout.entry_id)
    return session.scalars(
        select(CardPayout)
        .where(
            CardPayout.entry_id.is_(None) | taken_back.exists(),
            CardPayout.state != "failed",
        )
        .order_by(CardPayout.arrives_on, CardPayout.id)
    ).all()


def booked_at_provider(session: Session) -> int:
    """What the provider must hold if the books are right: its account less what is on its way."""
    on_the_way = sum(one.amount_minor for one in unseen_payouts(session))
    return control_balance(session, AccountCode.CARD_PROVIDER) - on_the_way
