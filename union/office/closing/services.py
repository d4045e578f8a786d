"""Closing a month over its live checklist.

Invariant: what must be done is done at the moment of closing, and what was left knowingly is
kept beside the closed month.
"""

from __future__ import annotations

from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.errors import MonthOpenError
from union.ledger.models import MonthClose
from union.ledger.services import close_month
from union.office.closing.queries import checklist
from union.office.closing.rules import kept, may_be_closed


def close_with_checklist(work: Work, month: Month, *, carried: bool) -> MonthClose:
    """Close a month if its list allows it; ``carried``: what is left is left knowingly.

    MonthOpenError while something holds it up; NotAllowedError but for the treasurer. Closed
    before, it is answered with what stands.
    """
    closed = work.session.get(MonthClose, month.first_day)
    if closed is not None:
        return closed
    checks = checklist(work, month)
    if not may_be_closed(checks, carried=carried):
        raise MonthOpenError
    return close_month(work, month, kept(checks))
