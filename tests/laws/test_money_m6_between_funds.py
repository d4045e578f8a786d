"""M6: money moves between funds by a decision of two, and never out of one with a purpose."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import psycopg
import pytest
from sqlalchemy import text

from tests.builders.members import make_member
from tests.laws.money import forbidden, post, refused
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.ledger.invariants import INVARIANTS
from union.ledger.services import NewTransfer, answer_transfer, propose_transfer
from union.members.services.pairs import merge_members

_refs = count(1)
DECIDE = """
INSERT INTO inter_fund_transfer (ref, from_fund, to_fund, money_account_code, amount_minor,
  decided_on, key_ref, words, takes_back_id, proposed_by, proposed_at)
VALUES (%(ref)s, %(out)s, %(into)s, %(box)s, %(amount)s, '2026-10-16', gen_random_uuid(), '',
        %(back)s, %(by)s, '2026-10-16T00:00:00Z') RETURNING id
"""
ANSWER = "INSERT INTO inter_fund_answer VALUES (%s, true, %s, '2026-10-16T00:00:00Z')"
GIVE = """
INSERT INTO donation (ref, number, income_account_code, money_account_code, fund_code,
                      amount_minor, given_on, key_ref, made_by, made_at)
VALUES (%(ref)s, %(number)s, %(income)s, %(box)s, 'welfare', %(amount)s, '2026-10-16',
        gen_random_uuid(), %(by)s, '2026-10-16T00:00:00Z') RETURNING id, number
"""


def decide(cursor, books, out="general", into="welfare", **fields):
    values = {
        "ref": f"moved{next(_refs):07d}",
        "out": out,
        "into": into,
        "box": "1110",
        "amount": 1000,
        "back": None,
        "by": books.treasurer.person_id,
        **fields,
    }
    cursor.execute(DECIDE, values)
    return cursor.fetchone()[0]


def legs(out="general", into="welfare", amount=1000, box="1110"):
    return (
        (box, out, -amount),
        ("3110", out, amount),
        (box, into, amount),
        ("3110", into, -amount),
    )


def book(cursor, number, *written, **fields):
    given = {"source_kind": "inter_fund_transfer", "source_id": number, **fields}
    return post(cursor, "fund_transfer", *(written or legs()), **given)


def agree(cursor, books, number, who=None):
    cursor.execute(ANSWER, (number, who or books.signatory.person_id))


def moved(books, **fields):
    with books.attack() as cursor:
        number = decide(cursor, books, **fields)
        agree(cursor, books, number)
        return number, book(cursor, number)


def sound(books):
    with books.work() as work:
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


def test_a_decision_of_two_moves_money(own_books):
    moved(own_books)
    sound(own_books)


@pytest.mark.parametrize("into", ["general", "legal"])
def test_nothing_leaves_a_fund_with_a_purpose(own_books, into):
    with refused("ledger_m6_restricted_stays"), own_books.attack() as cursor:
        decide(cursor, own_books, "welfare", into)


def test_one_hand_moves_nothing(own_books):
    with refused("ledger_m6_funds_move_by_decision"), own_books.attack() as cursor:
        book(cursor, decide(cursor, own_books))
    with refused("ledger_m6_two_hands_on_a_transfer"), own_books.attack() as cursor:
        number = decide(cursor, own_books)
        agree(cursor, own_books, number, own_books.treasurer.person_id)


def test_one_woman_with_two_entries_is_one_hand(own_books):
    with own_books.work() as work:
        kept, gone = make_member(work).person_id, make_member(work).person_id
        work.session.flush()
        merge_members(work, kept, gone)
    with refused("ledger_m6_two_hands_on_a_transfer"), own_books.attack() as cursor:
        agree(cursor, own_books, decide(cursor, own_books, by=kept), gone)


@pytest.mark.parametrize(
    ("written", "law"),
    [
        (legs(amount=999), "ledger_m6_funds_move_as_decided"),
        (legs(into="legal"), "ledger_m6_funds_move_as_decided"),
        (legs(box="1010"), "ledger_m6_funds_move_as_decided"),
        (legs("welfare", "general"), "ledger_m6_fund_purpose"),
        (
            (*legs(), ("1110", "general", -5), ("1010", "general", 5)),
            "ledger_m6_funds_move_as_decided",
        ),
    ],
    ids=["less", "another fund", "another box", "backwards", "and more"],
)
def test_it_moves_as_it_was_decided(own_books, written, law):
    with refused(law), own_books.attack() as cursor:
        number = decide(cursor, own_books)
        agree(cursor, own_books, number)
        book(cursor, number, *written)


def test_a_fund_gives_no_more_than_it_has_there(own_books):
    with refused("ledger_m6_fund_has_it"), own_books.attack() as cursor:
        number = decide(cursor, own_books, amount=1_000_001)
        agree(cursor, own_books, number)
        book(cursor, number, *legs(amount=1_000_001))


@pytest.mark.parametrize("box", ["1020", "1090", "1120", "1310", "1210"])
def test_it_lies_in_an_account_of_our_own(own_books, box):
    with refused("ledger_m6_our_own_account"), own_books.attack() as cursor:
        decide(cursor, own_books, box=box)


def test_what_was_agreed_to_is_booked_at_the_same_commit(own_books):
    with refused("ledger_m6_agreed_transfer_is_booked"), own_books.attack() as cursor:
        agree(cursor, own_books, decide(cursor, own_books))


def test_a_decision_is_neither_changed_nor_taken_away(own_books):
    moved(own_books)
    for statement in (
        "UPDATE inter_fund_transfer SET amount_minor = 1",
        "DELETE FROM inter_fund_answer",
        "UPDATE donation SET amount_minor = 1",
    ):
        with forbidden(), own_books.attack() as cursor:
            cursor.execute(statement)


def back(cursor, entry):
    fields = {"source_kind": "journal_entry", "source_id": entry, "reverses": entry}
    return post(cursor, "reversal", *[(a, f, -m) for a, f, m in legs()], **fields)


def test_restricted_money_does_not_leave_by_reversing_what_brought_it(own_books):
    number, entry = moved(own_books)
    with refused("ledger_m6_transfer_taken_back_by_two"), own_books.attack() as cursor:
        back(cursor, entry)
    with refused("ledger_m6_takes_a_transfer_back"), own_books.attack() as cursor:
        decide(cursor, own_books, "welfare", "general", back=number, amount=999)
    with own_books.attack() as cursor:
        again = decide(cursor, own_books, "welfare", "general", back=number)
        agree(cursor, own_books, again)
        back(cursor, entry)
    sound(own_books)


def test_what_came_in_an_earlier_month_stays(own_books):
    number, entry = moved(own_books)
    with own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO accounting_period (first_on, status) VALUES ('2026-11-01', 'open')"
        )
    with refused("ledger_m6_transfer_taken_back_by_two"), own_books.attack() as cursor:
        again = decide(cursor, own_books, "welfare", "general", back=number)
        agree(cursor, own_books, again)
        fields = {"source_kind": "journal_entry", "source_id": entry, "reverses": entry}
        post(cursor, "reversal", *[(a, f, -m) for a, f, m in legs()], on="2026-11-02", **fields)


def test_two_who_agree_at_once_move_it_once(own_books):
    new = NewTransfer("general", "welfare", "1110", 1000, own_books.unit.clock.today(), "minute 7")
    with own_books.work(own_books.treasurer) as work:
        ref = propose_transfer(work, new).ref
        third = Actor(make_member(work).person_id, None, own_books.signatory.grants)

    def answer(who):
        try:
            with own_books.work(who) as work:
                answer_transfer(work, ref, agreed=True)
        except (UnionError, psycopg.Error):
            return 0
        return 1

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(answer, [own_books.signatory, third] * 2))
    assert sum(done) == 1
    sound(own_books)


def give(cursor, books, **fields):
    values = {
        "ref": f"given{next(_refs):07d}",
        "number": 1,
        "income": "4110",
        "box": "1010",
        "amount": 700,
        "by": books.treasurer.person_id,
        **fields,
    }
    cursor.execute(GIVE, values)
    return cursor.fetchone()


def test_a_gift_is_numbered_by_the_books_and_booked_with_its_receipt(own_books):
    for expected in (1, 2):
        with own_books.attack() as cursor:
            number, numbered = give(cursor, own_books, number=99)
            fields = {"source_kind": "donation", "source_id": number}
            post(cursor, "receipt", ("1010", "welfare", 700), ("4110", "welfare", -700), **fields)
        assert numbered == expected
    sound(own_books)


def test_a_receipt_without_its_entry_does_not_stand(own_books):
    with refused("ledger_m5_donation_is_booked"), own_books.attack() as cursor:
        give(cursor, own_books)
    with refused("ledger_m5_donation_is_booked"), own_books.attack() as cursor:
        number, _numbered = give(cursor, own_books)
        fields = {"source_kind": "donation", "source_id": number}
        post(cursor, "receipt", ("1010", "general", 700), ("4110", "general", -700), **fields)
    for wrong in ({"box": "1020"}, {"box": "1310"}, {"box": "1120"}):
        with refused("ledger_m6_our_own_account"), own_books.attack() as cursor:
            give(cursor, own_books, **wrong)


def test_a_receipt_is_booked_once_and_no_more(own_books):
    with refused("ledger_m5_donation_is_booked"), own_books.attack() as cursor:
        number, _numbered = give(cursor, own_books)
        fields = {"source_kind": "donation", "source_id": number}
        legs = (("1010", "welfare", 700), ("4110", "welfare", -700))
        post(cursor, "receipt", *legs, *legs, **fields)
