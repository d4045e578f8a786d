"""A standing instruction: begun, renewed, failing, ended by her, by its card, or by her going."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests.builders.cards import TEST, make_company, open_page, pay
from tests.services.checkout.test_paying import tell
from union.checkout.errors import InstructionEndedError, InstructionStandsError
from union.checkout.models import CardInstruction, CardLine
from union.checkout.services import ask_end, ask_instruction, reconcile, work_cards
from union.dues.models import Payment
from union.gateways.payments.stand_in.lasting import (
    expire_page,
    pass_time,
    pay_page,
    renew,
    try_again,
)
from union.members.models import Member
from union.messages.models import Message


def instruction(unit) -> CardInstruction:
    with unit.reading(TEST) as work:
        return work.session.scalars(
            select(CardInstruction).order_by(CardInstruction.id.desc())
        ).first()


def subscription(company) -> str:
    with company.world() as world:
        return world.every("subscription")[0]["id"]


def payments(unit) -> int:
    with unit.reading(TEST) as work:
        return len(work.session.scalars(select(Payment)).all())


def messages(unit) -> list[str]:
    with unit.reading(TEST) as work:
        return list(work.session.scalars(select(Message.template)))


@pytest.fixture
def begun(unit, company, payer):
    """₹100 every month, the first one paid and booked."""
    pay(unit, company, payer, monthly=True)
    tell(unit, company, shuffle=True)
    work_cards(unit, company.provider)
    return instruction(unit)


def test_it_begins_with_its_first_payment(unit, begun, payer):
    assert (begun.state, begun.person_id) == ("active", payer)
    assert begun.next_on == datetime(2026, 11, 16, tzinfo=UTC).date()
    assert payments(unit) == 1


def test_a_month_later_it_pays_again_though_nobody_was_told(unit, company, begun, clock):
    clock.move_to(datetime(2026, 11, 15, 18, 31, tzinfo=UTC))
    with company.world() as world:
        pass_time(world)
    company.notices()
    reconcile(unit, company.provider)
    assert payments(unit) == 2
    with unit.reading(TEST) as work:
        lines = work.session.scalars(select(CardLine).where(CardLine.kind == "payment")).all()
        assert {one.instruction_id for one in lines} == {begun.id}


def test_the_end_of_a_month_is_the_end_of_a_shorter_one(unit, payer, clock):
    clock.move_to(datetime(2027, 1, 31, 6, 0, tzinfo=UTC))
    company = make_company(clock)
    pay(unit, company, payer, monthly=True)
    reconcile(unit, company.provider)
    days = []
    for _month in range(3):
        days.append(instruction(unit).next_on.isoformat())
        with company.world() as world:
            renew(world, subscription(company))
        reconcile(unit, company.provider)
    assert days == ["2027-02-28", "2027-03-31", "2027-04-30"]


def test_a_card_that_fails_is_said_once_in_harmless_words_and_ends_in_sight(unit, company, begun):
    with company.world() as world:
        renew(world, subscription(company), paid=False)
    tell(unit, company, times=2, shuffle=True)
    work_cards(unit, company.provider)
    assert (instruction(unit).state, instruction(unit).failures) == ("failing", 1)
    assert messages(unit) == ["reminder"]
    for _try in range(3):
        with company.world() as world:
            try_again(world, subscription(company), paid=False)
        reconcile(unit, company.provider)
    assert (instruction(unit).state, instruction(unit).ended_why) == ("ended", "card_failed")
    assert messages(unit) == ["reminder", "reminder"]
    assert payments(unit) == 1


def test_a_card_that_works_again_is_as_if_nothing_had_been(unit, company, begun):
    with company.world() as world:
        renew(world, subscription(company), paid=False)
    reconcile(unit, company.provider)
    with company.world() as world:
        try_again(world, subscription(company), paid=True)
    reconcile(unit, company.provider)
    assert (instruction(unit).state, instruction(unit).failures) == ("active", 0)
    assert payments(unit) == 2


def test_she_ends_it_at_once_and_no_later_word_brings_it_back(unit, company, begun):
    stale = company.provider.look("instruction", begun.provider_id)
    assert stale.state == "active"
    with unit.begin(TEST) as work:
        ask_end(work, begun.ref, "by_her")
    company.stand_in.weather[:] = ["away"]
    work_cards(unit, company.provider)
    assert instruction(unit).state == "active"
    unit.clock.advance(timedelta(seconds=31))
    work_cards(unit, company.provider)
    assert (instruction(unit).state, instruction(unit).ended_why) == ("ended", "by_her")
    with company.world() as world:
        assert world.get(begun.provider_id)["status"] == "canceled"
    tell(unit, company, times=2, shuffle=True)
    work_cards(unit, company.provider)
    assert instruction(unit).state == "ended"
    with unit.begin(TEST) as work, pytest.raises(InstructionEndedError):
        ask_end(work, begun.ref, "by_her")


def test_two_of_them_are_not_begun(unit, company, begun, payer):
    with unit.begin(TEST) as work, pytest.raises(InstructionStandsError):
        ask_instruction(work, "stripe", payer, 10000)


def test_one_ended_on_its_page_ends_when_it_begins_or_when_the_page_is_over(unit, company, payer):
    _checkout, session_id = open_page(unit, company, payer, monthly=True)
    with unit.begin(TEST) as work:
        ask_end(work, instruction(unit).ref, "by_her")
    work_cards(unit, company.provider)
    assert instruction(unit).state == "asked"
    with company.world() as world:
        pay_page(world, session_id, "works")
    tell(unit, company)
    work_cards(unit, company.provider)
    work_cards(unit, company.provider)
    assert instruction(unit).state == "ended"
    _checkout, session_id = open_page(unit, company, payer, monthly=True)
    with company.world() as world:
        expire_page(world, session_id)
    reconcile(unit, company.provider)
    assert instruction(unit).ended_why == "not_begun"


def test_nothing_is_taken_from_somebody_who_has_died(unit, company, begun, payer):
    with unit.begin(TEST) as work:
        work.session.execute(
            update(Member)
            .where(Member.person_id == payer)
            .values(status="died", status_on=work.clock.today())
        )
    reconcile(unit, company.provider)
    assert (instruction(unit).state, instruction(unit).ended_why) == ("ended", "gone")
