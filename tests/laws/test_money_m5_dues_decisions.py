"""M2, M4, M5, M6 of what is decided about dues: attacked by SQL, and from several sides at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.builders.dues import balance, make_payer, make_payment, waive
from tests.laws.money import forbidden, refused
from union.dues.errors import AlreadyReversedError, NoSuchCreditError
from union.dues.invariants import INVARIANTS
from union.dues.models import ReminderRound
from union.dues.services import (
    GiveCreditBack,
    NewWaiver,
    OpeningArrears,
    TakeBack,
    charge_month,
    give_credit_back,
    open_arrears_batch,
    run_differences,
    run_month,
    set_rate,
    take_back,
)
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.kernel.periods import Month
from union.messages.services import Outgoing, send

TEST = Actor.system("test")
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
EVENT = (
    "INSERT INTO dues_standing_event (ref, person_id, what, on_day, rule_id, made_at, made_by)"
    " VALUES (%s, %s, %s, %s, 1, '2026-10-16T06:00Z', %s)"
)


@pytest.fixture(scope="module")
def union(books):
    """Two members charged and paid, one of them with credit and a waiver."""
    with books.work() as work:
        rani, sita = (make_payer(work).person_id for _ in range(2))
        for month in (SEPTEMBER, OCTOBER):
            charge_month(work, month)
        paid = make_payment(work, rani, 3000)
        ahead = make_payment(work, sita, 9000)
        waive(work, NewWaiver(sita, OCTOBER, OCTOBER, "illness"))
        walker = make_payer(work, fee_minor=0).person_id
        book = make_payment(work, rani, 100, collector_person_id=walker, receipt_no=4)
        return {
            "rani": rani,
            "sita": sita,
            "paid": paid.id,
            "ahead": ahead.id,
            "collector": book.collector_id,
            "book": book.id,
        }


@pytest.fixture(autouse=True)
def nothing_is_broken_afterwards(request):
    books = request.getfixturevalue("books" if "union" in request.fixturenames else "own_books")
    yield
    with books.attack() as cursor:
        for name, query in INVARIANTS.items():
            cursor.execute(query)
            assert cursor.fetchall() == [], name


def reversal(cursor, payment_id: int, ref: str) -> int:
    cursor.execute(
        "INSERT INTO dues_reversal (ref, payment_id, reason, happened_on, made_at)"
        " VALUES (%s, %s, 'twice', '2026-10-16', '2026-10-16Z') RETURNING id",
        (ref, payment_id),
    )
    return cursor.fetchone()[0]


def test_a_payment_is_not_taken_back_in_words_only(books, union):
    with refused("dues_m5_payment_is_whole"), books.attack() as cursor:
        reversal(cursor, union["paid"], "r1")


def test_nor_half(books, union):
    with refused("dues_m5_payment_is_whole"), books.attack() as cursor:
        reversal(cursor, union["paid"], "r2")
        cursor.execute(
            "INSERT INTO dues_allocation (charge_id, payment_id, kind, amount_minor, made_at)"
            " SELECT charge_id, payment_id, 'reversed', -100, made_at FROM dues_allocation"
            " WHERE payment_id = %s LIMIT 1",
            (union["paid"],),
        )


def test_months_do_not_fall_open_without_the_payment_going(books, union):
    with refused("dues_m5_payment_is_whole"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_allocation (charge_id, payment_id, kind, amount_minor, made_at)"
            " SELECT charge_id, payment_id, 'reversed', -amount_minor, made_at"
            " FROM dues_allocation WHERE payment_id = %s",
            (union["paid"],),
        )


def test_a_receipt_is_not_written_anew_while_its_payment_stands(books, union):
    with refused("dues_m4_receipt_stands_once"), books.attack() as cursor:
        cursor.execute(
            "WITH p AS (INSERT INTO dues_payment (ref, person_id, amount_minor, credit_minor,"
            " method, collector_id, happened_on, received_at) SELECT 'again', person_id, 100, 100,"
            " 'cash', collector_id, happened_on, received_at FROM dues_payment WHERE id = %s"
            " RETURNING id, collector_id)"
            " INSERT INTO receipt (ref, payment_id, collector_id, number, turn)"
            " SELECT 'again', p.id, p.collector_id, 4, 1 FROM p",
            (union["book"],),
        )


def test_cash_does_not_leave_a_collectors_hands_by_a_reversal_that_is_not_hers(books, union):
    with refused("dues_m5_cash_as_its_source_says"), books.attack() as cursor:
        number = reversal(cursor, union["paid"], "r3")
        cursor.execute(
            "INSERT INTO cash_movement (collector_id, amount_minor, reversal_id)"
            " VALUES (%s, -3000, %s)",
            (union["collector"], number),
        )


def test_credit_goes_back_by_a_voucher_and_not_otherwise(books, union):
    with refused("dues_m6_refund_has_voucher"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_refund (ref, person_id, amount_minor, made_at)"
            " VALUES ('f1', %s, 500, '2026-10-16Z')",
            (union["sita"],),
        )


def test_no_more_goes_back_than_the_refund_says(books, union):
    with refused("dues_m5_refund_as_it_says"), books.attack() as cursor:
        cursor.execute(
            "WITH f AS (INSERT INTO dues_refund (ref, person_id, amount_minor, made_at)"
            " VALUES ('f2', %s, 500, '2026-10-16Z') RETURNING id, person_id)"
            " SELECT id, person_id FROM f",
            (union["sita"],),
        )
        number, person = cursor.fetchone()
        cursor.execute(
            "INSERT INTO credit_movement (person_id, amount_minor, kind, refund_id, fund_code,"
            " made_at) VALUES (%s, -600, 'refunded', %s, 'general', '2026-10-16Z')",
            (person, number),
        )


@pytest.mark.parametrize(("kind", "amount"), [("unused", 5), ("credit", -5), ("other", 5)])
def test_a_share_has_the_sign_of_its_kind(books, union, kind, amount):
    with pytest.raises(psycopg.errors.CheckViolation), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_allocation (charge_id, kind, amount_minor, made_at)"
            " SELECT min(id), %s, %s, '2026-10-16Z' FROM dues_charge",
            (kind, amount),
        )


def test_a_month_taken_off_charges_alone_does_not_stand(books, union):
    with refused("dues_m5_sub_ledger_is_its_account"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_allocation (charge_id, kind, amount_minor, made_at)"
            " SELECT min(id), 'adjusted', 100, '2026-10-16Z' FROM dues_charge"
            " WHERE settled_minor < amount_minor"
        )


def test_a_person_decides_standing_in_turns_and_not_about_herself(books, union):
    rani, by = union["rani"], books.treasurer.person_id
    with refused("dues_standing_takes_turns"), books.attack() as cursor:
        cursor.execute(EVENT, ("s1", rani, "reinstated", "2026-10-16", by))
    with refused("dues_standing_decided_by_another"), books.attack() as cursor:
        cursor.execute(EVENT, ("s2", rani, "suspended", "2026-10-16", rani))
    with pytest.raises(psycopg.errors.NotNullViolation), books.attack() as cursor:
        cursor.execute(EVENT, ("s3", rani, "suspended", "2026-10-16", None))
    with refused("dues_standing_takes_turns"), books.attack() as cursor:
        cursor.execute(EVENT, ("s4", rani, "suspended", "2026-10-16", by))
        cursor.execute(EVENT, ("s5", rani, "suspended", "2026-10-17", by))


def test_nobody_is_suspended_on_the_day_her_register_came_in(books, union):
    with books.work() as work:
        fresh = make_payer(work).person_id
        open_arrears_batch(work, [OpeningArrears(fresh, None, 2000, Month(2024, 1))], OCTOBER)
    with refused("dues_none_on_the_day_of_an_import"), books.attack() as cursor:
        cursor.execute(EVENT, ("s6", fresh, "suspended", "2026-10-16", books.treasurer.person_id))


def test_nobody_is_reminded_twice_in_a_month(books, union):
    with books.work() as work:
        message = send(work, Outgoing("reminder", "reminder", ("sms",), person_id=union["rani"]))
        rounds = [
            ReminderRound(
                ref=f"round{number}", month=OCTOBER.first_day, rule_id=1, made_at=work.clock.now()
            )
            for number in range(2)
        ]
        work.session.add_all(rounds)
        work.session.flush()
        numbers, message_id = [one.id for one in rounds], message.id
    with refused("dues_reminder_person_id_month_key"), books.attack() as cursor:
        for number in numbers:
            cursor.execute(
                "INSERT INTO dues_reminder (round_id, person_id, month, level, months_behind,"
                " message_id, made_at) VALUES (%s, %s, '2026-10-01', 1, 1, %s, '2026-10-16Z')",
                (number, union["rani"], message_id),
            )


KEPT = (
    "dues_rule",
    "dues_pays_as",
    "dues_waiver",
    "dues_waiver_end",
    "dues_adjustment",
    "dues_reversal",
    "dues_refund",
    "dues_standing_event",
    "dues_reminder_round",
    "dues_reminder",
    "dues_known",
)


@pytest.mark.parametrize("table", KEPT)
def test_what_was_decided_is_neither_changed_nor_deleted(books, union, table):
    column = {"dues_waiver_end": "waiver_id", "dues_known": "source"}.get(table, "id")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with forbidden(), books.attack() as cursor:
            cursor.execute(statement)
    with pytest.raises(psycopg.Error), books.attack(owner=True) as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def at_once(do, times: int = 3) -> list:
    """From so many sides at once: results, or what was refused."""

    def one(number: int):
        try:
            return do(number)
        except UnionError as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_a_payment_from_three_sides_is_taken_back_once(own_books):
    with own_books.work() as work:
        rani = make_payer(work).person_id
        charge_month(work, OCTOBER)
        payment_id = make_payment(work, rani, 3000).id

    def back(_number: int) -> int:
        with own_books.work() as work:
            return take_back(work, TakeBack(payment_id, "twice")).id

    ended = at_once(back)
    assert sum(isinstance(one, AlreadyReversedError) for one in ended) == 2
    with own_books.work() as work:
        assert balance(work, "1210") == 2000
        assert balance(work, "2110") == 0


def test_credit_from_three_sides_goes_back_once(own_books):
    with own_books.work() as work:
        rani = make_payer(work).person_id
        make_payment(work, rani, 3000)

    def back(_number: int) -> str:
        with own_books.work() as work:
            return give_credit_back(work, GiveCreditBack(rani, 2000)).ref

    ended = at_once(back)
    assert sum(isinstance(one, NoSuchCreditError) for one in ended) == 2
    with own_books.work() as work:
        assert (balance(work, "2110"), balance(work, "2210")) == (-1000, -2000)


def test_two_runs_of_differences_at_once_post_each_once(own_books):
    with own_books.work() as work:
        for _ in range(20):
            make_payer(work, fee_minor=None)
        set_rate(work, "", 2000, Month(2026, 1))
        for month in (SEPTEMBER, OCTOBER):
            charge_month(work, month)
        set_rate(work, "", 2500, SEPTEMBER)
    found = at_once(lambda _number: run_differences(own_books.unit, TEST))
    assert sum(one.more_minor for one in found) == 20 * 1000
    with own_books.work() as work:
        assert balance(work, "1210") == 20 * 5000


def test_two_different_runs_at_once_charge_both_months(own_books):
    with own_books.work() as work:
        for _ in range(20):
            payer = make_payer(work).person_id
        make_payment(work, payer, 3000)

    def run(number: int):
        return run_month(own_books.unit, TEST, (SEPTEMBER, OCTOBER)[number % 2]).charged

    assert sum(at_once(run, 4)) == 40
    with own_books.work() as work:
        assert balance(work, "4010") == -80000
        assert balance(work, "1210") == 77000
        assert balance(work, "2110") == 0


def test_a_run_beside_its_differences_loses_nothing(own_books):
    with own_books.work() as work:
        for _ in range(20):
            make_payer(work, fee_minor=None)
        set_rate(work, "", 2000, Month(2026, 1))
        charge_month(work, SEPTEMBER)
        set_rate(work, "", 1000, SEPTEMBER)

    def run(number: int):
        if number:
            return run_differences(own_books.unit, TEST).less_minor
        return run_month(own_books.unit, TEST, OCTOBER).amount_minor

    charged, less = at_once(run, 2)
    assert (charged, less) == (20000, 20000)
    with own_books.work() as work:
        assert balance(work, "1210") == 40000
