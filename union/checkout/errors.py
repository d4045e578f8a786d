"""What card payments refuse, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class CardsOffError(UnionError):
    """This deployment has no provider of card payments."""

    code = "cards_off"


class InstructionStandsError(UnionError):
    """She pays by card every month already; two of them would take her money twice."""

    code = "instruction_stands"


class InstructionEndedError(UnionError):
    """It has ended before."""

    code = "instruction_ended"


class InstructionFailingError(UnionError):
    """Its card does not pay just now: what is due is tried again whether it rests or not."""

    code = "instruction_failing"


class AmountTooSmallError(UnionError):
    """The card company takes nothing below its least amount."""

    code = "amount_too_small"


class PageTooOldError(UnionError):
    """The page to pay on was asked for too long ago; a new one is needed."""

    code = "page_too_old"


class RefundTooLargeError(UnionError):
    """Not so much of this payment is left to give back."""

    code = "refund_too_large"


class DisputedError(UnionError):
    """The card's holder has asked for this payment back; giving it back too would pay it twice."""

    code = "payment_disputed"


class LineClearedError(UnionError):
    """This line was looked at before."""

    code = "line_cleared"


class NothingToClearError(UnionError):
    """There are no fees to take as spent."""

    code = "nothing_to_clear"


class DisputeOpenError(UnionError):
    """The bank has not decided yet: what may still be won is no loss."""

    code = "dispute_open"
