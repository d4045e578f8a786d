"""M3: a closed month stays closed, also for whoever was on the way in while it closed."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest

from tests.laws.money import forbidden, post, refused

OPEN = "ledger_m3_month_is_open"
RECEIPT = (("1110", "general", 100), ("4110", "general", -100))
CLOSE = """UPDATE accounting_period SET status = 'closed', closed_at = '2026-10-16T00:00:00Z'
            WHERE first_on = %s"""
MAKE = "INSERT INTO accounting_period (first_on, status) VALUES (%s, 'open')"
APRIL, MAY, OCTOBER = "2026-04-01", "2026-05-01", "2026-10-01"


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
        cursor.execute(CLOSE, (APRIL,))
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
    closing.join(10)
    assert closed_at[0] > committed_at
