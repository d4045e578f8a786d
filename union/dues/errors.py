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


class LooksBookedError(UnionError):
    """The same hand booked the same for that day before: ``payment_id``. She may say: once more."""

    code = "looks_booked"


class OwnPaymentError(UnionError):
    """Nobody takes her own dues in cash, nor writes her own receipt: another does."""

    code = "own_payment"


class OwnCashError(UnionError):
    """Nobody counts the cash of her own round, nor settles a line of it: another does."""

    code = "own_cash"


class OwnFavourError(UnionError):
    """Nobody decides in her own favour: to be let off, to pay less, to get money back."""

    code = "own_favour"


class NumberOnPhoneError(UnionError):
    """This receipt number was taken along on a phone, which may have used it."""

    code = "number_on_phone"


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
    """The same fee for this category holds from this month on already."""

    code = "rate_exists"


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


class NoWhiteReceiptError(UnionError):
    """No book with a white receipt is issued to her."""

    code = "no_white_receipt"


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


class SaidPaidSettledError(UnionError):
    """What she said she paid was settled before."""

    code = "said_paid_settled"


class PaymentNotThereError(UnionError):
    """No payment of hers stands under this receipt."""

    code = "payment_not_there"


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


class WaiverNeedsEndError(UnionError):
    """Hard times and holidays have an end, two years on at the latest."""

    code = "waiver_needs_end"


class WaiverEndedError(UnionError):
    """The waiver was ended before, or ends no later than that anyway."""

    code = "waiver_ended"


class RuleInPastError(UnionError):
    """A rule holds from today at the earliest: how somebody stood does not change afterwards."""

    code = "rule_in_past"


class RuleOutOfOrderError(UnionError):
    """Grace, suspension and lapse, and the three reminders, follow each other."""

    code = "rule_out_of_order"


class AlreadyReversedError(UnionError):
    """This payment was taken back before."""

    code = "already_reversed"


class PartGivenBackError(UnionError):
    """Some of this payment's money has gone back another way; it cannot be taken back whole."""

    code = "part_given_back"


class NoSuchCreditError(UnionError):
    """She has not so much paid ahead."""

    code = "no_such_credit"


class CollectorUnknownError(UnionError):
    """Nobody collects under this card number."""

    code = "collector_not_known"


class NotProposedError(UnionError):
    """The rule does not propose this about her today; she may have paid meanwhile."""

    code = "not_proposed"


class ListChangedError(UnionError):
    """Who would be reminded changed since somebody looked at it."""

    code = "list_changed"


class NobodyToRemindError(UnionError):
    """Nobody is to be reminded today."""

    code = "nobody_to_remind"


class RegisterJustCameError(UnionError):
    """Nobody is reminded on the day a register came in."""

    code = "register_just_came"


class PaidByCardError(UnionError):
    """The card company holds this money: it goes back through the card it came from, or not."""

    code = "paid_by_card"
