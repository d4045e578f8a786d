"""M3: a year is carried whole by one entry, and its last month closes only when it is."""

from __future__ import annotations

import pytest

from tests.laws.money import post, refused

CLOSE = """UPDATE accounting_period SET status = 'closed', closed_at = '2027-04-02T00:00:00Z'
            WHERE first_on = %s"""
MONTHS = [f"2026-{month:02d}-01" for month in range(4, 13)] + ["2027-01-01", "2027-02-01"]
MARCH, LAST = "2027-03-01", "2027-03-31"


@pytest.fixture
def march(own_books):
    """All but March is closed; each fund earned ₹10,000."""
    with own_books.attack() as cursor:
        for first in [*MONTHS[1:], MARCH]:
            cursor.execute(
                "INSERT INTO accounting_period (first_on, status) VALUES (%s, 'open')"
                " ON CONFLICT DO NOTHING",
                (first,),
            )
        for first in MONTHS:
            cursor.execute(CLOSE, (first,))
    return own_books


def carried(funds=("general", "welfare", "legal", "crisis"), amount=1_000_000):
    return [leg for fund in funds for leg in (("4110", fund, amount), ("3020", fund, -amount))]


def carry_in(cursor, *legs, **fields):
    fields = {"on": LAST, "source_kind": "financial_year", "source_id": 2026, **fields}
    return post(cursor, "closing", *legs, **fields)


def carry(books, *legs, **fields):
    with books.attack() as cursor:
        carry_in(cursor, *legs, **fields)


def test_the_last_month_does_not_close_before_the_year_is_carried(march):
    with refused("ledger_m3_year_is_carried"), march.attack() as cursor:
        cursor.execute(CLOSE, (MARCH,))
    with march.attack() as cursor:
        carry_in(cursor, *carried())
        cursor.execute(CLOSE, (MARCH,))


@pytest.mark.parametrize(
    ("legs", "fields"),
    [
        (carried(("general",)), {}),
        (carried(amount=999_999), {}),
        (carried(), {"source_kind": "attack"}),
        (carried(), {"source_id": 2025}),
        (carried(), {"on": "2027-03-30"}),
        ([*carried(), ("1110", "general", 5), ("1010", "general", -5)], {}),
        ([*carried(), ("3010", "general", 5), ("3020", "general", -5)], {}),
    ],
    ids=["a part", "less", "no year", "another year", "another day", "money", "other equity"],
)
def test_a_year_is_carried_whole_or_not_at_all(march, legs, fields):
    with refused("ledger_m3_year_is_carried_whole"):
        carry(march, *legs, **fields)


def test_a_year_is_carried_as_its_last_month_closes_and_not_before(march):
    """Nothing that comes between can stand: what is carried is closed over at the same commit."""
    with refused("ledger_m3_year_closes_as_it_is_carried"):
        carry(march, *carried())
    with refused("ledger_m3_year_is_carried"), march.attack() as cursor:
        carry_in(cursor, *carried())
        post(cursor, "receipt", ("1110", "general", 7), ("4110", "general", -7), on=LAST)
        cursor.execute(CLOSE, (MARCH,))


def test_what_was_carried_is_not_taken_back_in_the_next_year(march):
    with march.attack() as cursor:
        entry = carry_in(cursor, *carried())
        cursor.execute(CLOSE, (MARCH,))
        cursor.execute(
            "INSERT INTO accounting_period (first_on, status) VALUES ('2027-04-01', 'open')"
        )
    legs = [(account, fund, -amount) for account, fund, amount in carried()]
    fields = {"source_kind": "journal_entry", "source_id": entry, "reverses": entry}
    with refused("ledger_m6_reverses_an_original"), march.attack() as cursor:
        post(cursor, "reversal", *legs, on="2027-04-02", **fields)


@pytest.mark.parametrize("kind", ["adjustment", "receipt", "opening", "clearing"])
def test_nobody_carries_by_another_kind_of_entry(march, kind):
    with refused("ledger_m3_year_is_carried_whole"), march.attack() as cursor:
        post(cursor, kind, ("4110", "general", 7), ("3020", "general", -7), on=LAST)


def test_what_is_owed_is_not_opened_a_second_time(own_books):
    with refused("ledger_opening_comes_once"), own_books.attack() as cursor:
        post(cursor, "opening", ("3010", "welfare", 100), ("2210", "welfare", -100))


def test_what_the_union_had_comes_in_once(own_books):
    legs = (("1110", "general", 100), ("3010", "general", -100))
    with refused("ledger_opening_comes_once"), own_books.attack() as cursor:
        post(cursor, "opening", *legs)
    with own_books.attack() as cursor:
        post(cursor, "opening", *legs, source_kind="brought_forward", source_id=1)
    with refused("journal_entry_source_key"), own_books.attack() as cursor:
        post(cursor, "opening", *legs, source_kind="brought_forward", source_id=1)
