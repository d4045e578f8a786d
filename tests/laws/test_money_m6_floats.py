"""M6: a float is bounded for each holder, filled by a voucher, emptied by papers another took."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest

from tests.builders.papers import pdf
from tests.laws.money import Books, forbidden, post, refused
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.kernel.ids import new_ref
from union.ledger.queries.floats import float_by_ref, floats
from union.ledger.services import (
    NewSettlement,
    approve_voucher,
    give_float,
    pay_voucher,
    set_float,
    tell_spent,
)

PDF = pdf()
SET = "SELECT ledger_set_float(%s, %s, %s, %s, %s, '2026-10-16T00:00:00Z')"
ANSWER = """INSERT INTO float_answer (settlement_id, told_by, accepted, answered_by, answered_at)
            SELECT id, told_by, %s, %s, '2026-10-16T00:00:00Z'
              FROM float_settlement WHERE id = %s"""


@dataclass
class Held:
    """A float of ₹700 for hospitals, and what its holder told of it."""

    books: Books
    holder: Actor
    ref: str
    code: str

    def told(self, amount=50000):
        with self.books.work(self.holder) as work:
            new = NewSettlement(amount, work.clock.today(), "a bed", [BytesIO(PDF)])
            return tell_spent(work, self.ref, new).id

    def spend(self, number, *legs, owner=False, **fields):
        legs = legs or (("5030", "crisis", 50000), (self.code, "crisis", -50000))
        fields = {"source_kind": "float_settlement", "source_id": number, **fields}
        with self.books.attack(owner=owner) as cursor:
            post(cursor, "float_spent", *legs, **fields)


@pytest.fixture
def held(books) -> Held:
    """A holder of its own for each test, so that none leans on another's order."""
    with books.work(books.treasurer) as work:
        holder = Actor(new_person(work).id, None, frozenset({Grant(Role.RESPONDER)}))
        code = set_float(work, holder.person_id, "hospital", 80000)
        (view,) = floats(work, holder.person_id)
        voucher = give_float(work, view.account.ref, 70000, "1110", "for tonight")
        approve_voucher(work, voucher.ref, voucher.content_hash)
    with books.work(books.signatory) as work:
        approve_voucher(work, voucher.ref, voucher.content_hash)
    with books.work(books.treasurer) as work:
        pay_voucher(work, voucher.ref)
    return Held(books, holder, view.account.ref, code)


def taken(held, number, accepted=True, by=None):
    with held.books.attack() as cursor:
        cursor.execute(ANSWER, (accepted, by or held.books.treasurer.person_id, number))


def test_money_does_not_get_into_a_float_without_a_voucher(held):
    for kind in ("transfer", "receipt", "adjustment", "float_spent"):
        with refused("ledger_m6_float_by_voucher"), held.books.attack() as cursor:
            post(cursor, kind, (held.code, "crisis", 100), ("1110", "crisis", -100))


def test_a_voucher_does_not_fill_it_beyond_its_limit(held):
    books = held.books
    with books.work(books.treasurer) as work:
        voucher = give_float(work, held.ref, 10000, "1110", "up to the limit")
        approve_voucher(work, voucher.ref, voucher.content_hash)
        set_float(work, held.holder.person_id, "hospital", 75000)
    with books.work(books.signatory) as work:
        approve_voucher(work, voucher.ref, voucher.content_hash)
    legs = ((held.code, "crisis", 10000), ("1110", "crisis", -10000))
    fields = {"source_kind": "voucher", "source_id": voucher.id, "voucher": voucher.id}
    with refused("ledger_m6_float_is_bounded"), books.attack() as cursor:
        post(cursor, "payment", *legs, **fields)


def test_a_voucher_fills_no_float_but_the_payees(held):
    with refused("ledger_m6_float_for_its_holder"), held.books.attack() as cursor:
        cursor.execute(
            """INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,
                 payee_person_id, amount_minor, source_kind, source_id, prepared_at, prepared_by,
                 content_hash)
               VALUES ('notherfloat', 'crisis', '1110', %s, %s, 100, 'attack', 71,
                       '2026-10-16T00:00:00Z', %s, '')""",
            (held.code, held.books.payee, held.books.treasurer.person_id),
        )


def test_a_limit_is_bounded_and_set_by_another(held):
    books, me = held.books, held.holder.person_id
    for purpose, limit, by, law in (
        ("hospital", 1_000_001, books.treasurer.person_id, "ledger_m6_float_limit"),
        ("holiday", 100, books.treasurer.person_id, "ledger_m6_float_limit"),
        ("hospital", -1, books.treasurer.person_id, "ledger_m6_float_limit"),
        ("hospital", 100, me, "ledger_m6_float_limit_by_another"),
        ("hospital", 100, None, "ledger_m6_float_limit_by_another"),
    ):
        with refused(law), books.attack() as cursor:
            cursor.execute(SET, (new_ref(), me, purpose, limit, by))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET ceiling_minor = 10000000",
        "UPDATE float_purpose SET most_minor = 10000000",
        "INSERT INTO float_limit VALUES (9, '1310-0001', 1, 1, '2026-10-16Z')",
        "DELETE FROM float_answer",
        "UPDATE float_settlement SET amount_minor = 1",
        "DELETE FROM paper",
    ],
)
def test_the_application_moves_none_of_the_bounds(held, change):
    with forbidden(), held.books.attack() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize("owner", [False, True], ids=["application", "owner"])
def test_nothing_leaves_a_float_that_nobody_else_took(held, owner):
    number = held.told(50000) if not owner else held.told(10000)
    law = "ledger_m6_float_settlement_accepted"
    with refused(law):
        held.spend(number, owner=owner)
    with refused("ledger_m6_float_taken_by_another"):
        taken(held, number, by=held.holder.person_id)
    taken(held, number, accepted=False)
    with refused(law):
        held.spend(number, owner=owner)


def test_it_leaves_as_it_was_told_and_once(held):
    number = held.told(50000)
    taken(held, number)
    for legs in (
        (("5030", "crisis", 60000), (held.code, "crisis", -60000)),
        (("5020", "legal", 50000), (held.code, "legal", -50000)),
        (("1010", "crisis", 50000), (held.code, "crisis", -50000)),
        (("5030", "crisis", 50000), ("1110", "crisis", -50000)),
    ):
        with refused("ledger_m6_float_spent_as_told"):
            held.spend(number, *legs)
    held.spend(number)
    with refused("journal_entry_source_key"):
        held.spend(number)
    with held.books.work() as work:
        assert float_by_ref(work, held.ref).held_minor == 20000


def test_where_papers_are_given_they_must_lie_there(held):
    with held.books.attack() as cursor:
        cursor.execute(
            """INSERT INTO float_settlement (ref, account_code, amount_minor, spent_on, key_ref,
                 words, told_by, told_at)
               VALUES ('nopapers', %s, 50000, '2026-10-16', gen_random_uuid(), '', %s,
                       '2026-10-16T00:00:00Z') RETURNING id""",
            (held.code, held.holder.person_id),
        )
        number = cursor.fetchone()[0]
    taken(held, number)
    with refused("ledger_m6_float_settled_with_papers"):
        held.spend(number)
    with refused("ledger_m6_papers_before_hands"), held.books.attack() as cursor:
        cursor.execute(
            """INSERT INTO paper (ref, belongs_kind, belongs_id, position, content_type,
                 size_bytes, content_hash, key_ref, made_at)
               VALUES ('late', 'settlement', %s, 1, 'image/png', 1, sha256(''),
                       gen_random_uuid(), '2026-10-16Z')""",
            (number,),
        )
