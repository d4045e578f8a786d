"""What an audit refuses, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class HandlesMoneyError(UnionError):
    """Who signs for money does not look over the books, too."""

    code = "audit_handles_money"


class DaysBackwardsError(UnionError):
    """An audit ends on or after the day it begins, and not in the future."""

    code = "audit_days_backwards"


class NothingToDrawError(UnionError):
    """There is no paper of that sort in those days."""

    code = "audit_nothing_to_draw"


class ReportSignedError(UnionError):
    """The report is signed: nothing of this audit changes any more."""

    code = "audit_report_signed"


class NotLookedAtError(UnionError):
    """Papers were drawn and not looked at yet."""

    code = "audit_not_looked_at"


class SignedAlreadyError(UnionError):
    """She has signed this report."""

    code = "audit_signed_already"
