"""What the committee's work refuses, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class SchemeNotInForceError(UnionError):
    """No rule of this scheme was in force on the first day claimed."""

    code = "scheme_not_in_force"


class DaysUnreadableError(UnionError):
    """The last day lies before the first."""

    code = "days_unreadable"


class DaysAheadError(UnionError):
    """Days that have not passed yet cannot be claimed."""

    code = "days_ahead"


class DaysTooManyError(UnionError):
    """One claim covers a year at most."""

    code = "days_too_many"


class DaysClaimedError(UnionError):
    """Some of these days stand in another claim of hers."""

    code = "days_claimed"


class OwnClaimError(UnionError):
    """Nobody hears or decides her own claim."""

    code = "own_claim"


class NotHeardError(UnionError):
    """A claim is refused only after she was heard."""

    code = "not_heard"


class SameHandsError(UnionError):
    """An appeal is decided by somebody who has not decided this claim before."""

    code = "same_hands"


class ClaimSettledError(UnionError):
    """The claim does not wait for this any more."""

    code = "claim_settled"


class DepartureUnexplainedError(UnionError):
    """Whoever decides otherwise than the rule proposes says why."""

    code = "departure_unexplained"


class DaysOverClaimError(UnionError):
    """No more days are granted than were claimed."""

    code = "days_over_claim"


class AppealedBeforeError(UnionError):
    """A claim is appealed once."""

    code = "appealed_before"


class NothingSealedError(UnionError):
    """There are no words to open."""

    code = "nothing_sealed"


class VersionInPastError(UnionError):
    """Terms change from today on, or later: what was asked before stays under what held then."""

    code = "version_in_past"


class VersionStandsError(UnionError):
    """Other terms were already made for this day."""

    code = "version_stands"
