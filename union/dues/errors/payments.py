"""What is refused of payments: taken, brought over, taken back, reminded of."""

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


class OwnPaymentError(UnionError):
    """Nobody takes her own dues in cash, nor writes her own receipt: another does."""

    code = "own_payment"


class PayerUnknownError(UnionError):
    """No member has this card."""

    code = "payer_unknown"


class PayerGoneError(UnionError):
    """She has died or left: nothing is taken in her name without somebody looking at it."""

    code = "payer_gone"


class MonthAheadError(UnionError):
    """A month is charged when it has begun, not before."""

    code = "month_ahead"


class OpeningUsedError(UnionError):
    """Something was paid since the register was taken over; it cannot be undone any more."""

    code = "opening_used"


class NoWhiteReceiptError(UnionError):
    """No book with a white receipt is issued to her."""

    code = "no_white_receipt"


class SaidPaidSettledError(UnionError):
    """What she said she paid was settled before."""

    code = "said_paid_settled"


class PaymentNotThereError(UnionError):
    """No payment of hers stands under this receipt."""

    code = "payment_not_there"


class AlreadyReversedError(UnionError):
    """This payment was taken back before."""

    code = "already_reversed"


class PartGivenBackError(UnionError):
    """Some of this payment's money has gone back another way; it cannot be taken back whole."""

    code = "part_given_back"


class NoSuchCreditError(UnionError):
    """She has not so much paid ahead."""

    code = "no_such_credit"


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
