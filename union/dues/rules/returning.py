"""What a sum given back undoes: what was paid ahead first, then the newest months paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from union.dues.rules.allocation import Share
from union.kernel.errors import UnionError
from union.kernel.periods import Month


class ReturnTooLargeError(UnionError):
    """More would be given back than was ever paid."""

    code = "return_too_large"


@dataclass(frozen=True, slots=True, order=True)
class PaidCharge:
    """A charge with something paid on it, in paise."""

    month: Month
    charge_id: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class Undoing:
    """From her credit so much, and these charges owed again; together exactly the sum, in paise."""

    credit_minor: int
    reopened: tuple[Share, ...]

    @property
    def reopened_minor(self) -> int:
        """What is owed again."""
        return sum(share.amount_minor for share in self.reopened)


def undo(amount_minor: int, credit_minor: int, paid: Iterable[PaidCharge]) -> Undoing:
    """Take a sum out of what she has ahead and then of the newest months, each emptied in turn.

    The opposite of how it was spread. ReturnTooLargeError if there is not so much.
    """
    from_credit = min(amount_minor, credit_minor)
    left = amount_minor - from_credit
    shares: list[Share] = []
    for charge in sorted(paid, reverse=True):
        part = min(left, charge.paid_minor)
        if part > 0:
            shares.append(Share(charge.charge_id, part))
            left -= part
    if left:
        raise ReturnTooLargeError
    return Undoing(from_credit, tuple(shares))
