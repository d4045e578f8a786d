"""Closing a month over its live checklist.

Invariant: what must be done is done at the moment of closing, and what was left knowingly is
kept beside the closed month.
"""

from __future__ import annotations

from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.errors import LeftUnsaidError, MonthOpenError
from union.ledger.models import AccountingPeriod, MonthClose
from union.ledger.queries.keeping import next_to_close
from union.ledger.rules.years import FinancialYear
from union.ledger.services import close_month
from union.office.closing.queries import checklist
from union.office.closing.rules import Item, kept, may_be_closed


def close_with_checklist(work: Work, month: Month, *, carried: bool) -> MonthClose:
    """Close a month if its list allows it; ``carried``: what is left is left knowingly.

    MonthOpenError while something holds it up, LeftUnsaidError where something is left unsaid;
    NotAllowedError but for the treasurer. Closed before, it is answered with what stands.
    """
    closed = work.session.get(MonthClose, month.first_day)
    if closed is not None:
        return closed
    checks = checklist(work, month)
    if not may_be_closed(checks, carried=carried):
        raise LeftUnsaidError if may_be_closed(checks, carried=True) else MonthOpenError
    return close_month(work, month, kept(checks))


def quiet_months(work: Work) -> list[Month]:
    """The months next to be closed on whose lists nothing is left; never one that ends a year."""
    month, found = next_to_close(work.session), list[Month]()
    while month is not None and work.session.get(AccountingPeriod, month.first_day) is not None:
        checks = [one for one in checklist(work, month) if one.item is not Item.IN_ORDER]
        ends_a_year = month == FinancialYear.of(month.first_day).last_month
        if ends_a_year or not may_be_closed(checks, carried=False):
            break
        found.append(month)
        month = month.next()
    return found


def close_quiet_months(work: Work, last: Month) -> list[MonthClose]:
    """Close them together up to the last one she was shown, oldest first, each with its own list.

    NotAllowedError but for the treasurer. A month that became quiet since, but that she was not
    shown, stays open; so does one that is quiet no more, with all after it.
    """
    shown = [month for month in quiet_months(work) if month <= last]
    return [close_with_checklist(work, month, carried=False) for month in shown]
