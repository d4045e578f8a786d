"""The bank's balance proved against the book: every rupee between the two has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BookItem:
    """An entry of ours that no statement has shown yet; paise, money that came positive."""

    entry_ref: str
    posted_on: date
    amount_minor: int
    kind: str
    account_code: str | None = None


@dataclass(frozen=True, slots=True)
class BankItem:
    """A line of the bank's that is not in our books yet."""

    line_ref: str
    booked_on: date
    amount_minor: int
    carried: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """An account at the end of a day.

    ``bank_minor`` is what its lines lead to, ``said_minor`` what the latest statement says
    itself (for ``said_on``), ``opening_minor`` what the first statement brought that the books
    do not have.
    """

    as_on: date
    bank_minor: int
    book_minor: int
    opening_minor: int
    not_in_bank: Sequence[BookItem]
    not_in_book: Sequence[BankItem]
    said_minor: int | None = None
    said_on: date | None = None
    led_to_minor: int | None = None

    @property
    def not_in_bank_minor(self) -> int:
        """What our own entries would still change at the bank."""
        return sum(one.amount_minor for one in self.not_in_bank)

    @property
    def not_in_book_minor(self) -> int:
        """What the bank's lines would still change in our books."""
        return sum(one.amount_minor for one in self.not_in_book)

    @property
    def proved_minor(self) -> int:
        """What the book comes to once every named item is taken into account."""
        named = self.opening_minor + self.not_in_book_minor - self.not_in_bank_minor
        return self.book_minor + named

    @property
    def difference_minor(self) -> int:
        """What has no name: nought, or something is broken."""
        return self.bank_minor - self.proved_minor

    @property
    def lines_missing_minor(self) -> int:
        """How far the statement's own balance is from where the lines lead: lines are missing."""
        if self.said_minor is None or self.led_to_minor is None:
            return 0
        return self.said_minor - self.led_to_minor

    @property
    def agrees(self) -> bool:
        """Whether bank and book say the same, with nothing between them."""
        return self.bank_minor == self.book_minor and not self.lines_missing_minor
