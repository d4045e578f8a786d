"""Money of nobody we know: what goes back of it is no loss, and it is hers once placed."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from tests.builders.cards import TEST, open_page, pay
from tests.builders.dues import ask_laws, balance, make_payer
from union.checkout.errors import DisputeOpenError, LineClearedError
from union.checkout.invariants import INVARIANTS
from union.checkout.models import CardLine
from union.checkout.queries.held import booked_at_provider
from union.checkout.queries.office import waiting
from union.checkout.services import ask_refund, bear, place, reconcile, work_cards
from union.dues.queries.accounts import account_of
from union.dues.services.refunds import GiveCreditBack, give_credit_back
from union.gateways.payments.stand_in.lasting import pay_page
from union.gateways.payments.stand_in.paying import (
    decide_dispute,
    fail_refund,
    open_dispute,
    refund,
)
from union.ledger.rules import AccountCode


@pytest.fixture
def strange(unit, company, payer) -> str:
    """₹100 that nobody we know has paid; the company's charge."""
    _checkout, session_id = open_page(unit, company, payer)
    with company.world() as world:
        world.state["cards"][session_id]["origin"] = {}
        pay_page(world, session_id, "works")
        charge = world.every("charge")[0]["id"]
    reconcile(unit, company.provider)
    return charge


def line_of(work, kind: str) -> CardLine:
    return work.session.scalars(select(CardLine).where(CardLine.kind == kind)).one()


def stands(unit, company, **accounts: int) -> None:
    """The books agree with the company, with every law, and with these balances."""
    with unit.begin(TEST) as work:
        ask_laws(work)
        for query in INVARIANTS.values():
            assert work.session.execute(text(query)).all() == []
        assert booked_at_provider(work.session) == company.held()
        found = {name: balance(work, name.removeprefix("a")) for name in accounts}
        assert found == accounts


def test_what_goes_back_of_it_was_never_ours_and_is_no_loss(unit, company, strange):
    with company.world() as world:
        refund(world, {"charge": strange, "amount": "3000"})
    reconcile(unit, company.provider)
    stands(unit, company, a2190=-7000, a1195=0, a5220=0)
    with unit.begin(TEST) as work, pytest.raises(LineClearedError):
        bear(work, line_of(work, "refund").ref)


def test_all_of_it_sent_back_by_us_leaves_nothing_to_look_at(unit, company, strange):
    with unit.begin(TEST) as work:
        ask_refund(work, line_of(work, "payment").ref, 10000, "mistake")
    work_cards(unit, company.provider)
    stands(unit, company, a2190=0, a1195=0)
    with unit.reading(TEST) as work:
        assert not waiting(work).unplaced


def test_a_refund_that_comes_again_waits_to_be_placed_again(unit, company, strange):
    with company.world() as world:
        made = refund(world, {"charge": strange})
        fail_refund(world, made["id"])
    reconcile(unit, company.provider)
    stands(unit, company, a2190=-10000, a1195=0)


def test_placed_later_what_went_back_is_hers_too(unit, company, strange):
    with company.world() as world:
        made = refund(world, {"charge": strange, "amount": "3000"})
        refund(world, {"charge": strange, "amount": "1000"})
        fail_refund(world, made["id"])
    reconcile(unit, company.provider)
    with unit.begin(TEST) as work:
        rani = make_payer(work).person_id
        place(work, line_of(work, "payment").ref, rani)
        assert account_of(work.session, rani).credit_minor == 9000
        with pytest.raises(LineClearedError):
            place(work, line_of(work, "payment").ref, rani)
    stands(unit, company, a2190=0, a1195=0)


def test_a_dispute_waits_and_lost_takes_only_what_was_nobodys(unit, company, strange):
    with company.world() as world:
        made = open_dispute(world, strange)
    reconcile(unit, company.provider)
    stands(unit, company, a2190=-10000, a1195=10000)
    with unit.begin(TEST) as work, pytest.raises(DisputeOpenError):
        bear(work, line_of(work, "dispute").ref)
    with company.world() as world:
        decide_dispute(world, made["id"], won=False)
    reconcile(unit, company.provider)
    stands(unit, company, a2190=0, a1195=0, a5220=0)


def test_what_her_dues_no_longer_hold_is_a_loss_and_may_come_again(unit, company, payer):
    pay(unit, company, payer, 10000)
    reconcile(unit, company.provider)
    with unit.begin(TEST) as work:
        give_credit_back(work, GiveCreditBack(payer, 9000, AccountCode.CASH_AT_DESK))
    with company.world() as world:
        made = refund(world, {"charge": world.every("charge")[0]["id"], "amount": "5000"})
    reconcile(unit, company.provider)
    with unit.begin(TEST) as work:
        assert balance(work, "1195") == 5000
        assert [one.line.kind for one in waiting(work).taken_back] == ["refund"]
        bear(work, line_of(work, "refund").ref)
    stands(unit, company, a1195=0, a5220=5000)
    with company.world() as world:
        fail_refund(world, made["id"])
    reconcile(unit, company.provider)
    stands(unit, company, a1195=0, a5220=0)
