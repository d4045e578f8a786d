"""M5: what members owe, have paid ahead, and what collectors hold is the books, at every commit.

Attacked by hand-written SQL with the application's own login, and by the owner.
"""

from __future__ import annotations

import itertools

import pytest

from tests.builders.dues import make_payer, make_payment
from tests.laws.money import forbidden, post, refused
from union.dues.invariants import INVARIANTS
from union.dues.services import (
    HandOverCash,
    charge_month,
    collector_for_person,
    hand_over,
)
from union.kernel.periods import Month

AGREES = "dues_m5_sub_ledger_is_its_account"
_names = itertools.count()


@pytest.fixture(scope="module")
def union(books):
    """A member with two months charged and one paid, credit of another, a collector's round."""
    with books.work() as work:
        rani, sita, walker = (make_payer(work, called=name) for name in ("Rani", "Sita", "Uma"))
        charge_month(work, Month(2026, 9))
        charge_month(work, Month(2026, 10))
        round_ = {"collector_person_id": walker.person_id}
        paid = make_payment(work, rani.person_id, 3000, receipt_no=1, **round_)
        make_payment(work, sita.person_id, 9000, receipt_no=2, **round_)
        collector = collector_for_person(work, walker.person_id)
        hand_over(work, HandOverCash(collector.id, 5000, work.clock.today(), whole=False))
        return {
            "rani": rani.person_id,
            "sita": sita.person_id,
            "payment": paid.id,
            "collector": collector.id,
            "account": collector.account_code,
        }


@pytest.fixture(autouse=True)
def nothing_is_broken_afterwards(books, union):
    yield
    with books.attack() as cursor:
        for name, query in INVARIANTS.items():
            cursor.execute(query)
            assert cursor.fetchall() == [], name


def make_slice(cursor) -> int:
    cursor.execute(
        "INSERT INTO dues_slice (run_id, fund_code, charges, amount_minor, credit_used_minor,"
        " posted_at) SELECT min(run_id), 'general', 1, 2000, 0, '2026-10-16Z' FROM dues_slice"
        " RETURNING id"
    )
    return cursor.fetchone()[0]


def charge(cursor, person_id: int, *, settled: int = 0) -> None:
    month = f"{2030 + next(_names)}-01-01"
    cursor.execute(
        "INSERT INTO dues_charge (person_id, month, kind, amount_minor, settled_minor, fund_code,"
        " slice_id) VALUES (%s, %s, 'fee', 2000, %s, 'general', %s)",
        (person_id, month, settled, make_slice(cursor)),
    )


def test_a_charge_without_the_books_does_not_stand(books, union):
    with refused(AGREES), books.attack() as cursor:
        charge(cursor, union["rani"])


def test_a_charge_that_begins_paid_does_not_stand(books, union):
    with refused("dues_m5_charge_begins_open"), books.attack() as cursor:
        charge(cursor, union["rani"], settled=2000)


def test_a_charge_of_no_slice_does_not_stand(books, union):
    with refused("dues_m5_charge_in_its_slice"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_charge (person_id, month, kind, amount_minor, settled_minor,"
            " fund_code, slice_id) VALUES (%s, %s, 'fee', 1, 0, 'general', 0)",
            (union["rani"], f"{2030 + next(_names)}-01-01"),
        )


def test_the_books_alone_do_not_move_what_is_owed(books):
    for account in ("1210", "2110"):
        with refused(AGREES), books.attack() as cursor:
            legs = ((account, "general", 100), ("4190", "general", -100))
            post(cursor, "adjustment", *legs)


def test_the_books_alone_do_not_move_a_collectors_cash(books, union):
    with refused("ledger_m6_transfer_is_told"), books.attack() as cursor:
        legs = ((union["account"], "general", -100), ("1010", "general", 100))
        post(cursor, "transfer", *legs)
    with refused(AGREES), books.attack() as cursor:
        post(cursor, "receipt", (union["account"], "general", 100), ("4190", "general", -100))


def test_charge_and_entry_together_stand(books, union):
    with books.attack() as cursor:
        charge(cursor, union["rani"])
        post(cursor, "charge", ("1210", "general", 2000), ("4010", "general", -2000))


def test_the_same_sum_in_another_fund_does_not_stand(books, union):
    with refused(AGREES), books.attack() as cursor:
        charge(cursor, union["rani"])
        post(cursor, "charge", ("1210", "welfare", 2000), ("4010", "welfare", -2000))


def test_a_share_of_nobodys_payment_does_not_stand(books, union):
    with refused(AGREES), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_allocation (charge_id, kind, amount_minor, made_at)"
            " SELECT min(id), 'credit', 1000, '2026-10-16Z' FROM dues_charge"
            " WHERE settled_minor < amount_minor"
        )


def test_a_payment_is_not_spread_twice(books, union):
    with refused("dues_m5_payment_is_whole"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_allocation (charge_id, payment_id, kind, amount_minor, made_at)"
            " SELECT min(id), %s, 'payment', 1000, '2026-10-16Z' FROM dues_charge"
            " WHERE settled_minor < amount_minor",
            (union["payment"],),
        )
        post(cursor, "allocation", ("1210", "general", -1000), ("4190", "general", 1000))


def test_a_charge_takes_no_more_than_it_is(books, union):
    with refused("dues_charge_settled_check"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_allocation (charge_id, kind, amount_minor, made_at)"
            " SELECT min(id), 'credit', 5000, '2026-10-16Z' FROM dues_charge"
        )


def test_nobody_uses_more_credit_than_she_has(books, union):
    with refused("member_credit_balance_check"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO credit_movement (person_id, amount_minor, kind, fund_code, made_at)"
            " VALUES (%s, -999999, 'used', 'general', '2026-10-16Z')",
            (union["sita"],),
        )


def test_credit_out_of_nothing_does_not_stand(books, union):
    with refused(AGREES), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO credit_movement (person_id, amount_minor, kind, fund_code, made_at)"
            " VALUES (%s, 5000, 'opening', 'general', '2026-10-16Z')",
            (union["rani"],),
        )


def test_cash_moves_only_as_its_source_says(books, union):
    with refused("dues_m5_cash_as_its_source_says"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO hand_over (ref, collector_id, counted_minor, in_hand_minor, whole,"
            " happened_on, made_at) VALUES ('attack', %s, 4000, 0, false, '2026-10-16',"
            " '2026-10-16Z') RETURNING id",
            (union["collector"],),
        )
        cursor.execute(
            "INSERT INTO cash_movement (collector_id, amount_minor, hand_over_id)"
            " VALUES (%s, -1000, %s)",
            (union["collector"], cursor.fetchone()[0]),
        )


PAYMENT = (
    "INSERT INTO dues_payment (ref, person_id, amount_minor, credit_minor, method, collector_id,"
    " happened_on, received_at) VALUES (%s, %s, 100, %s, 'cash', %s, '2026-10-16', '2026-10-16Z')"
    " RETURNING id"
)


def test_a_payment_that_went_nowhere_does_not_stand(books, union):
    with refused("dues_m5_payment_is_whole"), books.attack() as cursor:
        cursor.execute(PAYMENT, (f"a{next(_names)}", union["rani"], 0, None))


def test_a_payment_without_receipt_or_entry_does_not_stand(books, union):
    for receipt, law in (
        (False, "dues_m4_payment_has_receipt"),
        (True, "dues_m5_payment_is_posted"),
    ):
        with refused(law), books.attack() as cursor:
            cursor.execute(PAYMENT, (f"a{next(_names)}", union["rani"], 100, None))
            payment_id = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO credit_movement (person_id, amount_minor, kind, payment_id,"
                " fund_code, made_at) VALUES (%s, 100, 'surplus', %s, 'general', '2026-10-16Z')",
                (union["rani"], payment_id),
            )
            if receipt:
                cursor.execute(
                    "INSERT INTO receipt (ref, payment_id, number) VALUES (%s, %s, 999)",
                    (f"r{next(_names)}", payment_id),
                )
            else:
                post(cursor, "receipt", ("1010", "general", 100), ("2110", "general", -100))


def test_cash_of_a_round_must_be_in_somebodys_hands(books, union):
    with refused("dues_m5_round_cash_is_in_hand"), books.attack() as cursor:
        values = (f"a{next(_names)}", union["rani"], 100, union["collector"])
        cursor.execute(PAYMENT, values)
        cursor.execute(
            "INSERT INTO credit_movement (person_id, amount_minor, kind, payment_id, fund_code,"
            " made_at) VALUES (%s, 100, 'surplus', %s, 'general', '2026-10-16Z')",
            (union["rani"], cursor.fetchone()[0]),
        )
        post(cursor, "receipt", ("1010", "general", 100), ("2110", "general", -100))


KEPT = (
    "dues_payment",
    "receipt",
    "dues_allocation",
    "credit_movement",
    "cash_movement",
    "hand_over",
    "cash_difference",
    "dues_slice",
    "dues_opening",
    "dues_charge",
    "member_credit",
    "dues_control",
    "collection_sheet",
)


@pytest.mark.parametrize("table", KEPT)
def test_the_application_may_not_change_or_delete_what_stands(books, table):
    column = {"member_credit": "balance_minor", "dues_control": "balance_minor"}.get(table)
    column = column or ("person_id" if table == "dues_opening" else "id")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with forbidden(), books.attack() as cursor:
            cursor.execute(statement)


def test_the_kept_sums_are_written_by_nobody_but_their_triggers(books):
    for values in ("dues_control VALUES ('1210', 'crisis', 5)", "member_credit VALUES (1, 5)"):
        with forbidden(), books.attack() as cursor:
            cursor.execute(f"INSERT INTO {values}")


def test_even_the_owner_does_not_rewrite_a_charge_or_a_payment(books, union):
    with refused("dues_m2_charge_is_kept"), books.attack(owner=True) as cursor:
        cursor.execute("UPDATE dues_charge SET settled_minor = amount_minor")
    for table in ("dues_payment", "dues_allocation", "receipt", "hand_over"):
        law = f"{table}_append_only"
        with refused(law), books.attack(owner=True) as cursor:
            cursor.execute(f"DELETE FROM {table}")
