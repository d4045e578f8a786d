"""A standing payment rests: nothing is taken until it goes on, whoever lost whose answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.cards import TEST, pay
from tests.services.checkout.test_paying import tell
from union.checkout.errors import InstructionEndedError, InstructionFailingError
from union.checkout.models import CardInstruction
from union.checkout.services import ask_end, ask_rest, reconcile, work_cards
from union.dues.models import Payment
from union.gateways.payments.stand_in.lasting import end_subscription, pause, renew


@pytest.fixture
def begun(unit, company, payer) -> str:
    """₹100 every month, the first one paid; its reference."""
    pay(unit, company, payer, monthly=True)
    reconcile(unit, company.provider)
    return now(unit).ref


def now(unit) -> CardInstruction:
    with unit.reading(TEST) as work:
        return work.session.scalars(select(CardInstruction)).one()


def wish(unit, ref: str, *, rests: bool) -> None:
    with unit.begin(TEST) as work:
        ask_rest(work, ref, rests=rests)


def month_passes(unit, company, **how) -> int:
    """Renewed at the company, asked for by us; how many payments of hers are booked."""
    with company.world() as world:
        renew(world, world.every("subscription")[0]["id"], **how)
    reconcile(unit, company.provider)
    with unit.reading(TEST) as work:
        return len(work.session.scalars(select(Payment)).all())


def test_while_it_rests_nothing_is_taken_and_then_it_goes_on(unit, company, begun):
    wish(unit, begun, rests=True)
    wish(unit, begun, rests=True)
    work_cards(unit, company.provider)
    one = now(unit)
    assert (one.rests, one.rest_due_at, one.next_on, one.state) == (True, None, None, "active")
    assert month_passes(unit, company) == 1
    assert month_passes(unit, company) == 1
    wish(unit, begun, rests=False)
    work_cards(unit, company.provider)
    one = now(unit)
    assert (one.rests, one.rest_round) == (False, 2)
    assert one.next_on is not None
    assert month_passes(unit, company) == 2


@pytest.mark.parametrize("weather", ["away", "lost"])
def test_it_is_told_until_it_was_heard(unit, company, begun, weather):
    wish(unit, begun, rests=True)
    company.stand_in.weather[:] = [weather]
    work_cards(unit, company.provider)
    assert now(unit).rest_due_at is not None
    unit.clock.advance(timedelta(seconds=31))
    tell(unit, company)
    work_cards(unit, company.provider)
    assert (now(unit).rests, now(unit).rest_due_at) == (True, None)
    assert month_passes(unit, company) == 1


def test_a_wish_changed_before_the_first_was_heard_is_the_one_that_holds(unit, company, begun):
    wish(unit, begun, rests=True)
    company.stand_in.weather[:] = ["lost"]
    work_cards(unit, company.provider)
    wish(unit, begun, rests=False)
    tell(unit, company)
    work_cards(unit, company.provider)
    assert (now(unit).rests, now(unit).rest_wanted, now(unit).rest_due_at) == (False, False, None)
    assert month_passes(unit, company) == 2


def test_what_was_paused_at_the_company_itself_is_shown_so(unit, company, begun):
    with company.world() as world:
        pause(world, world.every("subscription")[0]["id"], {"behavior": "void"})
    reconcile(unit, company.provider)
    one = now(unit)
    assert (one.rests, one.rest_wanted, one.rest_asked_at) == (True, True, None)
    wish(unit, begun, rests=False)
    work_cards(unit, company.provider)
    assert now(unit).rests is False


def test_what_ends_while_it_rests_is_over(unit, company, begun):
    wish(unit, begun, rests=True)
    with company.world() as world:
        end_subscription(world, now(unit).provider_id, "cancellation_requested")
    work_cards(unit, company.provider)
    reconcile(unit, company.provider)
    assert (now(unit).state, now(unit).rest_due_at) == ("ended", None)
    with unit.begin(TEST) as work, pytest.raises(InstructionEndedError):
        ask_rest(work, begun, rests=False)


def test_one_that_is_ending_or_whose_card_fails_does_not_rest(unit, company, begun):
    month_passes(unit, company, paid=False)
    with unit.begin(TEST) as work, pytest.raises(InstructionFailingError):
        ask_rest(work, begun, rests=True)
    with unit.begin(TEST) as work:
        ask_end(work, begun, "by_her")
    with unit.begin(TEST) as work, pytest.raises(InstructionEndedError):
        ask_rest(work, begun, rests=True)
