"""What a member sees of her own payments by card."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.checkout.models import CardCheckout, CardInstruction, CardLine
from union.checkout.rules.standing import LIVE
from union.dues.models import Payment, Receipt
from union.members.queries import all_entries_of

SHOWN = 3


@dataclass(frozen=True, slots=True)
class HerCards:
    """Her standing instruction if one lives, and those that ended, the latest first."""

    instruction: CardInstruction | None
    ended: Sequence[CardInstruction]

    def rested_by(self, person_ids: Collection[int]) -> bool:
        """Whether one of these is who wished last that it rests, or goes on."""
        return self.instruction is not None and self.instruction.rest_asked_by in person_ids


def her_cards(session: Session, person_id: int) -> HerCards:
    """Her instructions; one that never began is nothing to show."""
    hers = select(CardInstruction).where(
        CardInstruction.person_id.in_(all_entries_of(session, person_id)),
        CardInstruction.provider_id.is_not(None),
    )
    live = session.scalars(
        hers.where(CardInstruction.state.in_(LIVE)).order_by(CardInstruction.id.desc())
    ).first()
    ended = session.scalars(
        hers.where(CardInstruction.state == "ended")
        .order_by(CardInstruction.ended_at.desc())
        .limit(SHOWN)
    ).all()
    return HerCards(live, ended)


def on_their_way(session: Session, person_id: int) -> Sequence[CardCheckout]:
    """What she paid and no statement has yet: her bank takes its time, or it is being written."""
    booked = select(CardLine.id).where(
        CardLine.kind == "payment",
        (CardLine.checkout_id == CardCheckout.id)
        | (CardLine.instruction_id == CardCheckout.instruction_id),
    )
    return session.scalars(
        select(CardCheckout)
        .where(
            CardCheckout.person_id.in_(all_entries_of(session, person_id)),
            CardCheckout.state.in_(["waiting", "done"]),
            ~booked.exists(),
        )
        .order_by(CardCheckout.asked_at.desc(), CardCheckout.id.desc())
    ).all()


def checkout_by_ref(session: Session, ref: str) -> CardCheckout | None:
    """The visit to the provider's page with this reference."""
    return session.scalar(select(CardCheckout).where(CardCheckout.ref == ref))


def instruction_by_ref(session: Session, ref: str) -> CardInstruction | None:
    """The standing instruction with this reference."""
    return session.scalar(select(CardInstruction).where(CardInstruction.ref == ref))


def receipt_of(session: Session, checkout: CardCheckout) -> str | None:
    """The reference of the receipt a visit led to, once its money is booked."""
    line = session.scalars(
        select(CardLine)
        .where(
            CardLine.kind == "payment",
            (CardLine.checkout_id == checkout.id)
            | (
                CardLine.instruction_id.is_not(None)
                & (CardLine.instruction_id == checkout.instruction_id)
            ),
        )
        .order_by(CardLine.id)
    ).first()
    if line is None:
        return None
    return session.scalar(
        select(Receipt.ref)
        .join(Payment, Payment.id == Receipt.payment_id)
        .where(Payment.source == line.payment_source)
    )
