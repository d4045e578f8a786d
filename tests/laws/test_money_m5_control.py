"""M5: what sub-ledgers are held against is right at every commit: balance rows equal their legs."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from tests.builders.ledger import make_receipt
from union.ledger.invariants import INVARIANTS
from union.ledger.services import reverse_entry

FUNDS = ("general", "welfare")
ACCOUNTS = ("1010", "1110")


def violations(work):
    return {
        name: rows
        for name, query in INVARIANTS.items()
        if (rows := work.session.execute(text(query)).all())
    }


def test_the_control_balance_is_one_number_over_all_funds(own_books):
    with own_books.work() as work:
        make_receipt(work, 300, account="1010", fund="welfare")
        make_receipt(work, 40, account="1010")
        read = text("SELECT ledger_control_balance('1010'), ledger_control_balance('1210')")
        assert tuple(work.session.execute(read).one()) == (340, 0)


def test_it_is_seen_before_the_commit_by_whoever_wrote_and_by_nobody_else(own_books):
    read = text("SELECT ledger_control_balance('1010')")
    with own_books.work() as writing, own_books.work() as other:
        make_receipt(writing, 300, account="1010")
        assert writing.session.scalar(read) == 300
        assert other.session.scalar(read) == 0


def test_four_writers_at_once_leave_balances_that_equal_the_legs(own_books):
    def write(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(25):
            with own_books.work() as work:
                posted = make_receipt(
                    work,
                    chance.randint(1, 5000),
                    account=chance.choice(ACCOUNTS),
                    fund=chance.choice(FUNDS),
                )
                if chance.random() < 0.3:
                    reverse_entry(work, posted.id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with own_books.work() as work:
        assert violations(work) == {}
        counted = work.session.scalar(text("SELECT count(*) FROM journal_entry"))
    assert counted > 100
