"""Her own pages of card payments: nothing is asked for that is not due, and nothing is hidden."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.cards import TEST
from tests.web.checkout.test_pages import KEY, pay, session_of
from union.checkout.models import CardAside
from union.checkout.services import reconcile
from union.gateways.payments.stand_in.lasting import answer_slow


def test_nothing_due_is_said_and_not_asked_for(hers, company, pages):
    asked = hers.get("/checkout/pay").text
    assert 'value="60"' in asked
    assert "months=3" not in asked
    pay(hers, company)
    reconcile(pages, company.provider)
    asked = hers.get("/checkout/pay").text
    assert "Nothing is due." in asked
    assert "You may pay ahead" in asked
    assert 'value="60"' not in asked
    assert "3 months: ₹180" in asked
    assert 'value="180"' in hers.get("/checkout/pay?months=3").text
    assert 'value="180"' not in hers.get("/checkout/pay?months=x").text


def test_all_she_paid_by_card_stands_with_its_receipt(hers, company, pages):
    assert "nothing by card yet" in hers.get("/checkout/mine").text
    pay(hers, company)
    reconcile(pages, company.provider)
    shown = hers.get("/checkout/mine").text
    assert "₹100" in shown
    assert "/dues/receipt/" in shown


def test_a_slow_bank_is_in_her_list_until_it_has_paid(hers, company, pages):
    pay(hers, company, card="slow")
    reconcile(pages, company.provider)
    shown = hers.get("/checkout/mine").text
    assert "Your bank takes its time." in shown
    assert "on its way" in shown
    assert "nothing by card yet" not in shown
    assert "is on its way already" in hers.get("/checkout/pay").text
    with company.world() as world:
        answer_slow(world, world.every("checkout.session")[0]["id"], well=True)
    reconcile(pages, company.provider)
    shown = hers.get("/checkout/mine").text
    assert "on its way" not in shown
    assert shown.count("₹100") == 1
    assert "/dues/receipt/" in shown


def test_a_slow_bank_that_refuses_leaves_the_list(hers, company, pages):
    pay(hers, company, card="slow")
    reconcile(pages, company.provider)
    with company.world() as world:
        answer_slow(world, world.every("checkout.session")[0]["id"], well=False)
    reconcile(pages, company.provider)
    assert "nothing by card yet" in hers.get("/checkout/mine").text


def test_a_company_that_is_away_is_said_so(hers, company):
    led = hers.post("/checkout/pay", data={"command_key": f"{KEY}0", "amount": "100"})
    with company.world() as world:
        session = world.get(session_of(led.location))
    company.stand_in.weather[:] = ["away", "away"]
    address = session["cancel_url"].removeprefix("http://127.0.0.1:8000")
    assert "does not answer just now" in hers.get(address).text


@pytest.fixture
def strange_line(hers, company, pages) -> str:
    """A line in dollars lies aside; its number at the company."""
    pay(hers, company)
    with company.world() as world:
        line = world.move("adjustment", 500, world.every("charge")[0]["id"])
        line["currency"] = "usd"
    reconcile(pages, company.provider)
    return line["id"]


def aside(pages) -> str:
    with pages.reading(TEST) as work:
        return work.session.scalars(select(CardAside.ref)).one()


def test_a_line_set_aside_is_shown_with_what_to_do(desk, company, pages, strange_line):
    shown = desk.get("/checkout/cards").text
    assert "It is not in rupees." in shown
    assert strange_line in shown
    form = {"command_key": f"{KEY}f"}
    again = f"/checkout/aside/{aside(pages)}/again"
    assert "cannot take it yet" in desk.post(again, data=form, follow_redirects=True).text
    with company.world() as world:
        world.get(strange_line)["currency"] = "inr"
    form = {"command_key": f"{KEY}e"}
    assert "It is in the books now." in desk.post(again, data=form, follow_redirects=True).text
    assert "could not take this" not in desk.get("/checkout/cards").text


def test_a_line_set_aside_may_be_in_the_books_another_way(desk, pages, strange_line):
    form = {"command_key": f"{KEY}f"}
    over = f"/checkout/aside/{aside(pages)}/over"
    shown = desk.post(over, data=form, follow_redirects=True).text
    assert "could not take this" not in shown
