"""A payment by card: told or not, once or twice, in any order, it is booked once to the paisa."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.cards import TEST, open_page, pay
from tests.builders.dues import balance
from union.checkout.errors import AmountTooSmallError, PageTooOldError
from union.checkout.models import CardCheckout, CardEvent, CardLine
from union.checkout.services import (
    ask_payment,
    keep_notice,
    lead_to_page,
    reconcile,
    reconcile_when_due,
    work_cards,
)
from union.dues.models import Payment
from union.dues.queries.accounts import account_of
from union.gateways.payments import PaymentsUnreachableError
from union.gateways.payments.stand_in.lasting import answer_slow, pay_page


def tell(unit, company, *, times: int = 1, shuffle: bool = False) -> int:
    """Hand over every notice, perhaps several times and in any order; how many were new."""
    notices = company.notices() * times
    if shuffle:
        random.Random(7).shuffle(notices)
    new = 0
    for body, signature in notices:
        with unit.begin(TEST) as work:
            new += keep_notice(work, "stripe", company.provider.read_notice(body, signature))
    return new


def state_of(unit, checkout) -> str:
    with unit.reading(TEST) as work:
        return work.session.get_one(CardCheckout, checkout.id).state


def test_a_payment_told_once_is_a_receipt_and_stands_gross_with_its_fee(unit, company, payer):
    checkout = pay(unit, company, payer, 10000)
    tell(unit, company)
    work_cards(unit, company.provider)
    with unit.reading(TEST) as work:
        payment = work.session.scalars(select(Payment)).one()
        assert (payment.person_id, payment.amount_minor, payment.method) == (payer, 10000, "card")
        assert account_of(work.session, payer).credit_minor == 10000
        assert balance(work, "1120") == company.held() == 9700
        assert balance(work, "1190") == 300
    assert state_of(unit, checkout) == "done"


def test_notices_doubled_and_shuffled_book_once(unit, company, payer):
    for _ in range(3):
        pay(unit, company, payer, 10000)
    tell(unit, company, times=3, shuffle=True)
    for _ in range(4):
        work_cards(unit, company.provider, limit=3)
    with unit.reading(TEST) as work:
        assert len(work.session.scalars(select(Payment)).all()) == 3
        assert balance(work, "1120") == company.held()
        events = work.session.scalars(select(CardEvent)).all()
        assert len({one.event_id for one in events}) == len(events)


def test_what_was_never_told_is_found_by_asking(unit, company, payer):
    checkout = pay(unit, company, payer, 10000)
    company.notices()
    assert reconcile(unit, company.provider) > 0
    assert state_of(unit, checkout) == "done"
    with unit.reading(TEST) as work:
        assert balance(work, "1120") == company.held()
    assert reconcile(unit, company.provider) == 0


def test_one_hour_is_asked_for_once(unit, company, payer, clock):
    assert reconcile_when_due(unit, company.provider)
    assert not reconcile_when_due(unit, company.provider)
    clock.advance(timedelta(hours=1))
    assert reconcile_when_due(unit, company.provider)


def test_a_reconciliation_that_fell_is_taken_up_again(unit, company, clock):
    company.stand_in.weather[:] = ["away"]
    assert reconcile_when_due(unit, company.provider)
    assert not reconcile_when_due(unit, company.provider)
    clock.advance(timedelta(seconds=61))
    assert reconcile_when_due(unit, company.provider)


def test_an_answer_that_was_lost_is_asked_for_again_and_takes_nothing_twice(unit, company, payer):
    with unit.begin(TEST) as work:
        checkout = ask_payment(work, "stripe", payer, 10000)
    company.stand_in.weather[:] = ["lost"]
    with pytest.raises(PaymentsUnreachableError):
        lead_to_page(unit, company.provider, checkout, "http://127.0.0.1/back")
    urls = {
        lead_to_page(unit, company.provider, checkout, "http://127.0.0.1/back") for _ in range(2)
    }
    assert len(urls) == 1
    with company.world() as world:
        assert len(world.every("checkout.session")) == 1


def test_a_page_asked_for_yesterday_is_not_opened_again(unit, company, payer, clock):
    checkout, _page = open_page(unit, company, payer)
    clock.advance(timedelta(hours=24))
    with pytest.raises(PageTooOldError):
        lead_to_page(unit, company.provider, checkout, "http://127.0.0.1/back")


def test_less_than_the_company_takes_is_refused_before_she_goes_there(unit, payer):
    with unit.begin(TEST) as work, pytest.raises(AmountTooSmallError):
        ask_payment(work, "stripe", payer, 99)


def test_a_declined_card_leaves_the_page_open_and_books_nothing(unit, company, payer):
    checkout, session_id = open_page(unit, company, payer)
    with company.world() as world:
        pay_page(world, session_id, "declined")
    tell(unit, company)
    work_cards(unit, company.provider)
    with unit.reading(TEST) as work:
        assert work.session.scalars(select(CardLine)).all() == []
    assert state_of(unit, checkout) == "open"


@pytest.mark.parametrize(("well", "ended"), [(True, "done"), (False, "failed")])
def test_a_slow_bank_is_waited_for(unit, company, payer, well, ended):
    checkout, session_id = open_page(unit, company, payer)
    with company.world() as world:
        pay_page(world, session_id, "slow")
    tell(unit, company)
    work_cards(unit, company.provider)
    assert state_of(unit, checkout) == "waiting"
    with company.world() as world:
        answer_slow(world, session_id, well=well)
    tell(unit, company)
    work_cards(unit, company.provider)
    assert state_of(unit, checkout) == ended
    with unit.reading(TEST) as work:
        assert len(work.session.scalars(select(Payment)).all()) == int(well)


def test_money_of_nobody_we_know_waits_to_be_placed(unit, company, payer):
    _checkout, session_id = open_page(unit, company, payer)
    with company.world() as world:
        world.state["cards"][session_id]["origin"] = {"r": "somebodyelse"}
        pay_page(world, session_id, "works")
    reconcile(unit, company.provider)
    with unit.reading(TEST) as work:
        assert balance(work, "2190") == -10000
        assert balance(work, "1120") == company.held()
        assert work.session.scalars(select(Payment)).all() == []


def test_a_company_that_is_away_is_asked_again_later(unit, company, payer, clock):
    pay(unit, company, payer)
    tell(unit, company)
    company.stand_in.weather[:] = ["away"] * 10
    work_cards(unit, company.provider)
    with unit.reading(TEST) as work:
        waiting = work.session.scalars(select(CardEvent).where(CardEvent.done_at.is_(None))).all()
        assert {one.error_code for one in waiting} == {"payments_unreachable"}
    company.stand_in.weather.clear()
    clock.advance(timedelta(seconds=5))
    work_cards(unit, company.provider)
    with unit.reading(TEST) as work:
        assert balance(work, "1120") == company.held() > 0
