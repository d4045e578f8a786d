"""What the bank's side refuses, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class StatementDoesNotAddUpError(UnionError):
    """The lines do not lead from the opening to the closing balance: some are missing or doubled.

    ``gap_minor`` is how far they are apart.
    """

    code = "statement_does_not_add_up"


class StatementDoublesError(UnionError):
    """Taken in, the file would lead to another balance than it says itself.

    Some of its lines came before in another layout. ``gap_minor`` is what they come to.
    """

    code = "statement_doubles"


class StatementHasProblemsError(UnionError):
    """Rows that look like lines cannot be read; nothing comes in until they can."""

    code = "statement_has_problems"


class StatementEmptyError(UnionError):
    """There is no line in the file."""

    code = "statement_empty"


class StatementAheadError(UnionError):
    """The statement holds days still to come."""

    code = "statement_ahead"


class OtherAccountError(UnionError):
    """The file is of another account than those before it."""

    code = "statement_other_account"


class FileGoneError(UnionError):
    """The file was kept for a day only, or was taken in already."""

    code = "bank_file_gone"


class LineDecidedError(UnionError):
    """Somebody decided about this line a moment ago, or it was decided before."""

    code = "bank_line_decided"


class DecisionUnfitError(UnionError):
    """This cannot be what the line is: its side or its amount says otherwise."""

    code = "bank_decision_unfit"


class ChoiceGoneError(UnionError):
    """What it was to be matched with is no longer open: paid, linked or taken back meanwhile."""

    code = "bank_choice_gone"


class SecondHandNeededError(UnionError):
    """One person alone cannot say so: it is above what one may call a charge, or cash drawn."""

    code = "bank_second_hand_needed"


class WordOpenError(UnionError):
    """Somebody has said what this line is already; a second person is asked."""

    code = "bank_word_open"


class ReasonNeededError(UnionError):
    """Whoever says no says why: the one who reads it next must not guess."""

    code = "bank_reason_needed"


class WordEndedError(UnionError):
    """What was said of this line was confirmed, refused or taken back meanwhile."""

    code = "bank_word_ended"


class CarriedTooLongError(UnionError):
    """It was let wait as often as may be, or no reason was given."""

    code = "bank_carried_too_long"


class CeilingUnreadableError(UnionError):
    """A month's sum cannot be less than that of one line."""

    code = "bank_ceiling_unreadable"


class PayerUnknownError(UnionError):
    """Nobody in the register has this card."""

    code = "bank_payer_unknown"


class AddressUnreadableError(UnionError):
    """That is no address for UPI, or its name says more than it should."""

    code = "upi_address_unreadable"


class AddressMissingError(UnionError):
    """No confirmed address to pay to yet."""

    code = "upi_address_missing"


class SameHandError(UnionError):
    """Who wrote it cannot confirm it, nor can the payee."""

    code = "bank_same_hand"


class ChangedMeanwhileError(UnionError):
    """It is no longer as it was shown: look at it again."""

    code = "bank_changed_meanwhile"


class PayeeUnreadableError(UnionError):
    """Where somebody's money goes cannot be read; ``field`` is what is to be looked at."""

    code = "payee_unreadable"
    field = "number"


class PayeeNameUnreadableError(PayeeUnreadableError):
    """A name is in Latin letters, as banks take it."""

    code = "payee_name_unreadable"
    field = "name"


class PayeeNumberUnreadableError(PayeeUnreadableError):
    """An account number has nine to eighteen figures."""

    code = "payee_number_unreadable"


class PayeeIfscUnreadableError(PayeeUnreadableError):
    """An IFSC is four letters, a nought, and six letters or figures."""

    code = "payee_ifsc_unreadable"
    field = "ifsc"


class PayeeAddressUnreadableError(PayeeUnreadableError):
    """An address for UPI is name@handle."""

    code = "payee_address_unreadable"
    field = "address"


class PayeeWaysError(PayeeUnreadableError):
    """Money goes one way: to an account or to a UPI address."""

    code = "payee_two_ways"
    field = "address"


class ItemUnfitError(UnionError):
    """A payment of the file may not go any more: its hands or its account changed (M6)."""

    code = "batch_item_unfit"


class NothingToPayError(UnionError):
    """No approved voucher is left that could go into a payment file."""

    code = "nothing_to_pay"


class BatchOpenError(UnionError):
    """The file has not been said to go to the bank: payments may still be taken out of it."""

    code = "batch_open"


class BatchSentError(UnionError):
    """The file was handed to the bank: what it holds stays."""

    code = "batch_sent"


class ItemSettledError(UnionError):
    """This payment was made, or has ended, already."""

    code = "batch_item_settled"
