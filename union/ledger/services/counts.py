"""Counting a cash box against its book; a difference waits to be settled, it never vanishes.

Invariant: a count stands beside what the book said at that moment, or is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from union.infra.audit import log
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.ledger.errors import CountChangedError
from union.ledger.models import CashCount
from union.ledger.policy import may_pay
from union.ledger.queries.balances import control_balance
from union.ledger.rules.chart import AccountCode
from union.ledger.rules.counting import counted_minor
from union.ledger.rules.entries import CASH_COUNT, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services.posting import post_entry


def count_cash(
    work: Work, account: str, pieces: Mapping[int, int], book_minor: int, witness: int | None = None
) -> CashCount:
    """Write down a count: how many of each note and coin (in paise), and who saw it.

    ``book_minor`` is what the page said the book holds: CountChangedError if it no longer does.
    A difference is booked to "cash differences", which must be settled before the month closes.
    """
    if not may_pay(work.actor):
        raise NotAllowedError
    if control_balance(work.session, account) != book_minor:
        raise CountChangedError
    count = CashCount(
        ref=new_ref(),
        account_code=account,
        counted_on=work.clock.today(),
        pieces={str(piece): number for piece, number in pieces.items() if number},
        counted_minor=counted_minor(pieces),
        book_minor=book_minor,
        counted_at=work.clock.now(),
        counted_by=work.actor.person_id,
        witness_person_id=witness,
    )
    work.session.add(count)
    work.session.flush()
    log(work, "cash_counted", object_type="cash_count", object_id=count.id)
    if count.difference_minor:
        _book_difference(work, count)
    return count


def _book_difference(work: Work, count: CashCount) -> None:
    short = -count.difference_minor
    waiting = AccountCode.CASH_DIFFERENCES_TO_SETTLE
    legs = (
        (debit(waiting, short), credit(count.account_code, short))
        if short > 0
        else (debit(count.account_code, -short), credit(waiting, -short))
    )
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.TRANSFER,
            happened_on=count.counted_on,
            source=Source(CASH_COUNT, count.id),
            legs=legs,
        ),
    )
