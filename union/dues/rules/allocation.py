"""How a sum is spread over what is owed: oldest first, the surplus kept as credit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from union.kernel.errors import UnionError
from union.kernel.periods import Month


class PaymentNotPositiveError(UnionError):
    """A payment is more than nothing."""

    code = "payment_not_positive"


@dataclass(frozen=True, slots=True, order=True)
class OpenCharge:
    """A charge with something still due on it, in paise; ordered as it is to be paid."""

    month: Month
    charge_id: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Share:
    """What of a sum goes to one charge, in paise."""

    charge_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A sum spread: its shares and what is left over; together exactly the sum."""

    shares: tuple[Share, ...]
    surplus_minor: int

    @property
    def settled_minor(self) -> int:
        """What went to charges, in paise."""
        return sum(share.amount_minor for share in self.shares)


def allocate(amount_minor: int, open_charges: Iterable[OpenCharge]) -> Spread:
    """Spread a sum over open charges, the oldest month first, each filled before the next.

    A sum of nothing or less raises PaymentNotPositiveError. Charges with nothing open take
    nothing.
    """
    if amount_minor <= 0:
        raise PaymentNotPositiveError
    left = amount_minor
    shares: list[Share] = []
    for charge in sorted(open_charges):
        part = min(left, charge.open_minor)
        if part > 0:
            shares.append(Share(charge.charge_id, part))
            left -= part
    return Spread(tuple(shares), left)
