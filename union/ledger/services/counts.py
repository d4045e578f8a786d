"""Counting a cash box against its book, seen by another; a difference never vanishes.

Invariant: a count stands beside what the book said at that moment; its difference is booked once
another woman said, signed in as herself, that it is right.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from union.infra.audit import log
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.ledger.errors import (
    CountAnsweredError,
    CountChangedError,
    CountedAgainError,
    NoAccountError,
    OwnCountError,
)
from union.ledger.models import CashCount, CountWitness
from union.ledger.policy import may_pay, may_witness
from union.ledger.queries.balances import control_balance
from union.ledger.queries.counts import CountView, count_by_ref
from union.ledger.rules.chart import AccountCode
from union.ledger.rules.counting import counted_minor
from union.ledger.rules.entries import CASH_COUNT, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services.posting import post_entry

BOX_LOCK = 3005


def count_cash(work: Work, account: str, pieces: Mapping[int, int], book_minor: int) -> CashCount:
    """Write down a count: how many of each note and coin (in paise). Another has to see it.

    ``book_minor`` is what the page said the book holds: CountChangedError if it no longer does.
    """
    if not may_pay(work.actor):
        raise NotAllowedError
    hold_box(work, account)
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
    )
    work.session.add(count)
    work.session.flush()
    log(work, "cash_counted", object_type="cash_count", object_id=count.id)
    return count


def witness_count(work: Work, ref: str, *, agrees: bool) -> CountView:
    """The present person's word, once, on a count she saw: right, or not so.

    Said to be right, a difference is booked to "cash differences", which must be settled before
    the month closes; said to be wrong, the box is counted anew. NotAllowedError, NoAccountError,
    OwnCountError for who counted, CountAnsweredError, CountedAgainError.
    """
    if not may_witness(work.actor):
        raise NotAllowedError
    if work.actor.account_id is None:
        raise NoAccountError
    hold_box(work, count_by_ref(work.session, ref).count.account_code)
    view = count_by_ref(work.session, ref)
    if is_present(work, view.count.counted_by):
        raise OwnCountError
    if view.witness is not None:
        raise CountAnsweredError
    if not view.newest:
        raise CountedAgainError
    said = CountWitness(
        count_id=view.count.id,
        person_id=work.actor.person_id,
        agrees=agrees,
        said_at=work.clock.now(),
    )
    work.session.add(said)
    work.session.flush()
    log(work, "cash_count_seen", object_type="cash_count", object_id=view.count.id)
    if agrees and view.count.difference_minor:
        _book_difference(work, view.count)
    return count_by_ref(work.session, ref)


def hold_box(work: Work, account: str) -> None:
    """Be alone at a box until the end: counting, seeing and settling never cross."""
    number = func.hashtext(account)
    work.session.execute(select(func.pg_advisory_xact_lock(BOX_LOCK, number)))


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
