"""A line the books cannot take stands aside and is seen; the rest of the statement goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.cards import TEST, pay
from union.checkout.errors import LineClearedError
from union.checkout.models import CardAside, CardLine
from union.checkout.queries.held import booked_at_provider
from union.checkout.queries.office import unproved, waiting
from union.checkout.services import reconcile, settle_aside, try_asides
from union.dues.models import Payment


def only_aside(unit) -> CardAside:
    with unit.reading(TEST) as work:
        return work.session.scalars(select(CardAside)).one()


def bad_line(company, **told) -> dict:
    """A refund of ₹5 on the statement, told strangely."""
    with company.world() as world:
        line = world.move("refund", -500, world.every("charge")[0]["id"])
        line.update(told)
        return line


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"source": None}, "checkout_m6_taken_back_of_payment"),
        ({"currency": "usd"}, "card_line_foreign"),
        ({"amount": "much"}, "card_line_unreadable"),
        ({"amount": 10**30}, "card_line_unreadable"),
        ({"amount": 500}, "card_line_unreadable"),
    ],
)
def test_one_bad_line_does_not_stop_the_next(unit, company, payer, told, code):
    pay(unit, company, payer, 10000)
    bad_line(company, **told)
    pay(unit, company, payer, 4000)
    reconcile(unit, company.provider)
    with unit.reading(TEST) as work:
        paid = work.session.scalars(select(Payment.amount_minor).order_by(Payment.id)).all()
        assert paid == [10000, 4000]
        assert [one.code for one in waiting(work).asides] == [code]
    assert only_aside(unit).code == code


def test_it_is_tried_again_by_itself_and_by_hand(unit, company, payer):
    pay(unit, company, payer, 10000)
    line = bad_line(company, currency="usd")
    reconcile(unit, company.provider)
    assert try_asides(unit, company.provider, only_aside(unit).ref) == 0
    with unit.reading(TEST) as work:
        assert unproved(work.session) == 1
    with company.world() as world:
        world.get(line["id"])["currency"] = "inr"
    reconcile(unit, company.provider)
    assert only_aside(unit).over_how == "booked"
    with unit.reading(TEST) as work:
        assert booked_at_provider(work.session) == company.held()
        assert not waiting(work).asides
        assert unproved(work.session) == 0


def test_the_treasurer_may_say_it_is_in_the_books_another_way_once(unit, company, payer):
    pay(unit, company, payer, 10000)
    bad_line(company, currency="usd")
    reconcile(unit, company.provider)
    ref = only_aside(unit).ref
    with unit.begin(TEST) as work:
        settle_aside(work, ref)
    with unit.begin(TEST) as work, pytest.raises(LineClearedError):
        settle_aside(work, ref)
    reconcile(unit, company.provider)
    assert only_aside(unit).over_how == "other"


def test_a_month_that_cost_nothing_and_a_fee_given_back_are_lines_like_others(unit, company, payer):
    pay(unit, company, payer, 10000)
    with company.world() as world:
        charge = world.every("charge")[0]["id"]
        for kind in ("charge", "refund", "adjustment"):
            world.move(kind, 0, charge)
        world.move("stripe_fee", -700, charge, category="fee")
        world.move("stripe_fee", 200, charge, category="fee")
    reconcile(unit, company.provider)
    with unit.reading(TEST) as work:
        lines = work.session.execute(
            select(CardLine.kind, CardLine.kept_minor).order_by(CardLine.happened_at, CardLine.id)
        ).all()
        assert sorted(lines) == [
            ("fee", -200),
            ("fee", 700),
            ("other", 0),
            ("payment", 0),
            ("payment", 300),
            ("refund", 0),
        ]
        assert booked_at_provider(work.session) == company.held()
        assert waiting(work).fees_minor == 800
        assert not waiting(work).taken_back
        assert not waiting(work).unplaced
