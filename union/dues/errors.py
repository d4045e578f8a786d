"""What dues refuse, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class ReceiptTakenError(UnionError):
    """This receipt number, or this source, was booked before for something else (M4)."""

    code = "receipt_taken"


class PaidAheadOfTimeError(UnionError):
    """A payment cannot have happened on a day still to come."""

    code = "paid_ahead_of_time"


class PaidLongAgoError(UnionError):
    """A day more than three years back is a slip of the pen, not a payment."""

    code = "paid_long_ago"


class PayerUnknownError(UnionError):
    """No member has this card."""

    code = "payer_unknown"


class PayerGoneError(UnionError):
    """She has died or left: nothing is taken in her name without somebody looking at it."""

    code = "payer_gone"


class LineSettledError(UnionError):
    """Somebody settled this line before."""

    code = "line_settled"


class LineIncompleteError(UnionError):
    """Card, amount and day are needed to book a line."""

    code = "line_incomplete"


class NothingInHandError(UnionError):
    """There is nothing to close: the books and the hands agree."""

    code = "nothing_in_hand"


class MonthAheadError(UnionError):
    """A month is charged when it has begun, not before."""

    code = "month_ahead"


class MonthBeforeBooksError(UnionError):
    """Nobody is charged for a month before the books began: the old register says what was owed."""

    code = "month_before_books"


class OpeningUsedError(UnionError):
    """Something was paid since the register was taken over; it cannot be undone any more."""

    code = "opening_used"


class WaiverEndsFirstError(UnionError):
    """A waiver's last month lies before its first."""

    code = "waiver_ends_first"


class RateExistsError(UnionError):
    """There is a rate for this category from this month on; rates are never rewritten."""

    code = "rate_exists"
