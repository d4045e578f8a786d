"""Refunds, disputes, fees and payouts: what leaves again is owed again, borne, or cleared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.builders.cards import TEST, pay
from tests.builders.dues import balance
from union.checkout.errors import DisputedError, NothingToClearError, RefundTooLargeError
from union.checkout.models import CardDispute, CardLine, CardPayout, CardRefund
from union.checkout.queries.held import booked_at_provider
from union.checkout.services import (
    ask_refund,
    clear_fees,
    count_as_owed,
    reconcile,
    work_cards,
)
from union.dues.queries.accounts import account_of
from union.dues.services.refunds import GiveCreditBack, give_credit_back
from union.gateways.payments.stand_in.paying import (
    DISPUTE_FEE,
    arrive,
    decide_dispute,
    fail_refund,
    open_dispute,
    pay_out,
    refund,
)
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entry


@pytest.fixture
def paid(unit, company, payer) -> str:
    """₹100 paid and booked; the reference of its line."""
    pay(unit, company, payer, 10000)
    reconcile(unit, company.provider)
    return line_of(unit, "payment").ref


def line_of(unit, kind: str) -> CardLine:
    with unit.reading(TEST) as work:
        return work.session.scalars(select(CardLine).where(CardLine.kind == kind)).one()


def charge_of(company) -> str:
    with company.world() as world:
        return world.every("charge")[0]["id"]


def ahead(unit, person_id: int) -> int:
    with unit.reading(TEST) as work:
        return account_of(work.session, person_id).credit_minor


def agrees(unit, company) -> None:
    with unit.reading(TEST) as work:
        assert booked_at_provider(work.session) == company.held()


def test_a_refund_is_sent_once_and_booked_when_the_statement_has_it(unit, company, payer, paid):
    with unit.begin(TEST) as work:
        ask_refund(work, paid, 4000, "asked")
    company.stand_in.weather[:] = ["lost"]
    work_cards(unit, company.provider)
    unit.clock.advance(timedelta(seconds=31))
    work_cards(unit, company.provider)
    assert ahead(unit, payer) == 6000
    with company.world() as world:
        assert [one["amount"] for one in world.every("refund")] == [4000]
    with unit.reading(TEST) as work:
        assert work.session.scalars(select(CardRefund.state)).all() == ["done"]
        assert balance(work, "1195") == 0
    agrees(unit, company)


def test_no_more_is_given_back_than_was_paid(unit, company, paid):
    with unit.begin(TEST) as work:
        ask_refund(work, paid, 6000, "asked")
    with unit.begin(TEST) as work, pytest.raises(RefundTooLargeError):
        ask_refund(work, paid, 4001, "asked")


def test_money_that_went_back_another_way_does_not_go_back_to_the_card(unit, payer, paid):
    with unit.begin(TEST) as work:
        give_credit_back(work, GiveCreditBack(payer, 9000, AccountCode.CASH_AT_DESK))
    with unit.begin(TEST) as work, pytest.raises(RefundTooLargeError):
        ask_refund(work, paid, 1001, "asked")
    with unit.begin(TEST) as work:
        assert ask_refund(work, paid, 1000, "asked").amount_minor == 1000


def test_a_refund_made_at_the_company_itself_is_booked_too_and_may_come_back(
    unit, company, payer, paid
):
    with company.world() as world:
        made = refund(world, {"charge": charge_of(company)})
    reconcile(unit, company.provider)
    assert ahead(unit, payer) == 0
    with company.world() as world:
        fail_refund(world, made["id"])
    reconcile(unit, company.provider)
    assert ahead(unit, payer) == 10000
    agrees(unit, company)


@pytest.mark.parametrize(("won", "left"), [(True, 10000), (False, 0)])
def test_a_dispute_waits_until_it_is_decided(unit, company, payer, paid, won, left):
    with company.world() as world:
        made = open_dispute(world, charge_of(company))
    reconcile(unit, company.provider)
    assert ahead(unit, payer) == 10000
    with unit.reading(TEST) as work:
        assert balance(work, "1195") == 10000
        assert balance(work, "1190") == 300 + DISPUTE_FEE
    with company.world() as world:
        decide_dispute(world, made["id"], won=won)
    reconcile(unit, company.provider)
    assert ahead(unit, payer) == left
    with unit.reading(TEST) as work:
        assert balance(work, "1195") == 0
        dispute = work.session.scalars(select(CardDispute)).one()
        assert dispute.state == ("won" if won else "lost")
    agrees(unit, company)


def test_the_treasurer_need_not_wait_and_a_dispute_won_later_comes_again(
    unit, company, payer, paid
):
    with company.world() as world:
        made = open_dispute(world, charge_of(company))
    reconcile(unit, company.provider)
    with unit.begin(TEST) as work:
        count_as_owed(work, line_of(unit, "dispute").ref)
    assert ahead(unit, payer) == 0
    with company.world() as world:
        decide_dispute(world, made["id"], won=True)
    reconcile(unit, company.provider)
    assert ahead(unit, payer) == 10000
    agrees(unit, company)


def test_what_is_disputed_is_not_given_back_as_well(unit, company, paid):
    with company.world() as world:
        open_dispute(world, charge_of(company))
    reconcile(unit, company.provider)
    with unit.begin(TEST) as work, pytest.raises(DisputedError):
        ask_refund(work, paid, 100, "asked")


def test_a_dispute_that_was_won_stands_in_no_refunds_way(unit, company, paid):
    with company.world() as world:
        made = open_dispute(world, charge_of(company))
        decide_dispute(world, made["id"], won=True)
    reconcile(unit, company.provider)
    with unit.begin(TEST) as work:
        assert ask_refund(work, paid, 100, "asked").state == "asked"


def test_another_refusal_than_the_bound_is_not_called_too_large(unit, paid):
    with unit.begin(TEST) as work, pytest.raises(IntegrityError):
        ask_refund(work, paid, 100, "whim")


def test_fees_are_taken_as_spent_once(unit, company, paid):
    with unit.begin(TEST) as work:
        assert clear_fees(work) == 300
    with unit.begin(TEST) as work:
        assert (balance(work, "1190"), balance(work, "5220")) == (0, 300)
        with pytest.raises(NothingToClearError):
            clear_fees(work)


def test_a_payout_is_on_its_way_until_the_bank_shows_it(unit, company, paid):
    with company.world() as world:
        made = pay_out(world)
    reconcile(unit, company.provider)
    agrees(unit, company)
    with company.world() as world:
        arrive(world, made["id"])
    with unit.begin(TEST) as work:
        legs = (debit("1110", 9700), credit("1120", 9700))
        entry = NewEntry(EntryKind.TRANSFER, work.clock.today(), Source("statement_line", 1), legs)
        posted = post_entry(work, entry)
    reconcile(unit, company.provider)
    agrees(unit, company)
    with unit.reading(TEST) as work:
        payout = work.session.scalars(select(CardPayout)).one()
        assert (payout.state, payout.entry_id) == ("paid", posted.id)


def test_a_payout_that_comes_back_is_held_again(unit, company, paid):
    with company.world() as world:
        arrive(world, pay_out(world)["id"], well=False)
    reconcile(unit, company.provider)
    agrees(unit, company)
    assert company.held() == 9700
