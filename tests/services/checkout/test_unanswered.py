"""A refund nobody answered may have gone: it is asked for again, counted, and goes once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from stripe import AuthenticationError

from tests.builders.cards import TEST, pay
from tests.builders.dues import balance
from union.checkout.errors import RefundTooLargeError
from union.checkout.models import CardLine, CardRefund
from union.checkout.queries.held import booked_at_provider
from union.checkout.queries.office import refunds_of, unanswered
from union.checkout.services import ask_refund, reconcile, work_cards
from union.dues.services.refunds import GiveCreditBack, give_credit_back
from union.gateways.payments.stand_in.paying import fail_refund, refund
from union.ledger.rules import AccountCode

DAY = timedelta(hours=25)


@pytest.fixture
def paid(unit, company, payer) -> str:
    """₹100 paid and booked; the reference of its line."""
    pay(unit, company, payer, 10000)
    reconcile(unit, company.provider)
    with unit.reading(TEST) as work:
        return work.session.scalars(select(CardLine.ref).where(CardLine.kind == "payment")).one()


@pytest.fixture
def asked(unit, company, paid):
    """₹40 of it asked back while the company is in this weather; a day later it forgot its keys."""

    def ask(*weather: str, amount: int = 4000) -> str:
        with unit.begin(TEST) as work:
            ref = ask_refund(work, paid, amount, "asked").ref
        company.stand_in.weather[:] = weather
        work_cards(unit, company.provider)
        unit.clock.advance(DAY)
        forget(company)
        return ref

    return ask


def forget(company) -> None:
    """A day passes at the company: its keys are forgotten, and no notice of that time came."""
    company.notices()
    with company.world() as world:
        world.state["keys"].clear()


def state(unit, ref: str) -> str:
    with unit.reading(TEST) as work:
        return work.session.scalars(select(CardRefund.state).where(CardRefund.ref == ref)).one()


def sent(company) -> list[int]:
    with company.world() as world:
        return [one["amount"] for one in world.every("refund") if one["status"] == "succeeded"]


def agrees(unit, company) -> None:
    with unit.reading(TEST) as work:
        assert booked_at_provider(work.session) == company.held()
        assert balance(work, "1195") == 0


def test_it_went_the_answer_was_lost_and_a_day_passes(unit, company, asked):
    ref = asked("lost")
    assert state(unit, ref) == "asked"
    assert sent(company) == [4000]
    work_cards(unit, company.provider)
    assert state(unit, ref) == "done"
    assert sent(company) == [4000]
    agrees(unit, company)


def test_it_never_came_there_and_goes_once_a_day_later(unit, company, asked):
    ref = asked("away")
    assert sent(company) == []
    work_cards(unit, company.provider)
    assert (state(unit, ref), sent(company)) == ("done", [4000])
    reconcile(unit, company.provider)
    agrees(unit, company)


def test_while_nobody_answers_it_is_shown_so_and_stays_in_the_bound(unit, company, paid, asked):
    ref = asked("away")
    for _try in range(5):
        company.stand_in.weather[:] = ["away"]
        work_cards(unit, company.provider)
        unit.clock.advance(timedelta(days=1))
    assert state(unit, ref) == "asked"
    with unit.reading(TEST) as work:
        line = work.session.scalars(select(CardLine).where(CardLine.ref == paid)).one()
        assert [one for _refund, one in refunds_of(work, line)] == ["unanswered"]
        assert [one.line.ref for _refund, one in unanswered(work)] == [paid]
    with unit.begin(TEST) as work, pytest.raises(RefundTooLargeError):
        ask_refund(work, paid, 6001, "asked")
    company.stand_in.weather.clear()
    reconcile(unit, company.provider)
    assert (state(unit, ref), sent(company)) == ("done", [4000])


def test_the_same_sum_given_back_there_by_hand_is_the_answer(unit, company, asked):
    ref = asked("away")
    with company.world() as world:
        charge = world.every("charge")[0]["id"]
        refund(world, {"charge": charge, "amount": "4000"})
    company.notices()
    work_cards(unit, company.provider)
    assert (state(unit, ref), sent(company)) == ("done", [4000])


def test_another_sum_or_one_that_failed_there_is_no_answer(unit, company, asked):
    ref = asked("away", amount=3000)
    with company.world() as world:
        charge = world.every("charge")[0]["id"]
        refund(world, {"charge": charge, "amount": "2000"})
        fail_refund(world, refund(world, {"charge": charge, "amount": "3000"})["id"])
    company.notices()
    work_cards(unit, company.provider)
    assert (state(unit, ref), sent(company)) == ("done", [3000, 2000])


def test_a_no_after_the_key_is_forgotten_is_no_failure_if_it_went(unit, company, paid):
    """All of it went; asked again under a forgotten key the company says no: nothing is left."""
    with unit.begin(TEST) as work:
        ref = ask_refund(work, paid, 10000, "asked").ref
    company.stand_in.weather[:] = ["lost"]
    work_cards(unit, company.provider)
    forget(company)
    unit.clock.advance(timedelta(minutes=1))
    work_cards(unit, company.provider)
    assert (state(unit, ref), sent(company)) == ("done", [10000])


def test_the_companys_own_no_ends_it(unit, company, paid):
    with company.world() as world:
        refund(world, {"charge": world.every("charge")[0]["id"]})
    with unit.begin(TEST) as work:
        ref = ask_refund(work, paid, 4000, "asked").ref
    unit.clock.advance(timedelta(seconds=1))
    work_cards(unit, company.provider)
    assert state(unit, ref) == "failed"
    assert sent(company) == [10000]


def test_what_went_back_another_way_meanwhile_is_not_sent_a_day_later(unit, company, payer, asked):
    ref = asked("away")
    with unit.begin(TEST) as work:
        give_credit_back(work, GiveCreditBack(payer, 9000, AccountCode.CASH_AT_DESK))
    work_cards(unit, company.provider)
    assert (state(unit, ref), sent(company)) == ("failed", [])


def test_a_key_of_ours_that_no_longer_fits_is_no_word_about_the_money(
    unit, company, paid, monkeypatch
):
    def refused(*_args, **_words):
        raise AuthenticationError("key")

    with unit.begin(TEST) as work:
        ref = ask_refund(work, paid, 4000, "asked").ref
    monkeypatch.setattr(company.provider.client.v1.refunds, "create", refused)
    work_cards(unit, company.provider)
    assert state(unit, ref) == "asked"
