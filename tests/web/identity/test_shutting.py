"""Before an officer's twelve hours end she is told on the page, and nothing she wrote is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders.identity import make_signed_in
from tests.builders.signing import make_officer
from union.kernel.actor import Actor, Proof, Role

TEST = Actor.system("test")
SLIP = re.compile(r'<div class="slip trouble"\s+role="status"\s+data-shuts-in="(\d+)"\s+(hidden)?')
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def her(pages):
    with pages.begin(TEST) as work:
        return make_officer(work, roles=(Role.TREASURER,))


@pytest.fixture
def browser(client, her, clock):
    client.post("/sign-in", data=her.form(clock))
    return client


def worked(browser, clock, hours: float) -> None:
    """She goes on working: a page every half hour."""
    for _ in range(int(hours * 2)):
        clock.advance(timedelta(minutes=30))
        assert browser.get("/").status_code == 200


def test_a_page_knows_from_the_first_when_it_will_tell_her(browser):
    seconds, hidden = SLIP.search(browser.get("/").text).groups()
    assert int(seconds) == (12 * 60 - 15) * 60
    assert hidden
    assert "shutting.js" in browser.get("/").text


def test_in_the_last_quarter_of_an_hour_every_page_tells_her_without_a_script(browser, clock):
    worked(browser, clock, 11.5)
    assert SLIP.search(browser.get("/").text).groups()[1]
    clock.advance(timedelta(minutes=16))
    page = browser.get("/").text
    assert SLIP.search(page).groups() == ("0", None)
    assert "12:00" in page
    assert 'href="/prove"' in page


def test_who_proves_herself_in_time_goes_on_for_as_long_again(browser, her, clock):
    worked(browser, clock, 11.5)
    clock.advance(timedelta(minutes=20))
    proof = {"password": her.password, "code": her.code(clock)}
    assert browser.post("/prove", data=proof).status_code == 302
    worked(browser, clock, 11)
    assert SLIP.search(browser.get("/").text).groups()[1]


def test_what_she_sends_after_the_end_comes_back_to_her_to_be_sent_again(browser, her, clock):
    worked(browser, clock, 11.5)
    clock.advance(timedelta(minutes=31))
    sent = browser.post("/dues/take", data={"note": "eleven rupees more"}, headers=OURS)
    assert sent.status_code == 401
    assert "eleven rupees more" in sent.text
    assert "Send it once more" in sent.text


def test_a_member_and_a_stranger_are_told_nothing_of_it(app, client, pages):
    with pages.begin(TEST) as work:
        token = make_signed_in(work, (Role.MEMBER,), proofs={Proof.NUMBER_PIN})
    hers = app.test_client()
    with hers.session_transaction() as session:
        session["_user_id"] = token
    for browser in (client, hers):
        assert "data-shuts-in" not in browser.get("/", follow_redirects=True).text
