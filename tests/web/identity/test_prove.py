"""The door inside the house: what asks for a fresh proof gets one, and what was sent is kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders.identity import make_signed_in
from tests.builders.signing import make_officer
from union.kernel.actor import Actor, Proof, Role

ZIP = "/books/export/books.zip"
SIGN = "/books/vouchers/000000000000/approve"
OURS = {"Sec-Fetch-Site": "same-origin"}
LATER = timedelta(minutes=6)


@pytest.fixture
def her(pages):
    with pages.begin(Actor.system("test")) as work:
        return make_officer(work, "rani", (Role.TREASURER, Role.TRUSTEE))


@pytest.fixture
def browser(client, her, clock):
    """She signed in six minutes ago."""
    client.post("/sign-in", data=her.form(clock))
    clock.advance(LATER)
    return client


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', page))


def _proof(her, clock):
    form = her.form(clock)
    del form["sign_in_name"]
    return form


def test_what_must_be_fresh_is_opened_after_the_door(browser, her, clock):
    sent_away = browser.get(ZIP)
    assert sent_away.status_code == 303
    assert sent_away.headers["Location"] == f"/prove?back={ZIP}"
    assert browser.get(sent_away.headers["Location"]).status_code == 200
    before = browser.get_cookie("s").value
    through = browser.post(sent_away.headers["Location"], data=_proof(her, clock))
    assert through.headers["Location"] == ZIP
    assert browser.get(ZIP).status_code == 200
    browser.set_cookie("s", before)
    assert browser.get("/").status_code == 302, "the token of before is dead"


@pytest.mark.parametrize("wrong", [{"password": "another"}, {"code": "000000"}])
def test_a_wrong_proof_opens_nothing(browser, her, clock, wrong):
    assert browser.post("/prove", data={**_proof(her, clock), **wrong}).status_code == 200
    assert browser.get(ZIP).status_code == 303


def test_tries_at_the_door_are_bounded(browser, her, clock):
    wrong = {**_proof(her, clock), "password": "another"}
    came = [browser.post("/prove", data=wrong).status_code for _ in range(9)]
    assert came == [200] * 8 + [429]
    assert browser.post("/prove", data=_proof(her, clock)).status_code == 429


def test_what_was_sent_too_late_goes_through_the_door_with_her(browser, her, clock):
    sent = {"seen": "a" * 64, "password": "never back", "command_key": "1" * 32}
    stopped = browser.post(SIGN, data=sent, headers=OURS)
    assert stopped.status_code == 403
    kept = _hidden(stopped.text)
    assert kept["kept-field-seen"] == "a" * 64
    assert "never back" not in stopped.text
    asked = browser.post("/prove", data=kept)
    assert asked.status_code == 200
    assert not re.search(r'role="alert"', asked.text), "coming to the door is no wrong try"
    refused = browser.post("/prove", data={**_hidden(asked.text), "password": "x", "code": "1"})
    behind = browser.post("/prove", data={**_hidden(refused.text), **_proof(her, clock)})
    assert f'action="{SIGN}"' in behind.text
    assert _hidden(behind.text)["seen"] == "a" * 64
    assert browser.post(SIGN, data=_hidden(behind.text)).status_code != 403


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "/no-such-page"])
def test_nothing_is_sent_anywhere_but_to_a_page_of_ours(browser, her, clock, address):
    kept = {"kept-address": address, "kept-field-seen": "a" * 64}
    behind = browser.post("/prove", data={**kept, **_proof(her, clock)})
    assert behind.headers["Location"] == "/"


def test_what_a_stranger_s_page_sent_is_not_handed_back(browser):
    stopped = browser.post(SIGN, data={"seen": "a" * 64}, headers={"Sec-Fetch-Site": "cross-site"})
    assert "a" * 64 not in stopped.text


@pytest.mark.parametrize("address", ["/prove", "/me/sessions", "/"])
def test_what_asks_nothing_fresh_stays_open(browser, address):
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("proof", [Proof.PIN, Proof.NUMBER_PIN])
def test_a_pin_alone_shows_no_list_of_sign_ins_but_shuts_them(app, pages, proof):
    with pages.begin(Actor.system("test")) as work:
        token = make_signed_in(work, [Role.MEMBER], proofs={proof})
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    shown = browser.get("/me/sessions")
    assert shown.status_code == 200
    assert "last used" not in shown.text
    ended = browser.post("/me/sessions/end-others", data={"command_key": "1" * 32})
    assert ended.status_code == 302
