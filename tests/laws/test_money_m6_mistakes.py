"""M6: a payment is taken back by two people or by the bank's line; bills are paid where owed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.dues import make_payer, make_payment
from tests.laws.money import forbidden, post, refused, voucher
from union.bank.queries.hands import vouchers_of_sum
from union.dues.services.refunds import GiveCreditBack, give_credit_back, keep_refund
from union.kernel.actor import Actor, Grant, Role
from union.ledger.errors import (
    AnsweredAlreadyError,
    BillNotOwedError,
    OtherHandNeededError,
    VoucherSettledError,
)
from union.ledger.models import JournalEntry, Voucher
from union.ledger.queries import live_vouchers, voucher_view
from union.ledger.queries.hands import payment_that_stands
from union.ledger.services import (
    answer_mistake,
    approve_voucher,
    pay_voucher,
    say_mistake,
    withdraw_voucher,
)

LEGS = (("5010", "welfare", 50000), ("1110", "welfare", -50000))
BACK = (("5010", "welfare", -50000), ("1110", "welfare", 50000))
NOW = "2026-10-16T00:00:00Z"
SAY = f"""INSERT INTO payment_mistake (ref, entry_id, key_ref, words, said_by, said_at, answered_by,
            answered_at, agreed)
          VALUES (substr(md5(random()::text), 1, 12), %s, gen_random_uuid(), '', %s, '{NOW}',
                  %s, %s, %s)"""
ANSWER = f"""UPDATE payment_mistake SET answered_by = %s, answered_at = '{NOW}', agreed = true
              WHERE entry_id = %s"""


@pytest.fixture
def paid(books) -> tuple[Voucher, JournalEntry]:
    with books.work() as work:
        made = work.session.get_one(Voucher, voucher(work, books, books.treasurer, books.signatory))
    with books.work(books.treasurer) as work:
        return made, pay_voucher(work, made.ref)


def take_back(cursor, entry: JournalEntry) -> int:
    return post(
        cursor,
        "reversal",
        *BACK,
        source_kind="journal_entry",
        source_id=entry.id,
        reverses=entry.id,
    )


def mistaken(books, made: Voucher) -> None:
    with books.work(books.treasurer) as work:
        said = say_mistake(work, made.ref, "it was another bill")
    with books.work(books.signatory) as work:
        answer_mistake(work, said.ref, agreed=True)


def test_a_payment_is_not_taken_back_by_one(books, paid):
    _made, entry = paid
    treasurer = books.treasurer.person_id
    with refused("ledger_m6_mistake_seen_by_two"), books.attack() as cursor:
        take_back(cursor, entry)
    with refused("ledger_m6_mistake_of_a_payment"), books.attack() as cursor:
        cursor.execute(SAY, [entry.id, treasurer, books.signatory.person_id, NOW, True])
    with books.attack() as cursor:
        cursor.execute(SAY, [entry.id, treasurer, None, None, None])
    with refused("ledger_m6_mistake_seen_by_two"), books.attack() as cursor:
        take_back(cursor, entry)
    with refused("payment_mistake_two_people_check"), books.attack() as cursor:
        cursor.execute(ANSWER, [treasurer, entry.id])
    with refused("ledger_m6_mistake_seen_by_two"), books.attack() as cursor:
        cursor.execute(ANSWER, [books.payee, entry.id])
    with refused("ledger_m6_mistake_is_taken_back"), books.attack() as cursor:
        cursor.execute(ANSWER, [books.signatory.person_id, entry.id])
    with forbidden(), books.attack() as cursor:
        cursor.execute("UPDATE payment_mistake SET entry_id = 1")


def test_money_that_a_reversal_brought_back_is_not_sent_out_by_reversing_that(books, paid):
    made, entry = paid
    mistaken(books, made)
    with books.attack() as cursor:
        cursor.execute("SELECT id FROM journal_entry WHERE reverses_id = %s", [entry.id])
        (back,) = cursor.fetchone()
    with refused("ledger_m6_reverses_an_original"), books.attack() as cursor:
        fields = {"source_kind": "journal_entry", "source_id": back, "reverses": back}
        post(cursor, "reversal", *LEGS, **fields)


def test_whoever_is_paid_neither_says_nor_confirms_it(books, paid):
    made, entry = paid
    with refused("ledger_m6_mistake_seen_by_two"), books.attack() as cursor:
        cursor.execute(SAY, [entry.id, books.payee, None, None, None])
    payee = Actor(books.payee, None, frozenset({Grant(Role.SIGNATORY)}))
    with pytest.raises(OtherHandNeededError), books.work(payee) as work:
        say_mistake(work, made.ref, "words")


def test_two_take_it_back_and_it_is_paid_again_once(books, paid):
    made, entry = paid
    with books.work(books.treasurer) as work:
        said = say_mistake(work, made.ref, "it was another bill")
        assert say_mistake(work, made.ref, "again").id == said.id
        assert not voucher_view(work, made.ref).may_answer_mistake
    with pytest.raises(OtherHandNeededError), books.work(books.treasurer) as work:
        answer_mistake(work, said.ref, agreed=True)
    with books.work(books.signatory) as work:
        assert made.id in {one.voucher.id for one in live_vouchers(work) if one.waits_for_her}
        answer_mistake(work, said.ref, agreed=True)
        answer_mistake(work, said.ref, agreed=True)
    with pytest.raises(AnsweredAlreadyError), books.work(books.signatory) as work:
        answer_mistake(work, said.ref, agreed=False)
    with books.work(books.treasurer) as work:
        view = voucher_view(work, made.ref)
        assert (view.state, view.payment, view.may_pay) == ("approved", None, True)
        assert made.id in {one.id for one in vouchers_of_sum(work.session, made.amount_minor)}
        again = pay_voucher(work, made.ref)
        assert pay_voucher(work, made.ref).id == again.id
        assert again.id != entry.id
    for kind, source in (("voucher", made.id), ("voucher_again", again.source_id)):
        with refused("journal_entry_source_key"), books.attack() as cursor:
            post(cursor, "payment", *LEGS, source_kind=kind, source_id=source, voucher=made.id)
    mistaken(books, made)
    with books.work(books.signatory) as work:
        withdraw_voucher(work, made.ref)
    with books.work() as work:
        assert payment_that_stands(work.session, made.id) is None


def test_a_mistake_that_was_none_leaves_the_payment(books, paid):
    made, entry = paid
    with books.work(books.treasurer) as work:
        said = say_mistake(work, made.ref, "perhaps")
    with books.work(books.signatory) as work:
        answer_mistake(work, said.ref, agreed=False)
    with books.work(books.treasurer) as work:
        assert voucher_view(work, made.ref).state == "paid"
        assert pay_voucher(work, made.ref).id == entry.id
    with pytest.raises(VoucherSettledError), books.work(books.signatory) as work:
        withdraw_voucher(work, made.ref)


def bill(books, fund: str) -> Voucher:
    with books.attack() as cursor:
        cursor.execute(
            """INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,
                 payee_person_id, amount_minor, source_kind, source_id, prepared_at, content_hash)
               VALUES (substr(md5(random()::text), 1, 12), %s, '1110', '2210', %s, 2000, 'x',
                       (random() * 1e9)::int, '2026-10-16', '') RETURNING id""",
            [fund, books.payee],
        )
        number = cursor.fetchone()[0]
    with books.work() as work:
        made = work.session.get_one(Voucher, number)
    for actor in (books.treasurer, books.signatory):
        with books.work(actor) as work:
            approve_voucher(work, made.ref, made.content_hash)
    return made


def settle(cursor, made: Voucher) -> None:
    post(
        cursor,
        "payment",
        ("2210", made.fund_code, 2000),
        ("1110", made.fund_code, -2000),
        source_kind="voucher",
        source_id=made.id,
        voucher=made.id,
    )


@pytest.mark.parametrize("fund", ["welfare", "general"])
def test_no_fund_pays_a_bill_it_does_not_owe(books, fund):
    made = bill(books, fund)
    with refused("ledger_m6_bill_of_its_fund"), books.attack() as cursor:
        settle(cursor, made)
    with pytest.raises(BillNotOwedError), books.work(books.treasurer) as work:
        pay_voucher(work, made.ref)


@pytest.mark.parametrize("income", ["4010", "4110", "4190"])
def test_restricted_money_is_not_turned_into_a_bill(books, income):
    made = bill(books, "welfare")
    with refused("ledger_m6_bill_of_its_fund"), books.attack() as cursor:
        settle(cursor, made)
        post(cursor, "adjustment", (income, "welfare", 2000), ("2210", "welfare", -2000))


def test_a_bill_of_its_purpose_is_owed_and_paid(books):
    made = bill(books, "welfare")
    with books.attack() as cursor:
        post(cursor, "adjustment", ("5010", "welfare", 2000), ("2210", "welfare", -2000))
        settle(cursor, made)


def test_credit_comes_back_only_when_no_voucher_would_pay_it(own_books):
    books = own_books
    with books.work() as work:
        her = make_payer(work).person_id
        make_payment(work, her, 40000)
    with books.work(books.treasurer) as work:
        made = give_credit_back(work, GiveCreditBack(her, 40000))
    back = """INSERT INTO credit_movement (person_id, amount_minor, kind, fund_code, made_at,
                                           refund_id)
              SELECT person_id, 40000, 'refund_back', 'general', '2026-10-16', id
                FROM dues_refund"""
    with refused("dues_m6_refund_paid_or_back"), books.attack() as cursor:
        cursor.execute(back)
        post(cursor, "adjustment", ("2210", "general", 40000), ("2110", "general", -40000))
    with books.work(books.signatory) as work:
        withdraw_voucher(work, made.ref)
    with books.work() as work:
        keep_refund(work, {"voucher_id": made.id})
    with books.attack() as cursor:
        cursor.execute(
            """INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,
                 payee_person_id, amount_minor, source_kind, source_id, prepared_at, content_hash)
               SELECT 'secondone001', fund_code, '1110', '2210', payee_person_id, amount_minor,
                      source_kind, source_id, prepared_at, '' FROM voucher WHERE id = %s""",
            [made.id],
        )
    with books.work() as work:
        other = work.session.scalars(select(Voucher).where(Voucher.ref == "secondone001")).one()
    for actor in (books.treasurer, books.signatory):
        with books.work(actor) as work:
            approve_voucher(work, other.ref, other.content_hash)
    with refused("dues_m6_refund_paid_or_back"), books.attack() as cursor:
        post(cursor, "adjustment", ("4110", "general", 40000), ("2210", "general", -40000))
        post(
            cursor,
            "payment",
            ("2210", "general", 40000),
            ("1110", "general", -40000),
            source_kind="voucher",
            source_id=other.id,
            voucher=other.id,
        )
