"""A box counted: seen by another in her own account, booked as seen, settled by another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.builders.counting import make_officer
from tests.builders.identity import make_account
from tests.builders.ledger import make_receipt
from tests.builders.members import make_branch, make_member
from tests.laws.money import forbidden, post, refused
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.kernel.ids import new_ref
from union.ledger.errors import CountSettledError
from union.ledger.queries import control_balance
from union.ledger.services import CountEnd, count_cash, settle_count, witness_count
from union.members.services.pairs import merge_members

SEEN = "INSERT INTO cash_count_witness VALUES (%s, %s, %s, '2026-10-16T00:00:00Z')"
SETTLED = """INSERT INTO count_settlement (ref, count_id, amount_minor, how, happened_on, made_at,
               made_by) VALUES (%s, %s, %s, %s, '2026-10-16', '2026-10-16T00:00:00Z', %s)
             RETURNING id"""
BOX = "1030"


@pytest.fixture
def box(own_books):
    """Petty cash of ₹1,000, of which the treasurer counted ₹900; her count and a second officer."""
    with own_books.work() as work:
        make_receipt(work, 100_000, account=BOX)
        officer = make_officer(work, Role.SIGNATORY)
    with own_books.work(own_books.treasurer) as work:
        counted = count_cash(work, BOX, {10000: 9}, 100_000).id
    return own_books, counted, officer


def seen(books, counted, by, *, agrees=True):
    """Said by hand-written SQL, booked as it must be if ``agrees``."""
    with books.attack() as cursor:
        cursor.execute(SEEN, (counted, by, agrees))
        if agrees:
            legs = ((BOX, "general", -10_000), ("1090", "general", 10_000))
            post(cursor, "transfer", *legs, source_kind="cash_count", source_id=counted)


def settled(books, counted, by, how="found", amount=10_000, legs=None):
    with books.attack() as cursor:
        cursor.execute(SETTLED, (new_ref(), counted, amount, how, by))
        number = cursor.fetchone()[0]
        legs = legs or ((BOX, "general", amount), ("1090", "general", -amount))
        kind = "receipt" if how == "kept" else "transfer"
        post(cursor, kind, *legs, source_kind="count_settlement", source_id=number)


def test_nobody_witnesses_her_own_count_nor_under_a_joined_entry(box):
    books, counted, officer = box
    me = books.treasurer.person_id
    with refused("ledger_count_seen_by_another"):
        seen(books, counted, me)
    with books.work() as work:
        branch = make_branch(work)
        first, second = (make_member(work, branch).person_id for _ in range(2))
        make_account(work, second)
        treasurer = Actor(first, None, frozenset({Grant(Role.TREASURER)}))
        merge_members(work, first, second)
    with books.work(treasurer) as work:
        hers = count_cash(work, BOX, {10000: 9}, 100_000).id
    with refused("ledger_count_seen_by_another"):
        seen(books, hers, second)
    seen(books, hers, officer.person_id)


def test_a_witness_has_an_open_account_of_her_own(box):
    books, counted, officer = box
    with books.work() as work:
        nobody = new_person(work).id
    with refused("ledger_count_seen_by_an_account"):
        seen(books, counted, nobody)
    with books.attack(owner=True) as cursor:
        cursor.execute(
            "UPDATE user_account SET closed_at = '2026-10-16Z' WHERE person_id = %s",
            (officer.person_id,),
        )
    with refused("ledger_count_seen_by_an_account"):
        seen(books, counted, officer.person_id)


def test_only_the_newest_count_is_seen_and_once(box):
    books, counted, officer = box
    with books.work(books.treasurer) as work:
        newer = count_cash(work, BOX, {10000: 9}, 100_000).id
    with refused("ledger_count_seen_is_the_newest"):
        seen(books, counted, officer.person_id)
    seen(books, newer, officer.person_id)
    with refused("cash_count_witness_pkey"):
        seen(books, newer, officer.person_id)


def test_what_was_seen_is_booked_and_nothing_else_is(box):
    books, counted, officer = box
    law = "ledger_count_is_booked_as_seen"
    legs = ((BOX, "general", -10_000), ("1090", "general", 10_000))
    with refused(law), books.attack() as cursor:
        post(cursor, "transfer", *legs, source_kind="cash_count", source_id=counted)
    with refused(law), books.attack() as cursor:
        cursor.execute(SEEN, (counted, officer.person_id, True))
    with refused(law), books.attack() as cursor:
        cursor.execute(SEEN, (counted, officer.person_id, False))
        post(cursor, "transfer", *legs, source_kind="cash_count", source_id=counted)
    more = ((BOX, "general", -20_000), ("1090", "general", 20_000))
    with refused(law), books.attack() as cursor:
        cursor.execute(SEEN, (counted, officer.person_id, True))
        post(cursor, "transfer", *more, source_kind="cash_count", source_id=counted)
    seen(books, counted, officer.person_id)


def test_a_difference_is_settled_by_another_as_what_it_is_and_no_larger(box):
    books, counted, officer = box
    other = officer.person_id
    with refused("ledger_count_as_large_as_it_is"):
        settled(books, counted, other)
    seen(books, counted, other)
    with refused("ledger_count_settled_by_another"):
        settled(books, counted, books.treasurer.person_id)
    kept = (("1090", "general", 10_000), ("4190", "general", -10_000))
    for how, amount, legs in (("found", 10_001, None), ("kept", 10_000, kept)):
        with refused("ledger_count_as_large_as_it_is"):
            settled(books, counted, other, how, amount, legs)
    elsewhere = (("1010", "general", 10_000), ("1090", "general", -10_000))
    with refused("ledger_count_is_booked_as_seen"):
        settled(books, counted, other, legs=elsewhere)
    settled(books, counted, other)
    with refused("ledger_count_as_large_as_it_is"):
        settled(books, counted, other, amount=1)


@pytest.mark.parametrize(
    "change",
    [{"amount": 10_001}, {"spend": "5110"}, {"money": "1110"}, {"payee": "officer"}],
    ids=["more", "for_rent", "from_the_bank", "to_another"],
)
def test_it_is_given_up_as_what_is_missing_by_others_than_who_counted(box, change):
    books, counted, officer = box
    seen(books, counted, officer.person_id)
    values = {"amount": 10_000, "spend": "5320", "money": "1090", "payee": "counter", **change}
    people = {"counter": books.treasurer.person_id, "officer": officer.person_id}
    with refused("ledger_count_given_up_as_short"), books.attack() as cursor:
        cursor.execute(
            """INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,
                 payee_person_id, amount_minor, source_kind, source_id, prepared_at, prepared_by,
                 content_hash)
               VALUES (%s, 'general', %s, %s, %s, %s, 'count_difference', %s,
                       '2026-10-16T00:00:00Z', %s, '')""",
            (
                new_ref(),
                values["money"],
                values["spend"],
                people[values["payee"]],
                values["amount"],
                counted,
                officer.person_id,
            ),
        )


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM cash_count_witness",
        "UPDATE cash_count_witness SET agrees = true",
        "UPDATE count_settlement SET amount_minor = 1",
        "TRUNCATE count_settlement",
    ],
)
def test_what_was_said_stays(books, change):
    with forbidden(), books.attack() as cursor:
        cursor.execute(change)


def test_two_who_settle_at_once_settle_no_more_than_there_is(box):
    books, counted, officer = box
    with books.work(officer) as work:
        ref = witness_count(work, _ref(books, counted), agrees=True).count.ref

    def settle(_number):
        try:
            with books.work(officer) as work:
                settle_count(work, ref, CountEnd.FOUND, 6_000)
        except CountSettledError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(settle, range(4))) == 1
    with books.work() as work:
        assert control_balance(work.session, "1090") == 4_000


def _ref(books, counted):
    with books.attack() as cursor:
        cursor.execute("SELECT ref FROM cash_count WHERE id = %s", (counted,))
        return cursor.fetchone()[0]
