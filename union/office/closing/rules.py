"""What a month's checklist says; plain values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Item(StrEnum):
    """What is looked at, in the order a treasurer does it."""

    MONTH_OVER = "month_over"
    IN_ORDER = "in_order"
    SHEETS = "sheets"
    HAND_OVERS = "hand_overs"
    BANK_LINES = "bank_lines"
    BANK_PROVED = "bank_proved"
    TRANSFERS = "transfers"
    CARDS_PROVED = "cards_proved"
    BOXES = "boxes"
    MUST_CLEAR = "must_clear"
    FLOATS = "floats"
    VOUCHERS = "vouchers"
    BALANCE = "balance"


MUST: frozenset[Item] = frozenset(
    {
        Item.MONTH_OVER,
        Item.IN_ORDER,
        Item.SHEETS,
        Item.BANK_LINES,
        Item.TRANSFERS,
        Item.MUST_CLEAR,
        Item.BALANCE,
    }
)
"""What keeps the month open; the rest may be carried over knowingly, and that is kept."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: how much is left to do, and an amount where it has one."""

    item: Item
    left: int
    amount_minor: int | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.left == 0

    @property
    def holds_up(self) -> bool:
        """Whether the month cannot be closed over it."""
        return not self.done and self.item in MUST


def may_be_closed(checks: Iterable[Check], *, carried: bool) -> bool:
    """Whether the month may be closed: what must be done is, what else is left is ``carried``."""
    listed = list(checks)
    if any(one.holds_up for one in listed):
        return False
    return carried or all(one.done for one in listed)


def kept(checks: Sequence[Check]) -> dict[str, int]:
    """What stands beside the closed month: how much of each was left."""
    return {one.item.value: one.left for one in checks}
