"""Tables of card payments: what was asked, what the provider told, its statement line by line."""

from __future__ import annotations

from union.checkout.models.asked import CardCheckout, CardInstruction, CardRefund
from union.checkout.models.told import (
    CardAside,
    CardDispute,
    CardEvent,
    CardFeeBatch,
    CardLine,
    CardPayout,
    CardReconciliation,
)

__all__ = [
    "CardAside",
    "CardCheckout",
    "CardDispute",
    "CardEvent",
    "CardFeeBatch",
    "CardInstruction",
    "CardLine",
    "CardPayout",
    "CardReconciliation",
    "CardRefund",
]
