"""What is refused about locking, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class OfficeOpenError(UnionError):
    """The office is not locked, or not any more."""

    code = "office_open"


class NotALockKeeperError(UnionError):
    """She was none of those who could bring it back when it was locked."""

    code = "not_a_lock_keeper"


class LockerWaitsError(UnionError):
    """Who locked is none of the two, as long as two others can do it."""

    code = "locker_waits"


class LockPaperSpentError(UnionError):
    """These letters lock nothing: they never did, or were used."""

    code = "lock_paper_spent"


class TooFewPapersError(UnionError):
    """A set needs papers of two trustees."""

    code = "too_few_papers"


class FiguresDifferError(UnionError):
    """These are not the figures of the set."""

    code = "figures_differ"


class NothingToPutInError(UnionError):
    """She holds nothing that is not in the set already, or has no opening words."""

    code = "nothing_to_put_in"
