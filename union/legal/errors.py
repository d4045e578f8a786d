"""What work on a case refuses, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class CaseTakenError(UnionError):
    """Somebody else took this case already."""

    code = "case_taken"


class CaseClosedError(UnionError):
    """The case is closed; nothing is added to it."""

    code = "case_closed"


class StepInPastError(UnionError):
    """A next step lies today or later."""

    code = "step_in_past"


class ConsentWithdrawnError(UnionError):
    """This consent was withdrawn already."""

    code = "consent_withdrawn"


class ConsentStandsError(UnionError):
    """She already consented to just this, and it still stands."""

    code = "consent_stands"


class ConsentAheadError(UnionError):
    """Consent cannot have been given on a day that has not come."""

    code = "consent_ahead"


class ShareUnwantedError(UnionError):
    """She has not consented that a lawyer be told, or took it back."""

    code = "share_unwanted"


class ShareDayError(UnionError):
    """A share ends on a day to come, at most ninety days away."""

    code = "share_day"


class ShareStandsError(UnionError):
    """It is shared with this lawyer already."""

    code = "share_stands"


class LawyerUnknownError(UnionError):
    """Nobody here is this lawyer any more."""

    code = "lawyer_unknown"


class NobodyNamedError(UnionError):
    """A complaint against one of our own says which one."""

    code = "nobody_named"


class NamedHerselfError(UnionError):
    """She whose case it is cannot be kept out of it."""

    code = "named_herself"


class NobodyReadsError(UnionError):
    """It is sealed, and nobody who may read it now has chosen opening words: it would be lost."""

    code = "case_nobody_reads"


class KeeperUnknownError(UnionError):
    """Nobody here signs in by this name, works on cases, and has chosen opening words."""

    code = "keeper_unknown"


class CardUnknownError(UnionError):
    """No card has this number."""

    code = "case_card_unknown"
