"""M6: entries of the register that were joined are one holder to every law of floats."""

from __future__ import annotations

import pytest

from tests.builders.ledger import make_receipt
from tests.builders.members import make_branch, make_member
from tests.laws.money import refused
from union.kernel.actor import Actor, Grant, Role
from union.kernel.ids import new_ref
from union.ledger.errors import OwnFloatError
from union.ledger.queries.floats import floats
from union.ledger.services import (
    NewSettlement,
    answer_settlement,
    approve_voucher,
    give_float,
    pay_voucher,
    set_float,
    take_back_float,
    tell_spent,
)
from union.members.services.pairs import merge_members

SET = "SELECT ledger_set_float(%s, %s, 'auto', %s, %s, '2026-10-16T00:00:00Z')"
VOUCHER = """INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,
               payee_person_id, amount_minor, source_kind, source_id, prepared_at, prepared_by,
               content_hash)
             VALUES (%s, 'crisis', '1110', %s, %s, %s, 'attack', %s, '2026-10-16T00:00:00Z', %s,
                     '')"""
ANSWER = """INSERT INTO float_answer (settlement_id, told_by, accepted, answered_by, answered_at)
            SELECT id, told_by, true, %s, '2026-10-16T00:00:00Z' FROM float_settlement"""


@pytest.fixture
def joined(own_books):
    """A responder with ₹700 for autos, whose other entry in the register is a treasurer's."""
    books = own_books
    with books.work() as work:
        make_receipt(work, 500_000, fund="crisis")
        branch = make_branch(work)
        kept, gone = (make_member(work, branch).person_id for _ in range(2))
    holder = Actor(kept, None, frozenset({Grant(Role.RESPONDER)}))
    with books.work(books.treasurer) as work:
        set_float(work, kept, "auto", 80_000)
        (view,) = floats(work, kept)
        voucher = give_float(work, view.account.ref, 70_000, "1110", "for tonight")
        approve_voucher(work, voucher.ref, voucher.content_hash)
    with books.work(books.signatory) as work:
        approve_voucher(work, voucher.ref, voucher.content_hash)
    with books.work(books.treasurer) as work:
        pay_voucher(work, voucher.ref)
    with books.work(holder) as work:
        told = tell_spent(work, view.account.ref, NewSettlement(50_000, work.clock.today(), "auto"))
    with books.work() as work:
        merge_members(work, kept, gone)
    signs = frozenset({Grant(Role.TREASURER), Grant(Role.SIGNATORY)})
    return books, view.account, told, Actor(gone, None, signs)


def test_her_other_entry_sets_no_limit_fills_nothing_and_takes_no_papers(joined):
    books, account, _told, other = joined
    with refused("ledger_m6_float_limit_by_another"), books.attack() as cursor:
        cursor.execute(SET, (new_ref(), account.holder_person_id, 90_000, other.person_id))
    for by in (other.person_id, None):
        values = (new_ref(), account.account_code, account.holder_person_id, 100, 71, by)
        with refused("ledger_m6_float_filled_by_another"), books.attack() as cursor:
            cursor.execute(VOUCHER, values)
    with refused("ledger_m6_float_taken_by_another"), books.attack() as cursor:
        cursor.execute(ANSWER, (other.person_id,))


def test_the_services_know_her_too(joined):
    books, account, told, other = joined
    for act in (
        lambda work: set_float(work, account.holder_person_id, "auto", 90_000),
        lambda work: give_float(work, account.ref, 100, "1110", "more"),
        lambda work: answer_settlement(work, told.ref, accepted=True),
        lambda work: take_back_float(work, account.ref, 100, "1110"),
    ):
        with pytest.raises(OwnFloatError), books.work(other) as work:
            act(work)
    with books.work(other) as work:
        (hers,) = floats(work, other.person_id)
    assert hers.account.ref == account.ref


def test_two_entries_are_one_float_and_one_bound(joined):
    books, account, _told, other = joined
    with books.work(books.treasurer) as work:
        assert set_float(work, other.person_id, "auto", 60_000) == account.account_code
        third = make_member(work, make_branch(work)).person_id
        code = set_float(work, third, "auto", 60_000)
        merge_members(work, account.holder_person_id, third)
    with refused("ledger_m6_float_limit"), books.attack() as cursor:
        cursor.execute(SET, (new_ref(), third, 50_000, books.treasurer.person_id))
    values = (new_ref(), code, third, 40_000, 72, books.treasurer.person_id)
    with refused("ledger_m6_float_limit"), books.attack() as cursor:
        cursor.execute(VOUCHER, values)


def test_nobody_tells_what_another_spent(joined):
    books, account, _told, _other = joined
    with refused("ledger_m6_float_told_by_its_holder"), books.attack() as cursor:
        cursor.execute(
            """INSERT INTO float_settlement (ref, account_code, amount_minor, spent_on, key_ref,
                 words, told_by, told_at)
               VALUES ('stranger', %s, 100, '2026-10-16', gen_random_uuid(), '', %s,
                       '2026-10-16T00:00:00Z')""",
            (account.account_code, books.treasurer.person_id),
        )
