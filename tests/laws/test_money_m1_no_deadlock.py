"""M1: two that post to the same accounts in another order both come through, and all balances."""

from __future__ import annotations

import threading
from itertools import count

import pytest
from sqlalchemy.exc import OperationalError

from union.kernel.actor import Actor
from union.ledger.invariants import INVARIANTS
from union.ledger.queries import control_balance
from union.ledger.rules import EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entry

CASH, BANK = ("1010", "4110"), ("1110", "4120")
numbers = count(1)
CLERK = Actor.system("clerk")


def post(work, accounts):
    here, there = accounts
    post_entry(
        work,
        NewEntry(
            EntryKind.RECEIPT,
            work.clock.today(),
            Source("crossing", next(numbers)),
            (debit(here, 100), credit(there, 100)),
        ),
    )


def cross(first, second, met, tries):
    def do(work):
        tries.append(first)
        post(work, first)
        if len(tries) <= 2:
            met.wait(60)
        post(work, second)

    return do


def both(*doing):
    threads = [threading.Thread(target=one) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


def test_two_that_cross_are_both_booked_once(own_books):
    met, tries = threading.Barrier(2), []
    ways = [(CASH, BANK), (BANK, CASH)]
    before = {}
    with own_books.work() as work:
        before = {code: control_balance(work.session, code) for code in ("1010", "1110")}
    both(*(lambda way=way: own_books.unit.run(CLERK, cross(*way, met, tries)) for way in ways))
    assert len(tries) == 3
    with own_books.work() as work:
        for code in ("1010", "1110"):
            assert control_balance(work.session, code) == before[code] + 200
        for query in INVARIANTS.values():
            assert work.session.connection().exec_driver_sql(query).all() == []


def test_without_trying_again_one_of_them_is_lost_whole(own_books):
    met, tries, lost = threading.Barrier(2), [], []

    def once(way):
        try:
            with own_books.work() as work:
                cross(*way, met, tries)(work)
        except OperationalError as error:
            lost.append(error.orig.sqlstate)

    both(lambda: once((CASH, BANK)), lambda: once((BANK, CASH)))
    assert lost == ["40P01"]


def test_any_other_failure_is_not_tried_again(own_books):
    tries = []

    def do(_work):
        tries.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        own_books.unit.run(CLERK, do)
    assert tries == [1]
