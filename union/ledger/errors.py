"""What the books refuse, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class EntryUnbalancedError(UnionError):
    """Debits and credits differ in at least one fund (M1)."""

    code = "entry_unbalanced"


class EntryIncompleteError(UnionError):
    """An entry has two legs or more, and none of nothing."""

    code = "entry_incomplete"


class SourceReusedError(UnionError):
    """This source was posted before, with other legs (M4)."""

    code = "source_reused"


class PeriodClosedError(UnionError):
    """The month is closed and stays so (M3), or the books never came to it."""

    code = "period_closed"


class ReversalRefusedError(UnionError):
    """The entry is itself a reversal, or was reversed before."""

    code = "reversal_refused"


class AmountNotPositiveError(UnionError):
    """A voucher is for more than nothing."""

    code = "amount_not_positive"


class PurposeRefusedError(UnionError):
    """The fund may not be spent on this (M6)."""

    code = "purpose_refused"


class PayeeApprovesError(UnionError):
    """Nobody approves a payment to herself (M6)."""

    code = "payee_approves"


class ApprovedTwiceError(UnionError):
    """The same person approves once (M6)."""

    code = "approved_twice"


class VoucherChangedError(UnionError):
    """The voucher is not the one that was looked at (M6)."""

    code = "voucher_changed"


class VoucherNotApprovedError(UnionError):
    """Two different people have not approved yet (M6)."""

    code = "voucher_not_approved"


class VoucherSettledError(UnionError):
    """The voucher was paid or withdrawn already."""

    code = "voucher_settled"


class VoucherOnItsWayError(UnionError):
    """The voucher lies in a payment file that went to the bank (M6)."""

    code = "voucher_on_its_way"


class OtherHandNeededError(UnionError):
    """A second, different person is needed, and she is not the one who is paid (M6)."""

    code = "other_hand_needed"


class BillNotOwedError(UnionError):
    """The fund owes no such bill (M6)."""

    code = "bill_not_owed"


class GivenUpElsewhenError(UnionError):
    """A difference is given up in the month it was found in: else that month never closes."""

    code = "given_up_elsewhen"


class PaperChangedError(UnionError):
    """What is kept of a paper is not what was laid there."""

    code = "paper_changed"


class PaperUnreadableError(UnionError):
    """A paper is a PDF or a picture."""

    code = "paper_unreadable"


class PaperTooLargeError(UnionError):
    """A paper has eight megabytes at most."""

    code = "paper_too_large"


class TooManyPapersError(UnionError):
    """So many papers do not lie beside one thing."""

    code = "too_many_papers"


class NameMissingError(UnionError):
    """Somebody who is paid has a name."""

    code = "name_missing"


class WordsMissingError(UnionError):
    """What money is for is said in words."""

    code = "words_missing"


class FloatLimitError(UnionError):
    """A float is bounded by its purpose, and by its holder's own limit."""

    code = "float_limit"


class OwnFloatError(UnionError):
    """Nobody sets the limit of her own float, or takes her own papers."""

    code = "own_float"


class FloatOverspentError(UnionError):
    """More is told as spent than she holds."""

    code = "float_overspent"


class PapersMissingError(UnionError):
    """This needs a paper that shows it."""

    code = "papers_missing"


class SettledAlreadyError(UnionError):
    """These papers were answered already."""

    code = "settled_already"


class CountChangedError(UnionError):
    """Something was booked on this cash while it was counted."""

    code = "count_changed"


class OwnCountError(UnionError):
    """Who counted neither witnesses her count nor settles what it found."""

    code = "own_count"


class NoAccountError(UnionError):
    """A witness says it in a session of her own."""

    code = "no_account"


class CountAnsweredError(UnionError):
    """Somebody said already whether it is right."""

    code = "count_answered"


class CountedAgainError(UnionError):
    """The box was counted anew since; the newest count is the one to see."""

    code = "counted_again"


class CountSettledError(UnionError):
    """So much of the difference is not left, or this is no way to end one of its kind."""

    code = "count_settled"


class BooksOpenedBeforeError(UnionError):
    """What the union had when its books began was written down before."""

    code = "books_opened_before"


class YearNotOverError(UnionError):
    """A year is carried forward when its last month is closed."""

    code = "year_not_over"


class MonthOpenError(UnionError):
    """Something must be done before this month can be closed."""

    code = "month_open"


class LeftUnsaidError(UnionError):
    """Something may wait over this month's end, and nobody said that it is left knowingly."""

    code = "left_unsaid"


class FundRestrictedError(UnionError):
    """Money given for a purpose stays in its fund."""

    code = "fund_restricted"


class SameFundError(UnionError):
    """Money moves from one fund into another."""

    code = "same_fund"


class FundShortError(UnionError):
    """The fund has less than that where it should be taken from."""

    code = "fund_short"


class OwnProposalError(UnionError):
    """Who proposed it does not agree to it as well."""

    code = "own_proposal"


class AnsweredAlreadyError(UnionError):
    """Somebody has answered already what asked for a second person's word."""

    code = "answered_already"


class TransferStandsError(UnionError):
    """A move between funds is taken back in the month it was booked in, and once."""

    code = "transfer_stands"


class DayToComeError(UnionError):
    """What was given or decided was not given or decided on a day to come."""

    code = "day_to_come"
