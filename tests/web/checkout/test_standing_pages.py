"""A standing payment rests and goes on: by her, by the desk, in words that say who wished it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.cards import TEST
from tests.builders.dues import make_payer
from tests.web.checkout.test_pages import KEY, pay
from union.checkout.models import CardInstruction
from union.checkout.services import reconcile, work_cards
from union.gateways.payments.stand_in.lasting import renew
from union.kernel.actor import Role


@pytest.fixture
def begun(hers, company, pages) -> str:
    """₹100 every month from her card; its reference."""
    pay(hers, company, path="monthly")
    reconcile(pages, company.provider)
    return now(pages).ref


def now(pages) -> CardInstruction:
    with pages.reading(TEST) as work:
        return work.session.scalars(select(CardInstruction)).one()


def press(client, way: str, number: str):
    return client.post(way, data={"command_key": f"{KEY}{number}"}, follow_redirects=True)


def test_she_lets_it_rest_and_go_on(hers, company, pages, begun):
    assert "Let it rest now" in hers.get("/checkout/monthly").text
    for _ in range(2):
        shown = press(hers, f"/checkout/rest/{begun}", "3").text
    assert "It rests. Nothing is taken from your card." in shown
    assert "You let it rest on" in shown
    assert "The card company is being told." in shown
    work_cards(pages, company.provider)
    with company.world() as world:
        renew(world, now(pages).provider_id)
    reconcile(pages, company.provider)
    shown = hers.get("/checkout/monthly").text
    assert "is being told" not in shown
    assert "/checkout/mine" in shown
    assert hers.get("/checkout/mine").text.count("₹100") == 1
    shown = press(hers, f"/checkout/go-on/{begun}", "4").text
    assert "It goes on with the next month." in shown
    assert "₹100 goes from your card every month." in shown


def test_nobody_lets_anothers_rest_from_a_page_of_her_own(sign_in, pages, begun):
    with pages.begin(TEST) as work:
        other = make_payer(work).person_id
    stranger = sign_in(Role.MEMBER, person_id=other)
    assert press(stranger, f"/checkout/rest/{begun}", "5").status_code == 404
    assert now(pages).rest_round == 0


def test_the_desk_lets_it_rest_and_she_reads_who_did(desk, hers, company, pages, begun):
    shown = desk.get("/checkout/standing").text
    assert "Rani" in shown
    assert "Next on" in shown
    shown = press(desk, f"/checkout/standing/{begun}/rest", "6").text
    assert "Let it go on" in shown
    assert "The office let it rest on" in hers.get("/checkout/monthly").text
    press(desk, f"/checkout/standing/{begun}/go-on", "7")
    press(desk, f"/checkout/standing/{begun}/stop", "8")
    assert "It is ended." in desk.get("/checkout/standing").text
    work_cards(pages, company.provider)
    assert (now(pages).state, now(pages).ended_why) == ("ended", "by_office")
    assert "The office ended it." in hers.get("/checkout/monthly").text
    assert "Nobody’s card pays" in desk.get("/checkout/standing").text
    late = press(desk, f"/checkout/standing/{begun}/rest", "9").text
    assert "It had ended before." in late


def test_a_card_that_fails_is_not_let_rest(hers, company, pages, begun):
    with company.world() as world:
        renew(world, now(pages).provider_id, paid=False)
    reconcile(pages, company.provider)
    assert "Let it rest" not in hers.get("/checkout/monthly").text
    assert "does not pay just now" in press(hers, f"/checkout/rest/{begun}", "a").text


def test_who_only_signs_sees_them_and_presses_nothing(sign_in, begun):
    second = sign_in(Role.SIGNATORY)
    assert "Rani" in second.get("/checkout/standing").text
    assert "Let it rest" not in second.get("/checkout/standing").text
    assert press(second, f"/checkout/standing/{begun}/rest", "b").status_code == 403
