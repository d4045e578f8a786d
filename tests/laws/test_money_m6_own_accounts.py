"""M6: no account of ours is a place to hide money; liabilities carry none from fund to fund."""

from __future__ import annotations

from itertools import count

import pytest

from tests.builders.members import make_member
from tests.laws.money import post, refused
from union.dues.services import HandOverCash, close_round, collector_for_person, hand_over
from union.infra.people import new_person
from union.ledger.queries import control_balance
from union.ledger.services import add_payee

_numbers = count(7000)
OPENS = "SELECT ledger_open_collector_cash(%s, %s)"
STRANGER = "ledger_m6_account_for_a_collector"


def collector(books):
    with books.work() as work:
        made = collector_for_person(work, make_member(work).person_id)
        return made.id, made.account_code


def stranger(books, number):
    with books.work() as work:
        return number, new_person(work).id


def differ(cursor, collector_id, amount):
    """A difference that the attacker makes up, so that M5 agrees with what she posts."""
    ref = f"fake{next(_numbers):08d}"
    cursor.execute(
        "INSERT INTO cash_difference (ref, collector_id, amount_minor, happened_on, made_at)"
        " VALUES (%s, %s, %s, '2026-10-16', '2026-10-16T00:00:00Z') RETURNING id",
        (ref, collector_id, amount),
    )
    cursor.execute(
        "INSERT INTO cash_movement (collector_id, amount_minor, difference_id) VALUES (%s, %s, %s)",
        (collector_id, amount, cursor.fetchone()[0]),
    )


def test_no_account_is_opened_for_a_stranger(own_books):
    with refused(STRANGER), own_books.attack() as cursor:
        cursor.execute(OPENS, stranger(own_books, 7777))


def test_none_is_opened_for_nobody_for_a_payee_or_for_one_who_died(own_books):
    with own_books.work(own_books.treasurer) as work:
        payee = add_payee(work, "The landlord").person_id
        dead = make_member(work, status="died", status_on=work.clock.today()).person_id
    for holder in (None, payee, dead):
        with refused(STRANGER), own_books.attack() as cursor:
            cursor.execute(OPENS, (next(_numbers), holder))


def test_one_collector_has_one_account(own_books):
    number, _code = collector(own_books)
    with own_books.attack() as cursor:
        cursor.execute("SELECT person_id FROM collector WHERE id = %s", (number,))
        person = cursor.fetchone()[0]
    with refused(STRANGER), own_books.attack() as cursor:
        cursor.execute(OPENS, (next(_numbers), person))


@pytest.mark.parametrize("source", ["1110", "1010", "1090"])
def test_our_own_money_is_not_handed_to_a_collector(own_books, source):
    number, code = collector(own_books)
    with refused("ledger_m6_collectors_hold_receipts"), own_books.attack() as cursor:
        differ(cursor, number, 40_000)
        post(cursor, "transfer", (code, "general", 40_000), (source, "general", -40_000))


def test_not_in_two_steps_either(own_books):
    number, code = collector(own_books)
    with refused("ledger_m6_collectors_hold_receipts"), own_books.attack() as cursor:
        differ(cursor, number, 40_000)
        post(cursor, "transfer", ("1090", "general", 40_000), ("1110", "general", -40_000))
        post(cursor, "transfer", (code, "general", 40_000), ("1090", "general", -40_000))


def test_who_handed_in_too_much_is_brought_back_to_nought(own_books):
    number, code = collector(own_books)
    with own_books.work(own_books.treasurer) as work:
        hand_over(work, HandOverCash(number, 300, work.clock.today(), whole=False))
    with own_books.work(own_books.treasurer) as work:
        close_round(work, number)
        assert control_balance(work.session, code) == 0


@pytest.mark.parametrize(
    ("kind", "other"), [("transfer", "1110"), ("receipt", "4110"), ("adjustment", "4110")]
)
def test_nothing_is_parked_with_collectors_at_large(own_books, kind, other):
    with refused("ledger_m6_collectors_cash_by_name"), own_books.attack() as cursor:
        post(cursor, kind, ("1020", "general", 100), (other, "general", -100))


def test_a_shortage_is_not_parked_there_to_close_the_month(own_books):
    with refused("ledger_m6_collectors_cash_by_name"), own_books.attack() as cursor:
        post(cursor, "transfer", ("1090", "general", 40), ("1110", "general", -40))
        post(cursor, "transfer", ("1020", "general", 40), ("1090", "general", -40))


def test_a_restricted_fund_owes_nothing_out_of_income_undone(own_books):
    for account in ("4190", "1210", "1195"):
        law = "ledger_m6_restricted_owes_its_purpose"
        if account == "1195":
            law = "ledger_m6_clearing_target"
        with refused(law), own_books.attack() as cursor:
            post(cursor, "adjustment", (account, "welfare", 100), ("2220", "welfare", -100))


def test_what_is_not_owed_is_not_given_back(own_books):
    with refused("ledger_m6_fund_owes_it"), own_books.attack() as cursor:
        post(cursor, "adjustment", ("2220", "welfare", 100), ("4190", "welfare", -100))


def test_a_bill_that_was_paid_is_not_undone_behind_it(own_books):
    """Its fund would have paid for nothing, and the debt could be filled again from elsewhere."""
    bill = (("5010", "welfare", 700), ("2210", "welfare", -700))
    with own_books.attack() as cursor:
        entry = post(cursor, "adjustment", *bill)
        post(cursor, "adjustment", ("2210", "welfare", 700), ("4190", "welfare", -700))
    fields = {"source_kind": "journal_entry", "source_id": entry, "reverses": entry}
    with refused("ledger_m6_fund_owes_it"), own_books.attack() as cursor:
        post(cursor, "reversal", *[(a, f, -m) for a, f, m in bill], **fields)


@pytest.mark.parametrize("kind", ["adjustment", "receipt", "transfer", "opening"])
def test_only_a_decision_moves_money_between_funds(own_books, kind):
    """Out of the general fund too, into one with a purpose."""
    law = "ledger_m6_funds_move_by_decision"
    if kind == "transfer":
        law = "ledger_m6_transfer_accounts"
    with refused(law), own_books.attack() as cursor:
        post(cursor, kind, ("3110", "general", 50), ("4190", "general", -50))
