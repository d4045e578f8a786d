"""How a line of the provider's statement is booked: one shape for each kind, to the paisa."""

from __future__ import annotations

from union.gateways.payments import LineKind
from union.ledger.rules import AccountCode, EntryKind, NewLeg

TAKEN_BACK = frozenset({LineKind.REFUND, LineKind.DISPUTE})
"""Money that left: it waits on a must-clear account until it is clear whose it was."""

CAME_BACK = frozenset({LineKind.REFUND_BACK, LineKind.DISPUTE_BACK})
ON_THE_WAY = frozenset({LineKind.PAYOUT, LineKind.PAYOUT_BACK})
"""What moves between the provider and our bank; booked from the bank's own line."""

OPPOSITE = {
    LineKind.REFUND_BACK: LineKind.REFUND,
    LineKind.DISPUTE_BACK: LineKind.DISPUTE,
}

PAYMENT_SOURCE = "card_line"
EVENT_SOURCE = "provider_event"
FEE_SOURCE = "card_fee"
BORNE_SOURCE = "card_borne"
UNPLACED_SOURCE = "card_unplaced"
"""Source kinds of the entries of one line; their ids are the line's."""


def movement_kind(kind: LineKind) -> EntryKind:
    """The kind of entry that takes money back or brings it again (M6's closed list)."""
    refund = kind in {LineKind.REFUND, LineKind.REFUND_BACK}
    return EntryKind.CARD_REFUND if refund else EntryKind.CARD_DISPUTE


def movement_legs(amount_minor: int) -> tuple[NewLeg, ...]:
    """Money taken back (below nought) or come again, against what must be cleared."""
    return (
        NewLeg(AccountCode.CARD_PROVIDER, amount_minor),
        NewLeg(AccountCode.CARD_REFUNDS_TO_CLEAR, -amount_minor),
    )


def unplaced_legs(amount_minor: int) -> tuple[NewLeg, ...]:
    """Money that came and is nobody's yet."""
    return (
        NewLeg(AccountCode.CARD_PROVIDER, amount_minor),
        NewLeg(AccountCode.RECEIPTS_TO_PLACE, -amount_minor),
    )


def returned_unplaced_legs(amount_minor: int) -> tuple[NewLeg, ...]:
    """Money that was nobody's yet and went back (below nought), or came again after that."""
    return (
        NewLeg(AccountCode.RECEIPTS_TO_PLACE, -amount_minor),
        NewLeg(AccountCode.CARD_REFUNDS_TO_CLEAR, amount_minor),
    )


def borne_legs(amount_minor: int) -> tuple[NewLeg, ...]:
    """Money taken back (below nought) that the union bears, or that came again after that."""
    return (
        NewLeg(AccountCode.CARD_FEES, -amount_minor),
        NewLeg(AccountCode.CARD_REFUNDS_TO_CLEAR, amount_minor),
    )


def fee_legs(kept: int) -> tuple[NewLeg, ...]:
    """What it kept, against what must be looked at."""
    return (
        NewLeg(AccountCode.BANK_CHARGES_TO_CLEAR, kept),
        NewLeg(AccountCode.CARD_PROVIDER, -kept),
    )
