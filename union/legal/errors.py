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
