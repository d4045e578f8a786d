"""What is refused of rounds: receipt books, phones, sheets, and cash that is counted."""

from __future__ import annotations

from union.kernel.errors import UnionError


class LooksBookedError(UnionError):
    """The same hand booked the same for that day before: ``payment_id``. She may say: once more."""

    code = "looks_booked"


class UnusualSumError(UnionError):
    """Far more than she owes and pays in a year. The desk may say that it was so much."""

    code = "unusual_sum"


class OwnCashError(UnionError):
    """Nobody counts the cash of her own round, nor settles a line of it: another does."""

    code = "own_cash"


class NumberOnPhoneError(UnionError):
    """This receipt number was taken along on a phone, which may have used it."""

    code = "number_on_phone"


class LineSettledError(UnionError):
    """Somebody settled this line before."""

    code = "line_settled"


class LineIncompleteError(UnionError):
    """Card, amount and day are needed to book a line."""

    code = "line_incomplete"


class NothingInHandError(UnionError):
    """There is nothing to close: the books and the hands agree."""

    code = "nothing_in_hand"


class MonthBeforeBooksError(UnionError):
    """Nobody is charged for a month before the books began: the old register says what was owed."""

    code = "month_before_books"


class BookOverlapsError(UnionError):
    """One of these receipt numbers is in somebody's book already."""

    code = "book_overlaps"


class BookTooLongError(UnionError):
    """A book's last number lies before its first, or it has more receipts than any book."""

    code = "book_too_long"


class BookBackError(UnionError):
    """The book was brought back before."""

    code = "book_back"


class BookUsedAfterError(UnionError):
    """A receipt of the part said to be white is booked."""

    code = "book_used_after"


class CollectorWithoutCardError(UnionError):
    """Rounds run under a card number, and she has none."""

    code = "collector_without_card"


class LineRefusedError(UnionError):
    """A receipt written online cannot be booked as it is; ``reason`` says why."""

    code = "line_refused"


class BookOnOtherPhoneError(UnionError):
    """All her white receipts are on another phone of hers; ``since`` is when it took them."""

    code = "book_on_other_phone"


class PhoneRevokedError(UnionError):
    """This phone is not hers any more."""

    code = "phone_revoked"


class SameHandError(UnionError):
    """Whoever took, counted or wrote this cannot be the second hand on it."""

    code = "same_hand"


class SignedBeforeError(UnionError):
    """There is a second signature already."""

    code = "signed_before"


class DifferenceSettledError(UnionError):
    """More than is left of a difference cannot be settled, nor in a way that does not fit it."""

    code = "difference_settled"


class NothingToDrawError(UnionError):
    """No cash receipt was written in these days."""

    code = "nothing_to_draw"


class AskedBeforeError(UnionError):
    """She was asked about this receipt, and her answer stands."""

    code = "asked_before"


class SheetTotalError(UnionError):
    """The lines do not come to the sum written under the paper."""

    code = "sheet_total"


class SheetEmptyError(UnionError):
    """No line was written."""

    code = "sheet_empty"


class CollectorUnknownError(UnionError):
    """Nobody collects under this card number."""

    code = "collector_not_known"
