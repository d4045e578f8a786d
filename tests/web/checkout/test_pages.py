"""Paying by card by hand, the door for notices, and the treasurer's pages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from tests.builders.cards import TEST
from tests.builders.dues import balance, make_payer
from union.checkout.models import CardCheckout, CardEvent, CardInstruction, CardLine
from union.checkout.services import reconcile, work_cards
from union.checkout.views import EXTENSION
from union.gateways.payments.stand_in.lasting import pay_page, renew
from union.gateways.payments.stand_in.paying import open_dispute
from union.kernel.actor import Role

KEY = "c" * 31


def session_of(location: str) -> str:
    return location.rpartition("/")[2]


def pay(hers, company, *, number: str = "1", path: str = "pay", card: str = "works") -> str:
    """She pays; the address of the page she comes back to."""
    data = {"command_key": f"{KEY}{number}", "amount": "100"}
    led = hers.post(f"/checkout/{path}", data=data)
    assert led.status_code == 303, led.text
    with company.world() as world:
        session = pay_page(world, session_of(led.location), card)
    return session["success_url"].removeprefix("http://127.0.0.1:8000")


def deliver(client, company) -> list[int]:
    return [
        client.post(
            "/checkout/notice", data=body, headers={"Stripe-Signature": signature}
        ).status_code
        for body, signature in company.notices()
    ]


def test_she_pays_on_the_companys_own_page_and_sees_her_receipt(hers, client, company, pages, rani):
    asked = hers.get("/checkout/pay")
    assert "₹60 is due." in asked.text
    assert "form-action 'self' http://127.0.0.1:9;" in asked.headers["Content-Security-Policy"]
    assert "<script src=" not in asked.text.replace('<script src="/static/', "")
    address = pay(hers, company)
    assert set(deliver(client, company)) == {200}
    work_cards(pages, company.provider)
    back = hers.get(address)
    assert "₹100 is paid." in back.text
    passbook = hers.get("/dues/mine")
    assert "₹100" in passbook.text


def test_she_comes_back_before_any_word_has_come_and_sees_it_paid(hers, company):
    address = pay(hers, company)
    assert "₹100 is paid." in hers.get(address).text


def test_she_comes_back_without_paying_and_a_company_away_breaks_nothing(hers, company):
    led = hers.post("/checkout/pay", data={"command_key": f"{KEY}0", "amount": "100"})
    with company.world() as world:
        session = world.get(session_of(led.location))
    address = session["cancel_url"].removeprefix("http://127.0.0.1:8000")
    assert "Nothing was taken so far" in hers.get(address).text
    company.stand_in.weather[:] = ["away", "away"]
    assert "Nothing was taken so far" in hers.get(address).text


def test_a_double_click_leads_to_the_same_page(hers, company, pages):
    data = {"command_key": f"{KEY}2", "amount": "100"}
    led = [hers.post("/checkout/pay", data=data).location for _ in range(2)]
    assert led[0] == led[1]
    with pages.reading(TEST) as work:
        assert len(work.session.scalars(select(CardCheckout)).all()) == 1


def test_the_company_learns_no_name_and_nothing_of_what_we_are(hers, company, pages):
    pay(hers, company)
    with company.world() as world:
        said = json.dumps(world.state).lower()
    for word in ("rani", "ka/08001", "08001", "sangha", "union", "dues", "member"):
        assert word not in said, word


def test_a_company_that_is_away_loses_nothing_she_wrote(hers, company):
    company.stand_in.weather[:] = ["away"]
    answer = hers.post("/checkout/pay", data={"command_key": f"{KEY}3", "amount": "120"})
    assert answer.status_code == 200
    assert "does not answer" in answer.text
    assert 'value="120"' in answer.text


def test_too_little_is_said_before_she_goes(hers, company):
    answer = hers.post("/checkout/pay", data={"command_key": f"{KEY}4", "amount": "0.50"})
    assert "a rupee or more" in answer.text


def test_without_a_company_the_pages_say_so_and_there_is_no_door(hers, client):
    assert "not set up here" in hers.get("/checkout/pay").text
    assert "/checkout/pay" not in hers.get("/dues/mine").text.partition("<nav")[0]
    assert "not set up here" in hers.get("/checkout/monthly").text
    assert client.post("/checkout/notice", data=b"{}").status_code == 404


def test_without_a_secret_there_is_no_door(app, client, company):
    app.extensions[EXTENSION] = replace(company.provider, webhook_secret=None)
    assert client.post("/checkout/notice", data=b"{}").status_code == 404


def test_a_notice_needs_a_sound_and_fresh_signature(hers, client, company, pages):
    pay(hers, company)
    (body, signature), *_others = company.notices()
    with company.world() as world:
        event = world.every("event")[0]
    stale = company.stand_in.signed(event, at=1_700_000_000)
    for content, header in (
        (body, ""),
        (body, "t=1,v1=00"),
        (body.replace(b"evt_", b"evt-"), signature),
        (stale[0], stale[1]["Stripe-Signature"]),
        (b"\xff", signature),
    ):
        answer = client.post("/checkout/notice", data=content, headers={"Stripe-Signature": header})
        assert answer.status_code == 400
    with pages.reading(TEST) as work:
        assert work.session.scalars(select(CardEvent)).all() == []


def test_a_notice_that_came_before_is_taken_and_kept_once(hers, client, company, pages):
    pay(hers, company)
    (body, signature), *_others = company.notices()
    for _ in range(3):
        header = {"Stripe-Signature": signature}
        assert client.post("/checkout/notice", data=body, headers=header).status_code == 200
    with pages.reading(TEST) as work:
        assert len(work.session.scalars(select(CardEvent)).all()) == 1


def test_every_month_is_begun_seen_failing_and_ended(hers, client, company, pages):
    address = pay(hers, company, path="monthly")
    deliver(client, company)
    work_cards(pages, company.provider)
    assert "goes every month" in hers.get(address).text
    assert "₹100 goes from your card every month." in hers.get("/checkout/monthly").text
    with company.world() as world:
        renew(world, world.every("subscription")[0]["id"], paid=False)
    deliver(client, company)
    work_cards(pages, company.provider)
    assert "Your card did not pay this time." in hers.get("/checkout/monthly").text
    with pages.reading(TEST) as work:
        ref = work.session.scalars(select(CardInstruction.ref)).one()
    hers.post(f"/checkout/stop/{ref}", data={"command_key": f"{KEY}5"})
    assert "It is ended." in hers.get("/checkout/monthly").text
    work_cards(pages, company.provider)
    assert "You ended it." in hers.get("/checkout/monthly").text


def test_nobody_sees_or_ends_what_is_anothers(hers, sign_in, company, pages):
    address = pay(hers, company, path="monthly")
    reconcile(pages, company.provider)
    with pages.begin(TEST) as work:
        other = make_payer(work).person_id
        ref = work.session.scalars(select(CardInstruction.ref)).one()
    stranger = sign_in(Role.MEMBER, person_id=other)
    assert stranger.get(address).status_code == 404
    form = {"command_key": f"{KEY}6"}
    assert stranger.post(f"/checkout/stop/{ref}", data=form).status_code == 404


def test_the_treasurer_sees_what_waits_and_gives_back(hers, desk, company, pages):
    pay(hers, company)
    reconcile(pages, company.provider)
    shown = desk.get("/checkout/cards").text
    assert "The card company holds ₹97 for us." in shown
    assert "Rani · KA/08001" in shown
    with pages.reading(TEST) as work:
        ref = work.session.scalars(select(CardLine.ref)).one()
    assert "₹100 can go back." in desk.get(f"/checkout/payment/{ref}/refund").text
    form = {"command_key": f"{KEY}7", "amount": "100.01", "reason": "mistake"}
    assert (
        "Not so much of it is left." in desk.post(f"/checkout/payment/{ref}/refund", data=form).text
    )
    form = {"command_key": f"{KEY}8", "amount": "40", "reason": "mistake"}
    assert desk.post(f"/checkout/payment/{ref}/refund", data=form).status_code == 302
    company.stand_in.weather[:] = ["away"]
    work_cards(pages, company.provider)
    pages.clock.advance(timedelta(minutes=11))
    assert "not answered yet" in desk.get("/checkout/cards").text
    assert "Do not give it back another way." in desk.get(f"/checkout/payment/{ref}").text
    work_cards(pages, company.provider)
    assert "not answered yet" not in desk.get("/checkout/cards").text
    one = desk.get(f"/checkout/payment/{ref}").text
    assert "part given back" in one
    assert "−₹40" in one
    desk.post("/checkout/fees", data={"command_key": f"{KEY}9"})
    with pages.reading(TEST) as work:
        assert (balance(work, "1190"), balance(work, "5220")) == (0, 300)
    assert (
        "No fees wait."
        in desk.post("/checkout/fees", data={"command_key": f"{KEY}a"}, follow_redirects=True).text
    )


def test_a_dispute_is_seen_and_need_not_be_waited_for(hers, desk, company, pages):
    pay(hers, company)
    with company.world() as world:
        open_dispute(world, world.every("charge")[0]["id"])
    reconcile(pages, company.provider)
    shown = desk.get("/checkout/cards").text
    assert "She says it was not her" in shown
    with pages.reading(TEST) as work:
        query = select(CardLine.ref).where(CardLine.kind == "dispute")
        ref = work.session.scalars(query).one()
    desk.post(f"/checkout/line/{ref}/owed", data={"command_key": f"{KEY}b"})
    assert "₹60 is due." in hers.get("/checkout/pay").text


def test_money_of_nobody_is_placed(hers, desk, company, pages, rani):
    led = hers.post("/checkout/pay", data={"command_key": f"{KEY}c", "amount": "100"})
    with company.world() as world:
        world.state["cards"][session_of(led.location)]["origin"] = {}
        pay_page(world, session_of(led.location), "works")
    reconcile(pages, company.provider)
    assert "Whose is this?" in desk.get("/checkout/cards").text
    with pages.reading(TEST) as work:
        ref = work.session.scalars(select(CardLine.ref)).one()
    form = {"command_key": f"{KEY}d", "card": "99999"}
    assert "Nobody has this card number" in desk.post(f"/checkout/place/{ref}", data=form).text
    form = {"command_key": f"{KEY}e", "card": "ka 8001"}
    placed = desk.post(f"/checkout/place/{ref}", data=form, follow_redirects=True)
    assert "Rani · KA/08001" in placed.text


def test_what_the_company_holds_is_explained_to_the_trustee_too(hers, sign_in, company, pages):
    pay(hers, company)
    reconcile(pages, company.provider)
    shown = sign_in(Role.TRUSTEE).get("/checkout/holding").text
    assert "The card company must hold ₹97 for us." in shown
