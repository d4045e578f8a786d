"""M6: what the bank has in a file is not withdrawn, not paid by hand, nor called off by one."""

from __future__ import annotations

import threading

import psycopg
import pytest
from sqlalchemy import select

from tests.builders.bank import make_statement
from tests.laws.money import forbidden, post, refused, voucher
from union.bank.errors import ItemSettledError, SameHandError
from union.bank.models import BankBatch, BankBatchItem
from union.bank.queries.out import batch_view
from union.bank.services import (
    NewPayee,
    answer_refusal,
    confirm_payee,
    make_batch,
    mark_sent,
    say_refused,
    set_payee,
    take_out_item,
)
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.ledger.errors import AnsweredAlreadyError, VoucherOnItsWayError
from union.ledger.models import JournalEntry, Voucher
from union.ledger.services import pay_voucher, withdraw_voucher

LEGS = (("5010", "welfare", 50000), ("1110", "welfare", -50000))
NOW = "2026-10-16T00:00:00Z"
WITHDRAW = f"UPDATE voucher SET withdrawn_at = '{NOW}' WHERE id = %s"
SEND = f"UPDATE bank_batch SET sent_at = '{NOW}' WHERE id = %s"
END = f"UPDATE bank_batch_item SET ended_at = '{NOW}', ended_how = %s WHERE id = %s"
SAY = f"""INSERT INTO bank_item_refusal (ref, item_id, said_by, said_at, answered_by, answered_at,
            agreed) VALUES (substr(md5(random()::text), 1, 12), %s, %s, '{NOW}', %s, %s, %s)"""
ANSWER = f"""UPDATE bank_item_refusal SET answered_by = %s, answered_at = '{NOW}', agreed = true
              WHERE item_id = %s"""


@pytest.fixture
def third(books) -> Actor:
    """Another signatory."""
    with books.work() as work:
        return Actor(new_person(work).id, None, frozenset({Grant(Role.SIGNATORY)}))


def in_a_file(books) -> tuple[int, int, int]:
    """A voucher in a file that did not go yet: the ids of voucher, item and file."""
    with books.work(books.treasurer) as work:
        details = set_payee(
            work, NewPayee(books.payee, name="Rani", number="501000000412", ifsc="HDFC0000412")
        )
    with books.work(books.signatory) as work:
        confirm_payee(work, details.ref)
    with books.work() as work:
        number = voucher(work, books, books.treasurer, books.signatory)
        ref = work.session.get_one(Voucher, number).ref
    with books.work(books.treasurer) as work:
        batch = make_batch(work, [ref])
        item = work.session.scalars(
            select(BankBatchItem).where(BankBatchItem.voucher_id == number)
        ).one()
        return number, item.id, batch.id


def at_the_bank(books) -> tuple[int, int, int]:
    """The same at the bank."""
    made = in_a_file(books)
    with books.work(books.treasurer) as work:
        mark_sent(work, work.session.get_one(BankBatch, made[2]).ref)
    return made


@pytest.fixture
def made(books) -> tuple[int, int, int]:
    return in_a_file(books)


@pytest.fixture
def gone(books) -> tuple[int, int, int]:
    return at_the_bank(books)


def pay(cursor, number):
    return post(cursor, "payment", *LEGS, source_kind="voucher", source_id=number, voucher=number)


def ref_of(books, number) -> str:
    with books.work() as work:
        return work.session.get_one(Voucher, number).ref


def item_of(books, number) -> str:
    with books.work() as work:
        return work.session.get_one(BankBatchItem, number).ref


def test_it_is_neither_withdrawn_nor_paid_by_hand(books, gone):
    number, _item, _batch = gone
    with refused("ledger_m6_voucher_is_on_its_way"), books.attack() as cursor:
        cursor.execute(WITHDRAW, [number])
    with refused("ledger_m6_voucher_is_on_its_way"), books.attack() as cursor:
        pay(cursor, number)
    ref = ref_of(books, number)
    for act in (withdraw_voucher, pay_voucher):
        with pytest.raises(VoucherOnItsWayError), books.work(books.treasurer) as work:
            act(work, ref)


def test_it_is_not_ended_by_a_word_alone(books, gone):
    _number, item, _batch = gone
    for how, law in (
        ("failed", "bank_m6_refusal_seen_by_two"),
        ("taken_out", "bank_m6_gone_is_not_taken_out"),
        ("returned", "bank_m6_returned_by_its_line"),
    ):
        with refused(law), books.attack() as cursor:
            cursor.execute(END, [how, item])


def test_one_person_is_not_two_and_the_payee_is_none(books, gone):
    _number, item, _batch = gone
    treasurer, payee = books.treasurer.person_id, books.payee
    with refused("bank_m6_refusal_of_what_is_on_its_way"), books.attack() as cursor:
        cursor.execute(SAY, [item, treasurer, books.signatory.person_id, NOW, True])
    with refused("bank_m6_refusal_seen_by_two"), books.attack() as cursor:
        cursor.execute(SAY, [item, payee, None, None, None])
    with books.attack() as cursor:
        cursor.execute(SAY, [item, treasurer, None, None, None])
    with refused("bank_item_refusal_two_people_check"), books.attack() as cursor:
        cursor.execute(ANSWER, [treasurer, item])
    with refused("bank_m6_refusal_seen_by_two"), books.attack() as cursor:
        cursor.execute(ANSWER, [payee, item])
    with refused("bank_m6_refusal_seen_by_two"), books.attack() as cursor:
        cursor.execute(END, ["failed", item])
    with forbidden(), books.attack() as cursor:
        cursor.execute("UPDATE bank_item_refusal SET said_by = %s", [payee])
    with forbidden(), books.attack() as cursor:
        cursor.execute("DELETE FROM bank_item_refusal")


def test_two_people_end_it_and_only_then_it_is_paid_or_withdrawn(books, gone, third):
    number, item, batch = gone
    ref = item_of(books, item)
    with books.work(books.treasurer) as work:
        said = say_refused(work, ref)
        assert say_refused(work, ref).id == said.id
    payee = Actor(books.payee, None, third.grants)
    for actor in (books.treasurer, payee):
        with pytest.raises(SameHandError), books.work(actor) as work:
            answer_refusal(work, said.ref, agreed=True)
    with pytest.raises(VoucherOnItsWayError), books.work(books.signatory) as work:
        withdraw_voucher(work, ref_of(books, number))
    with books.work(third) as work:
        answer_refusal(work, said.ref, agreed=True)
        answer_refusal(work, said.ref, agreed=True)
    with pytest.raises(AnsweredAlreadyError), books.work(books.signatory) as work:
        answer_refusal(work, said.ref, agreed=False)
    with books.work(books.signatory) as work:
        file = work.session.get_one(BankBatch, batch).ref
        assert [one.state for one in batch_view(work.session, file).items] == ["failed"]
        withdraw_voucher(work, ref_of(books, number))


def test_a_refusal_that_was_none_leaves_it_on_its_way(books, gone):
    number, item, _batch = gone
    with books.work(books.treasurer) as work:
        said = say_refused(work, item_of(books, item))
    with books.work(books.signatory) as work:
        answer_refusal(work, said.ref, agreed=False)
    with pytest.raises(VoucherOnItsWayError), books.work(books.signatory) as work:
        withdraw_voucher(work, ref_of(books, number))
    with books.work(books.treasurer) as work:
        assert say_refused(work, item_of(books, item)).id != said.id


def test_the_banks_line_pays_it_whatever_was_said(own_books):
    books = own_books
    number, item, _batch = at_the_bank(books)
    with books.work(books.treasurer) as work:
        said = say_refused(work, item_of(books, item))
        code = work.session.get_one(BankBatchItem, item).code
        make_statement(work, ("08/10/2026", f"NEFT DR-{code}", -50000), opening_minor=10**6)
    with pytest.raises(ItemSettledError), books.work(books.signatory) as work:
        answer_refusal(work, said.ref, agreed=True)
    with books.work() as work:
        assert work.session.scalars(
            select(JournalEntry.kind).where(JournalEntry.voucher_id == number)
        ).all() == ["payment"]


@pytest.mark.parametrize("act", ["withdraw", "pay"])
def test_before_it_goes_both_are_free_and_take_it_out_of_the_file(books, made, act):
    number, item, batch = made
    with books.attack() as cursor:
        if act == "pay":
            pay(cursor, number)
        else:
            cursor.execute(WITHDRAW, [number])
    with books.work(books.treasurer) as work:
        assert work.session.get_one(BankBatchItem, item).ended_how == "taken_out"
        ref = work.session.get_one(BankBatch, batch).ref
        mark_sent(work, ref)
        assert not any(one.may_go for one in batch_view(work.session, ref).items)


@pytest.mark.parametrize("act", ["withdraw", "pay", "take_out"])
def test_a_file_that_goes_at_the_same_moment_is_waited_for(books, made, act):
    number, item, batch = made
    outcome = []

    def other() -> None:
        try:
            with books.attack() as cursor:
                if act == "pay":
                    pay(cursor, number)
                elif act == "withdraw":
                    cursor.execute(WITHDRAW, [number])
                else:
                    cursor.execute(END, ["taken_out", item])
            outcome.append("done")
        except psycopg.Error as error:
            outcome.append(error.diag.constraint_name)

    with books.attack() as cursor:
        cursor.execute(SEND, [batch])
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.5)
        assert outcome == []
    thread.join(120)
    laws = {
        "take_out": "bank_m6_gone_is_not_taken_out",
        "pay": "ledger_m6_voucher_is_on_its_way",
        "withdraw": "ledger_m6_voucher_is_on_its_way",
    }
    assert outcome == [laws[act]]


def test_what_is_withdrawn_as_the_file_goes_is_in_no_file(books, made):
    number, item, batch = made
    sent = threading.Event()

    def go() -> None:
        with books.attack() as cursor:
            cursor.execute(SEND, [batch])
        sent.set()

    with books.attack() as cursor:
        cursor.execute(WITHDRAW, [number])
        thread = threading.Thread(target=go)
        thread.start()
        assert not sent.wait(0.5)
    thread.join(120)
    with books.work() as work:
        assert work.session.get_one(BankBatchItem, item).ended_how == "taken_out"


def test_taking_it_out_is_for_files_that_did_not_go(books, made):
    with books.work(books.treasurer) as work:
        take_out_item(work, work.session.get_one(BankBatchItem, made[1]).ref)
    with books.attack() as cursor:
        cursor.execute(WITHDRAW, [made[0]])
