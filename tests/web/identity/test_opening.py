"""A member opens her notebook by card and PIN, and what is hers by her second word besides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders.identity import make_signed_in
from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.builders.number_cards import OTHER, PIN, WORD, officer, opened_card, printed_card
from union.identity.queries.cards import account_of_person
from union.identity.rules.cards import new_card_digits
from union.identity.rules.tries import Bound
from union.identity.services.pins import set_other_pin
from union.identity.services.voices import vouch
from union.kernel.actor import Actor, Role
from union.web.access import TABLE

MONTH = timedelta(days=31)

OF_THIS_SECOND = re.compile(r'(?<=name="csrf_token" value=")[^"]*')


@pytest.fixture
def her(pages, clock):
    """A member whose card is in use for long: her digits and person."""
    with pages.begin(Actor.system("test")) as work:
        person_id = make_member(work, phone="5830166131").person_id
        card = opened_card(work, person_id)
    clock.advance(MONTH)
    return person_id, card.digits


def by_card(client, digits, pin=PIN, back="", **fields):
    return client.post(
        "/open", data={"number": digits, "pin": pin, **fields}, query_string={"back": back}
    )


def prove(client, word=WORD, back="/claims/mine"):
    return client.post("/prove", data={"word": word}, query_string={"back": back})


def test_a_new_card_is_opened_and_leads_to_what_she_paid(client, pages):
    with pages.begin(Actor.system("test")) as work:
        digits, start = printed_card(work, make_member(work).person_id)
    typed = {"number": f"{digits[:5]} {digits[5:]}", "start": f"{start[:3]} {start[3:]}"}
    alike = {"pin": PIN, "pin_again": PIN, "word": WORD, "word_again": WORD}
    off = client.post("/open/new", data={**typed, **alike, "pin_again": OTHER})
    assert "not the same" in off.text
    assert PIN not in off.text
    assert WORD not in off.text
    opened = client.post("/open/new", data={**typed, **alike})
    assert opened.headers["Location"] == "/"
    assert client.get("/dues/mine").status_code == 200


def test_a_slip_of_the_pen_costs_no_try(client, her):
    _, digits = her
    slip = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    for _ in range(40):
        assert "One digit is off" in by_card(client, slip).text
    assert by_card(client, digits).status_code == 302


def test_a_wrong_pin_and_a_card_nobody_has_are_answered_alike(client, her):
    _, digits = her
    nobody = new_card_digits()
    known, unknown = (
        OF_THIS_SECOND.sub("", by_card(client, number, OTHER).text.replace(number, ""))
        for number in (digits, nobody)
    )
    assert known == unknown


def test_strangers_tries_stop_a_stranger_and_not_the_telephone_that_is_hers(app, client, her):
    _, digits = her
    hers = app.test_client()
    assert by_card(hers, digits, mine="y").status_code == 302
    for _ in range(20):
        by_card(client, digits, OTHER)
    assert by_card(client, digits).status_code == 200, "also her own PIN is not looked at"
    hers.post("/sign-out")
    assert hers.post("/open", data={"pin": PIN}).status_code == 302


def test_a_known_telephone_asks_for_the_pin_alone_until_it_is_told_not_to(client, her):
    _, digits = her
    assert 'name="number"' in client.get("/open").text
    by_card(client, digits, mine="y")
    client.post("/sign-out")
    asked = client.get("/open").text
    assert 'name="number"' not in asked
    assert digits not in asked
    assert client.get("/dues/mine").status_code == 302
    assert client.post("/open", data={"pin": OTHER}).status_code == 200
    assert client.post("/open", data={"pin": PIN}).status_code == 302
    assert client.get("/dues/mine").status_code == 200
    client.post("/open/forget")
    assert 'name="number"' in client.get("/open").text


def test_the_cookie_of_a_known_telephone_says_nothing_and_no_script_reads_it(client, her):
    person_id, digits = her
    cookie = next(
        one
        for one in by_card(client, digits, mine="y").headers.getlist("Set-Cookie")
        if one.startswith("d=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert digits not in cookie
    assert f"={person_id};" not in cookie


def test_her_pin_opens_her_dues_and_her_second_word_what_is_hers(client, her):
    _, digits = her
    by_card(client, digits)
    asked = client.get("/claims/mine")
    assert asked.headers["Location"].startswith("/prove?back=")
    assert "second word" in client.get(asked.headers["Location"]).text
    assert "opens nothing" in prove(client, "a guess of his").text
    assert client.get("/claims/mine").status_code == 303
    before = client.get_cookie("s").value
    assert prove(client).headers["Location"] == "/claims/mine"
    assert client.get("/claims/mine").status_code == 200
    client.set_cookie("s", before)
    assert client.get("/dues/mine").status_code == 302, "the token before is dead"


def test_for_a_day_after_a_new_card_not_even_the_word_opens_what_is_hers(client, pages, clock):
    with pages.begin(Actor.system("test")) as work:
        card = opened_card(work, make_member(work).person_id)
    by_card(client, card.digits)
    assert client.get("/dues/mine").status_code == 200
    assert "Your card is new" in prove(client).text
    assert client.get("/claims/mine").status_code == 303
    clock.advance(timedelta(days=1, minutes=1))
    by_card(client, card.digits)
    assert prove(client).status_code == 302
    assert client.get("/claims/mine").status_code == 200


def test_a_voice_that_was_known_opens_a_day_later_beside_the_pin(client, pages, her, clock):
    person_id, digits = her
    with pages.begin(Actor.system("test")) as work, acting_as(work, officer(work)):
        vouch(work, person_id)
    by_card(client, digits)
    assert 'name="voice"' not in client.get("/prove").text
    assert client.post("/prove", data={"voice": "yes"}).status_code == 200
    assert client.get("/claims/mine").status_code == 303
    clock.advance(timedelta(days=1, minutes=1))
    by_card(client, digits)
    assert 'name="voice"' in client.get("/prove").text
    assert client.post("/prove", data={"voice": "yes"}).status_code == 302
    assert client.get("/claims/mine").status_code == 200


def test_help_never_asks_for_anything_besides(client, her):
    _, digits = her
    by_card(client, digits)
    assert client.get("/help").status_code == 200
    sent = client.post("/help", data={"sure": "yes", "command_key": "0" * 32})
    assert sent.status_code == 200
    assert client.post("/sign-out").status_code == 302


def test_with_the_pin_alone_no_page_of_hers_is_answered(app, client, her):
    _, digits = her
    by_card(client, digits)
    asked = 0
    for rule in app.url_map.iter_rules():
        row = TABLE.get(rule.endpoint)
        if row is None or row.public or Role.MEMBER not in row.roles:
            continue
        values = dict.fromkeys(rule.arguments, "0" * 12)
        answer = client.get(rule.build(values)[1]) if "GET" in rule.methods else None
        if answer is None:
            continue
        if row.reach in ("hers", "office", "fresh"):
            asked += 1
            assert answer.status_code == 303, rule.endpoint
            assert answer.headers["Location"].startswith("/prove"), rule.endpoint
        else:
            assert "/prove" not in answer.headers.get("Location", ""), rule.endpoint
    assert asked > 4


def test_she_changes_her_secrets_and_they_count_at_once(client, her):
    _, digits = her
    by_card(client, digits)
    prove(client, back="/me/secrets")
    new = {"pin": "904172", "pin_again": "904172", "command_key": "1" * 32}
    assert "Written down" in client.post("/me/secrets/pin", data=new, follow_redirects=True).text
    client.post("/sign-out")
    assert by_card(client, digits).status_code == 200
    assert by_card(client, digits, "904172").status_code == 302


def test_nothing_on_the_pages_says_what_this_is(client):
    for path in ("/open", "/open/new"):
        text = client.get(path).text.lower()
        assert "sangha" not in text
        assert "union" not in text
        assert "member" not in text


def test_who_knows_her_pin_shuts_neither_her_telephone_nor_an_office(app, client, her, pages):
    _, digits = her
    hers, office = app.test_client(), app.test_client()
    by_card(hers, digits, mine="y")
    by_card(client, digits)
    with pages.begin(Actor.system("test")) as work:
        token = make_signed_in(work, [Role.TREASURER], her[0])
    with office.session_transaction() as session:
        session["_user_id"] = token
    for _ in range(8):
        assert "opens nothing" in prove(client, "a guess of his").text
    assert "Too many tries" in prove(client).text
    assert "Too many" not in office.post("/prove", data={"password": "x", "code": "123456"}).text
    assert prove(hers).status_code == 302


def test_the_other_pin_and_a_word_under_force_give_no_new_tries(app, client, her, pages):
    _, digits = her
    with pages.begin(Actor.system("test")) as work:
        account_id = account_of_person(work.session, her[0]).id
        with acting_as(work, Actor(her[0], account_id, frozenset())):
            set_other_pin(work, account_id, OTHER)
    forced, phone = app.test_client(), app.test_client()
    by_card(forced, digits, OTHER)
    by_card(client, digits)
    for _ in range(7):
        prove(client, "a guess of his")
    assert prove(forced, "any word").status_code == 302
    prove(client, "a guess of his")
    assert "Too many tries" in prove(client).text

    by_card(phone, digits, mine="y")
    phone.post("/sign-out")
    for _ in range(7):
        phone.post("/open", data={"pin": "604813"})
    assert phone.post("/open", data={"pin": OTHER}).status_code == 302
    phone.post("/sign-out")
    phone.post("/open", data={"pin": "604813"})
    assert phone.post("/open", data={"pin": PIN}).status_code == 200, "the eighth was the last"


def test_opening_by_her_card_gives_its_try_back(app, client, her):
    _, digits = her
    for _ in range(25):
        assert by_card(client, digits).status_code == 302
        client.post("/sign-out")


def test_another_pin_shuts_her_notebook_everywhere_but_here(app, client, her):
    _, digits = her
    his = app.test_client()
    for browser in (his, client):
        by_card(browser, digits, mine="y")
    prove(client, back="/me/secrets")
    new = {"pin": "904172", "pin_again": "904172", "command_key": "1" * 32}
    client.post("/me/secrets/pin", data=new)
    assert his.get("/dues/mine").status_code == 302
    assert 'name="number"' in his.get("/open").text
    assert client.get("/dues/mine").status_code == 200
    client.post("/sign-out")
    assert client.post("/open", data={"pin": "904172"}).status_code == 302


def test_five_telephones_know_her_and_their_tries_are_bounded_together(
    app, client, her, monkeypatch
):
    monkeypatch.setattr("union.identity.views.cards.ACCOUNT", Bound(free=3))
    _, digits = her
    phones = [app.test_client() for _ in range(6)]
    for phone in phones:
        by_card(phone, digits, mine="y")
        phone.post("/sign-out")
    asked = ['name="number"' in phone.get("/open").text for phone in phones]
    assert asked == [True] + [False] * 5
    for phone in phones[1:4]:
        phone.post("/open", data={"pin": "604813"})
    assert phones[4].post("/open", data={"pin": PIN}).status_code == 200


@pytest.mark.parametrize(("word", "left"), [(None, True), (WORD, False)])
def test_a_pin_alone_shuts_no_office(app, client, her, pages, word, left):
    office = app.test_client()
    with pages.begin(Actor.system("test")) as work:
        token = make_signed_in(work, [Role.TREASURER], her[0])
    with office.session_transaction() as session:
        session["_user_id"] = token
    by_card(client, her[1])
    if word:
        prove(client, word)
    client.post("/me/sessions/end-others", data={"command_key": "1" * 32})
    assert (office.get("/").status_code == 200) is left
