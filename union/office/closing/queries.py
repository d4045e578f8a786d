"""The checklist of a month, each line a query of whoever owns the matter."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.bank.queries.lines import undecided
from union.bank.queries.reconciliation import reconciliation, transfers_unmet
from union.bank.queries.tables import bank_account
from union.checkout.queries.office import unproved
from union.dues.models import CollectionLine, CollectionSheet
from union.dues.queries.handing import hand_overs_of
from union.infra.civil import civil_day
from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.models import CashCount, CountWitness
from union.ledger.queries import trial_balance
from union.ledger.queries.choices import money_accounts
from union.ledger.queries.daybooks import stood_before
from union.ledger.queries.floats import floats_unsettled
from union.ledger.queries.keeping import must_clear_left, next_to_close, vouchers_hanging
from union.office.closing.rules import Check, Item

_WAITING = ("refused", "missing")
_OPEN_HANDS = {"waiting", "differs"}


def checklist(work: Work, month: Month) -> list[Check]:
    """Everything that is looked at before a month is closed, as it stands now."""
    session, last = work.session, month.last_day
    left = must_clear_left(session, last)
    lines = undecided(session, month)
    late, _out = floats_unsettled(work)
    return [
        Check(Item.MONTH_OVER, int(work.clock.today() <= last)),
        Check(Item.IN_ORDER, int(next_to_close(session) != month)),
        Check(Item.SHEETS, _sheet_lines(work, last)),
        Check(Item.HAND_OVERS, _hand_overs(session, last)),
        Check(Item.BANK_LINES, len(lines), sum(abs(one.amount_minor) for one in lines)),
        Check(Item.BANK_PROVED, _bank_unproved(session, month)),
        Check(Item.TRANSFERS, transfers_unmet(session, last)),
        Check(Item.CARDS_PROVED, unproved(session)),
        Check(Item.BOXES, _boxes_uncounted(session, month)),
        Check(Item.MUST_CLEAR, len(left), sum(left.values())),
        Check(Item.FLOATS, late),
        Check(Item.VOUCHERS, vouchers_hanging(work, last)),
        Check(Item.BALANCE, abs(trial_balance(session, last).difference_minor)),
    ]


def _sheet_lines(work: Work, last: date) -> int:
    """Lines of sheets nobody has settled, up to this month; an undated one counts by its sheet."""
    came_on = civil_day(CollectionSheet.imported_at, work.clock.zone)
    query = (
        select(func.count(CollectionLine.id))
        .where(CollectionLine.verdict.in_(_WAITING), CollectionLine.settled_at.is_(None))
        .join(CollectionSheet, CollectionSheet.id == CollectionLine.sheet_id)
        .where(func.coalesce(CollectionLine.happened_on, came_on) <= last)
    )
    return work.session.scalar(query) or 0


def _hand_overs(session: Session, last: date) -> int:
    """Hand-overs without the second hand they need, or with one that says otherwise still."""
    return sum(
        one.state in _OPEN_HANDS and one.hand_over.happened_on <= last
        for one in hand_overs_of(session)
    )


def _bank_unproved(session: Session, month: Month) -> int:
    """1 while the account held or moved money that no statement up to the month's end proves."""
    account = bank_account(session)
    proof = reconciliation(session, account, month.last_day)
    if proof is None:
        return int(stood_before(session, account.account_code, month.next().first_day) != 0)
    reached = proof.said_on is not None and proof.said_on >= month.last_day
    return int(not reached or proof.difference_minor != 0)


def _boxes_uncounted(session: Session, month: Month) -> int:
    """Boxes with cash at the end of the month that two did not count since its last week."""
    since = month.last_day.replace(day=month.last_day.day - 6)
    counted = set(
        session.scalars(
            select(CashCount.account_code)
            .join(CountWitness, CountWitness.count_id == CashCount.id)
            .where(CashCount.counted_on >= since, CountWitness.agrees)
        )
    )
    after = month.next().first_day
    return sum(
        code not in counted and stood_before(session, code, after) != 0
        for code in money_accounts(session, cash_only=True)
    )
