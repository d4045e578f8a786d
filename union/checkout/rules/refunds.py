"""Refunds nobody answered: which of the provider's own is the answer, and how long is too long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from union.gateways.payments import RefundLook, RefundState

UNANSWERED = timedelta(minutes=10)
"""A refund asked for longer ago than this is called "not answered yet"."""


@dataclass(frozen=True, slots=True)
class RefundWish:
    """A refund we asked for under ``ref``, of so many paise, at an instant."""

    ref: str
    charge_id: str
    amount_minor: int
    asked_at: datetime


def answer_among(
    wish: RefundWish, looks: Sequence[RefundLook], taken: Collection[str]
) -> RefundLook | None:
    """The refund that came of a wish, or None if none did.

    One that carries its reference; else one of the same sum that somebody made at the provider
    itself since then and that is no other wish's (``taken``): so the money goes once.
    """
    for one in looks:
        if one.ref == wish.ref:
            return one
    since = wish.asked_at.replace(microsecond=0)  # the provider counts whole seconds
    by_hand = (
        one
        for one in looks
        if one.ref is None
        and one.amount_minor == wish.amount_minor
        and one.at >= since
        and one.state is not RefundState.FAILED
        and one.id not in taken
    )
    return next(by_hand, None)


def refund_shown(state: str, asked_at: datetime, now: datetime) -> str:
    """How a refund is said: as it stands, or "unanswered" once it should have been answered."""
    late = state == "asked" and now - asked_at > UNANSWERED
    return "unanswered" if late else state
