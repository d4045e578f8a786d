"""What identity refuses, as facts with codes; never a name and never what was typed."""

from __future__ import annotations

from union.kernel.errors import UnionError


class SignInRefusedError(UnionError):
    """Name, password and code do not fit together; it is not said which."""

    code = "sign_in_refused"


class SignInNameTakenError(UnionError):
    """Another account already uses this name."""

    code = "sign_in_name_taken"


class TooManyTriesError(UnionError):
    """So many tries were made in a short time that none more is looked at just now."""

    code = "too_many_tries"


class PasswordWrongError(UnionError):
    """That is not the password of whoever acts."""

    code = "password_wrong"


class PasswordsAlikeError(UnionError):
    """The password of every day and the other one must differ."""

    code = "passwords_alike"


class SlipSpentError(UnionError):
    """This slip opens nothing: used, too old, replaced by another, or none of ours."""

    code = "slip_spent"


class SecretTooPlainError(UnionError):
    """What she chose is what somebody who guesses would try early."""

    code = "secret_too_plain"


class NobodyWaitsError(UnionError):
    """Nobody of this name waits with these digits; it is not said which."""

    code = "nobody_waits"


class OwnAccountError(UnionError):
    """Another must see her: not she herself, nor whoever printed her slip."""

    code = "own_account"


class OpeningWordsSetError(UnionError):
    """She has chosen her opening words already."""

    code = "opening_words_set"


class CircleHeldError(UnionError):
    """Somebody holds this circle already, or is to hold it first."""

    code = "circle_held"


class SignInEndedError(UnionError):
    """This sign-in holds no more."""

    code = "sign_in_ended"


class OfficeNeedsTwoError(UnionError):
    """The union has two who give offices: no more is given by nobody."""

    code = "office_needs_two"


class OfficeHeldError(UnionError):
    """She holds this office already."""

    code = "office_held"


class OfficeProposedError(UnionError):
    """The same was proposed, and waits for a second hand."""

    code = "office_proposed"


class OwnOfficeError(UnionError):
    """Nobody has a hand in her own office."""

    code = "office_her_own"


class OwnProposalError(UnionError):
    """Her hand is in it already; another's is wanted."""

    code = "office_in_it_already"


class ProposalSettledError(UnionError):
    """It was given, refused, or is too old."""

    code = "office_settled"


class TwoMustRemainError(UnionError):
    """Without her fewer than two could give offices."""

    code = "office_two_remain"


class TooManyPasskeysError(UnionError):
    """She has as many passkeys as one person keeps apart."""

    code = "too_many_passkeys"


class PasskeyNotKeptError(UnionError):
    """What the telephone made was not kept: late, made elsewhere, without a lock, or known."""

    code = "passkey_not_kept"


class PasskeyRefusedError(UnionError):
    """A passkey's answer did not count; it is never said why."""

    code = "passkey_refused"


class OpeningRefusedError(UnionError):
    """What she typed opens nothing; it is never said which part of it, nor whether too often."""

    code = "opening_refused"


class PinTooPlainError(UnionError):
    """A PIN that anybody tries first."""

    code = "pin_too_plain"


class PinsAlikeError(UnionError):
    """The two PINs must differ."""

    code = "pins_alike"


class OwnCardError(UnionError):
    """Nobody has a hand in her own card."""

    code = "own_card"


class SameHandOnCardError(UnionError):
    """Who printed a card does not say its word; another's is wanted."""

    code = "same_hand_on_card"


class CardNotWaitingError(UnionError):
    """No card waits to be opened."""

    code = "card_not_waiting"


class NoCardInUseError(UnionError):
    """She opens by no card, so there is no PIN beside which a voice would count."""

    code = "no_card_in_use"
