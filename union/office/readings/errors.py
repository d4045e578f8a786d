"""What is refused about readings, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class AskedAlreadyError(UnionError):
    """A reading is asked about once."""

    code = "reading_asked_already"


class AnsweredAlreadyError(UnionError):
    """A question is answered once."""

    code = "reading_answered_already"


class NotYoursToAnswerError(UnionError):
    """Whoever read it, or asked, does not answer."""

    code = "reading_not_yours_to_answer"


class KeepersFullError(UnionError):
    """Both places are taken by trustees."""

    code = "keepers_full"


class KeeperAlreadyError(UnionError):
    """One woman keeps one place."""

    code = "keeper_already"


class NotAKeeperError(UnionError):
    """Only who keeps a place writes a head down."""

    code = "not_a_keeper"


class HeadNotNewestError(UnionError):
    """What she saw is not the newest head any more."""

    code = "head_not_newest"


class HeadDoesNotHoldError(UnionError):
    """Nobody signs under a head that does not hold."""

    code = "head_does_not_hold"


class InquiryNotByTwoError(UnionError):
    """Two trustees, neither of them the one it is about or the one who looks into it."""

    code = "inquiry_not_by_two"


class InquiryTooLongError(UnionError):
    """From tomorrow to thirty days from now."""

    code = "inquiry_too_long"


class InquiryAnsweredError(UnionError):
    """It was answered already."""

    code = "inquiry_answered"
