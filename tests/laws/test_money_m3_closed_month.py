"""M3: a closed month stays closed, also for whoever was on the way in while it closed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from tests.builders.ledger import make_receipt
from tests.laws.money import forbidden, post, refused

OPEN = "ledger_m3_month_is_open"
RECEIPT = (("1110", "general", 100), ("4110", "general", -100))
CLOSE = """UPDATE accounting_period SET status = 'closed', closed_at = '2026-10-16T00:00:00Z'
            WHERE first_on = %s"""
MAKE = "INSERT INTO accounting_period (first_on, status) VALUES (%s, 'open')"
APRIL, OCTOBER = "2026-04-01", "2026-10-01"
BEFORE_OCTOBER = [f"2026-{month:02d}-01" for month in range(4, 10)]


@pytest.fixture
def closed(own_books):
    with own_books.attack() as cursor:
        cursor.execute(CLOSE, (APRIL,))
    return own_books


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
def test_nothing_is_posted_into_a_closed_month(closed, owner):
    with refused(OPEN), closed.attack(owner=owner) as cursor:
        post(cursor, "receipt", *RECEIPT, on="2026-04-30")


def test_nothing_is_posted_into_a_month_that_is_not_there(closed):
    with refused(OPEN), closed.attack() as cursor:
        post(cursor, "receipt", *RECEIPT, on="2031-01-01")


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
def test_it_is_not_opened_again(closed, owner):
    with refused("ledger_m3_closed_stays_closed"), closed.attack(owner=owner) as cursor:
        cursor.execute("UPDATE accounting_period SET status = 'open', closed_at = NULL")


def test_it_is_not_taken_away_and_made_anew(closed):
    with forbidden(), closed.attack() as cursor:
        cursor.execute("DELETE FROM accounting_period")
    with forbidden(), closed.attack() as cursor:
        cursor.execute("UPDATE accounting_period SET first_on = '2020-01-01'")


def test_no_month_is_slipped_in_before_it(closed):
    with refused("ledger_m3_no_month_before_a_closed_one"), closed.attack() as cursor:
        cursor.execute(MAKE, ("2026-03-01",))


def test_months_close_in_order(own_books):
    with refused("ledger_m3_months_close_in_order"), own_books.attack() as cursor:
        cursor.execute(CLOSE, (OCTOBER,))


def test_what_must_be_cleared_keeps_a_month_open(own_books):
    with own_books.attack() as cursor:
        for first in BEFORE_OCTOBER:
            cursor.execute(CLOSE, (first,))
        received = post(cursor, "receipt", ("1110", "general", 100), ("2190", "general", -100))
    with refused("ledger_m3_must_clear_first"), own_books.attack() as cursor:
        cursor.execute(CLOSE, (OCTOBER,))
    assert received
    with own_books.attack() as cursor:
        post(cursor, "clearing", ("2190", "general", 100), ("4110", "general", -100))
        cursor.execute(CLOSE, (OCTOBER,))


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_a_posting_that_began_before_the_close_does_not_slip_in_after(own_books, isolation):
    with own_books.engine.connect() as poster:
        raw = poster.connection.cursor()
        raw.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        raw.execute("SELECT count(*) FROM accounting_period")
        with own_books.attack() as cursor:
            cursor.execute(CLOSE, (APRIL,))
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.SerializationFailure)):
            post(raw, "receipt", *RECEIPT, on=APRIL)


def test_a_close_waits_for_a_posting_under_way(own_books):
    closed_at = []

    def close() -> None:
        with own_books.attack() as cursor:
            cursor.execute(CLOSE, (APRIL,))
        closed_at.append(time.monotonic())

    closing = threading.Thread(target=close)
    with own_books.attack() as cursor:
        post(cursor, "receipt", *RECEIPT, on=APRIL)
        closing.start()
        closing.join(0.4)
        assert not closed_at
        committed_at = time.monotonic()
    closing.join(120)
    assert closed_at[0] > committed_at


def months(books):
    with books.attack() as cursor:
        cursor.execute("SELECT first_on::text FROM accounting_period ORDER BY first_on")
        return [row[0] for row in cursor.fetchall()]


def test_months_stand_in_a_row(own_books):
    """What was posted in October made every month from April on."""
    assert months(own_books) == [*BEFORE_OCTOBER, OCTOBER]


@pytest.mark.parametrize(
    ("first", "law"),
    [
        ("2026-12-01", "accounting_period_previous_on_fkey"),
        ("2027-04-01", "accounting_period_previous_on_fkey"),
        ("2026-03-01", "accounting_period_previous_on_fkey"),
        ("1999-01-01", "accounting_period_previous_on_fkey"),
        (OCTOBER, "accounting_period_pkey"),
    ],
    ids=["after a gap", "over a March", "before the first", "long before", "twice"],
)
def test_a_month_stands_on_the_one_before_it(own_books, first, law):
    with refused(law), own_books.attack() as cursor:
        cursor.execute(MAKE, (first,))


def test_a_first_month_is_not_claimed_twice(own_books):
    with refused("accounting_period_previous_on_fkey"), own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO accounting_period (first_on, status, previous_on)"
            " VALUES ('2020-01-01', 'open', NULL)"
        )


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_an_earlier_month_does_not_slip_in_while_one_closes(own_books, isolation):
    """Whoever looks at the books before they were begun, or before April closed, makes none."""
    with own_books.engine.connect() as slow:
        raw = slow.connection.cursor()
        raw.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        raw.execute("SELECT count(*) FROM accounting_period")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            raw.execute(MAKE, ("2026-03-01",))
        with own_books.attack() as cursor:
            cursor.execute(CLOSE, (APRIL,))
        slow.rollback()
    assert months(own_books)[0] == APRIL


def test_two_who_make_months_at_once_leave_no_gap(own_books):
    with own_books.attack() as first:
        first.execute(MAKE, ("2026-11-01",))
        with refused("accounting_period_previous_on_fkey"), own_books.attack() as second:
            second.execute(MAKE, ("2026-12-01",))
        first.execute("ROLLBACK")
    assert months(own_books)[-1] == OCTOBER


def test_posters_who_come_to_a_new_month_together_all_stand(own_books):
    own_books.unit.clock.advance(timedelta(days=100))

    def receive(_number: int) -> None:
        with own_books.work() as work:
            make_receipt(work, 100)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(receive, range(8)))
    made = [*BEFORE_OCTOBER, OCTOBER, "2026-11-01", "2026-12-01", "2027-01-01"]
    assert months(own_books) == made


def test_a_close_waits_for_who_makes_a_month_and_goes_on(own_books):
    """Making a month and closing another do not wait for each other for ever."""
    with own_books.attack() as making:
        making.execute(MAKE, ("2026-11-01",))
        with own_books.attack() as closing:
            closing.execute("SET lock_timeout = '4s'")
            closing.execute(CLOSE, (APRIL,))
    assert months(own_books)[-1] == "2026-11-01"


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_nobody_closes_over_what_she_cannot_see(own_books, isolation):
    """A look at the books as they were would miss what must be cleared and came since."""
    with own_books.engine.connect() as old:
        raw = old.connection.cursor()
        raw.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        raw.execute("SELECT count(*) FROM account_day")
        with own_books.attack() as cursor:
            post(cursor, "receipt", ("1110", "general", 5), ("2190", "general", -5), on=APRIL)
        with refused("ledger_m3_closed_as_it_stands"):
            raw.execute(CLOSE, (APRIL,))
