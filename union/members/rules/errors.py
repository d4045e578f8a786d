"""What cannot be read in a register, as facts with codes."""

from __future__ import annotations

from union.kernel.errors import UnionError


class CardUnreadableError(UnionError):
    """A card number is letters and figures such as KA/00245."""

    code = "card_unreadable"


class DateUnreadableError(UnionError):
    """A date cannot be read, or there is no such day."""

    code = "date_unreadable"


class FeeUnreadableError(UnionError):
    """A fee cannot be read."""

    code = "fee_unreadable"


class PaidUptoUnreadableError(UnionError):
    """A month up to which somebody has paid cannot be read."""

    code = "paid_upto_unreadable"


class BookUnreadableError(UnionError):
    """The file is no table of text with a heading."""

    code = "book_unreadable"


class ColumnsMissingError(UnionError):
    """The book has neither a column of names nor one of card numbers that we understand."""

    code = "columns_missing"
