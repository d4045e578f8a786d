from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.builders.cards import make_line
from tests.builders.dues import ask_laws, balance, make_payer, make_payment
from tests.builders.ledger import acting_as
from union.dues.errors import AlreadyReversedError, NoSuchCreditError, PartGivenBackError
from union.dues.invariants import INVARIANTS
from union.dues.models import Receipt
from union.dues.queries.accounts import account_of
from union.dues.queries.rounds import round_count
from union.dues.services import (
    GiveCreditBack,
    TakeBack,
    charge_month,
    collector_for_person,
    give_credit_back,
    keep_refund,
    take_back,
)
from union.dues.services.returns import ReturnOfPayment, give_back
from union.infra.people import new_people
from union.kernel.actor import Actor, Grant, Role
from union.kernel.periods import Month
from union.ledger.services import approve_voucher, pay_voucher, withdraw_voucher

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)


@pytest.fixture
def rani(work):
    member = make_payer(work, fee_minor=2000)
    for month in (SEPTEMBER, OCTOBER):
        charge_month(work, month)
    return member.person_id


def stands(work, person_id: int) -> tuple[int, int]:
    account = account_of(work.session, person_id)
    return account.owed_minor, account.credit_minor


def laws_hold(work) -> None:
    ask_laws(work)
    for name, query in INVARIANTS.items():
        assert work.session.execute(text(query)).all() == [], name


def test_a_payment_taken_back_opens_its_months_again(work, rani):
    payment = make_payment(work, rani, 3000)
    take_back(work, TakeBack(payment.id, "wrong_member", "it was Sita's"))
    assert stands(work, rani) == (4000, 0)
    assert balance(work, "1010") == 0
    laws_hold(work)
    with pytest.raises(AlreadyReversedError):
        take_back(work, TakeBack(payment.id, "twice"))


def test_what_it_left_as_credit_is_taken_too(work, rani):
    payment = make_payment(work, rani, 9000)
    take_back(work, TakeBack(payment.id, "wrong_amount"))
    assert stands(work, rani) == (4000, 0)
    laws_hold(work)


def test_credit_that_paid_a_month_meanwhile_comes_off_the_newest(work, rani, clock):
    payment = make_payment(work, rani, 7000)
    clock.move_to(datetime(2026, 11, 20, 6, tzinfo=UTC))
    charge_month(work, NOVEMBER)
    assert stands(work, rani) == (0, 1000)
    take_back(work, TakeBack(payment.id, "not_received"))
    assert stands(work, rani) == (6000, 0)
    laws_hold(work)


def test_credit_of_another_payment_goes_on_to_what_falls_open(work, rani):
    wrong = make_payment(work, rani, 4000)
    make_payment(work, rani, 3000)
    take_back(work, TakeBack(wrong.id, "twice"))
    assert stands(work, rani) == (1000, 0)
    laws_hold(work)


def test_a_receipt_taken_back_is_booked_anew_under_its_number_for_the_right_woman(work, rani):
    walker, sita = make_payer(work).person_id, make_payer(work).person_id
    book = {"collector_person_id": walker, "receipt_no": 7}
    wrong = make_payment(work, rani, 2000, **book)
    take_back(work, TakeBack(wrong.id, "wrong_member"))
    collector = collector_for_person(work, walker)
    assert round_count(work.session, collector.id).in_hand_minor == 0
    right = make_payment(work, sita, 2000, **book)
    assert right.id != wrong.id
    assert make_payment(work, sita, 2000, **book).id == right.id
    turns = work.session.query(Receipt.turn).filter_by(number=7).order_by(Receipt.turn)
    assert [turn for (turn,) in turns] == [0, 1]
    assert round_count(work.session, collector.id).in_hand_minor == 2000
    laws_hold(work)


def test_a_replayed_source_stays_taken_back(work, rani):
    payment = make_payment(work, rani, 2000, source="bank:abc", method="bank")
    take_back(work, TakeBack(payment.id, "sent_back"))
    again = make_payment(work, rani, 2000, source="bank:abc", method="bank")
    assert again.id == payment.id
    assert stands(work, rani) == (4000, 0)


def test_money_given_back_by_card_is_not_taken_back_once_more(work, rani):
    make_line(work, "payment", 4000, ref="x")
    payment = make_payment(work, rani, 4000, source="card:x", method="card")
    give_back(work, ReturnOfPayment(payment.id, 1000, work.clock.today(), "refund:1"))
    with pytest.raises(PartGivenBackError):
        take_back(work, TakeBack(payment.id, "sent_back"))


@pytest.fixture
def hands(work):
    """Two who may approve, and the treasurer who asks and pays."""
    people = [one.id for one in new_people(work, 3)]
    roles = (Role.TREASURER, Role.SIGNATORY, Role.TREASURER)
    return [
        Actor(person, None, frozenset({Grant(role)}))
        for person, role in zip(people, roles, strict=True)
    ]


def approved(work, hands, voucher) -> None:
    for hand in hands[:2]:
        with acting_as(work, hand):
            approve_voucher(work, voucher.ref, voucher.content_hash)


def test_credit_goes_back_by_a_voucher_of_two_hands(work, rani, hands):
    make_payment(work, rani, 9000, method="bank")
    with acting_as(work, hands[2]):
        voucher = give_credit_back(work, GiveCreditBack(rani, 3000))
    assert stands(work, rani) == (0, 2000)
    approved(work, hands, voucher)
    with acting_as(work, hands[2]):
        pay_voucher(work, voucher.ref)
    assert balance(work, "1110") == 6000
    assert balance(work, "2210") == 0
    laws_hold(work)


def test_a_voucher_let_go_puts_her_credit_back_once(work, rani, hands):
    make_payment(work, rani, 9000, method="bank")
    with acting_as(work, hands[2]):
        voucher = give_credit_back(work, GiveCreditBack(rani, 5000))
        withdraw_voucher(work, voucher.ref)
    for _ in range(2):
        keep_refund(work, {"voucher_id": voucher.id})
    assert stands(work, rani) == (0, 5000)
    assert balance(work, "2210") == 0
    laws_hold(work)


@pytest.mark.parametrize("amount", [0, -100, 5001])
def test_nobody_is_given_back_more_than_she_has_ahead(work, rani, amount):
    make_payment(work, rani, 9000)
    with pytest.raises(NoSuchCreditError):
        give_credit_back(work, GiveCreditBack(rani, amount))


def test_a_payment_whose_credit_went_back_is_not_taken_back(work, rani, hands):
    payment = make_payment(work, rani, 9000, method="bank")
    with acting_as(work, hands[2]):
        give_credit_back(work, GiveCreditBack(rani, 5000))
    with pytest.raises(PartGivenBackError):
        take_back(work, TakeBack(payment.id, "twice"))
