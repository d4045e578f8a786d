"""A cookie that somebody laid on her browser before she signs in opens nothing afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.builders.members import make_member
from tests.builders.number_cards import PIN, WORD, opened_card
from tests.builders.signing import make_officer
from union.kernel.actor import Actor, Role

MONTH, HALF_A_MINUTE = timedelta(days=31), timedelta(seconds=30)
Door = Callable[[FlaskClient], int]


def laid_on(app, value: str):
    browser = app.test_client()
    browser.set_cookie("s", value)
    return browser


def test_what_was_laid_there_before_is_not_what_opens(app, sign_in):
    stranger = app.test_client()
    stranger.get("/sign-in")
    laid = stranger.get_cookie("s").value
    victim = laid_on(app, laid)
    token = sign_in(Role.TREASURER)
    with token.session_transaction() as inside, victim.session_transaction() as session:
        session["_user_id"] = inside["_user_id"]
    assert victim.get("/").status_code == 200
    assert laid_on(app, laid).get("/").status_code == 302
    assert stranger.get("/").status_code == 302


def test_a_cookie_made_up_or_changed_opens_nothing(app, sign_in):
    browser = sign_in(Role.TREASURER)
    held = browser.get_cookie("s").value
    body, stamp, signed = held.rsplit(".", 2)
    other = "B" if signed[0] == "A" else "A"
    for forged in (
        f"{body}.{stamp}.{other}{signed[1:]}",
        f"{body[:-1]}.{stamp}.{signed}",
        f"{body}..{signed}",
        body,
        "eyJfdXNlcl9pZCI6IjEifQ.a.a",
        "",
        "\\000",
        "s" * 3000,
    ):
        assert laid_on(app, forged).get("/").status_code == 302
    assert laid_on(app, held).get("/").status_code == 200


def test_a_sign_in_is_carried_by_the_cookie_alone(app, sign_in):
    browser = sign_in(Role.TREASURER)
    with browser.session_transaction() as session:
        token = session["_user_id"]
    stranger = app.test_client()
    for name in ("s", "token", "session", "_user_id"):
        assert stranger.get("/", query_string={name: token}).status_code == 302
        assert stranger.get("/", headers={f"X-{name}": token}).status_code == 302
        assert stranger.post("/dues/take", data={name: token}).status_code == 401
    for scheme in ("Bearer", "Basic", "Token"):
        answer = stranger.get("/", headers={"Authorization": f"{scheme} {token}"})
        assert answer.status_code == 302


@pytest.fixture
def doors(pages, clock) -> dict[str, tuple[Door, Door]]:
    """Each way in and, behind it, the way to prove more; both answer with what was answered."""
    with pages.begin(Actor.system("test")) as work:
        officer = make_officer(work)
        digits = opened_card(work, make_member(work, phone="5830166131").person_id).digits
    clock.advance(MONTH)

    def by_password(browser: FlaskClient, address: str = "/sign-in") -> int:
        clock.advance(HALF_A_MINUTE)
        return browser.post(address, data=officer.form(clock)).status_code

    def by_card(browser: FlaskClient) -> int:
        return browser.post("/open", data={"number": digits, "pin": PIN}).status_code

    def by_word(browser: FlaskClient) -> int:
        return browser.post("/prove", data={"word": WORD}).status_code

    return {
        "password": (by_password, lambda browser: by_password(browser, "/prove")),
        "card": (by_card, by_word),
    }


@pytest.mark.parametrize("door", ["password", "card"])
def test_whoever_comes_in_carries_nothing_that_was_laid_there(app, sign_in, doors, door):
    """Not even an attacker's own sign-in, which is alive: hers begins anew beside it."""
    attacker = sign_in(Role.TRUSTEE)
    with attacker.session_transaction() as session:
        session["laid"], laid_token = "of the attacker", session["_user_id"]
    hers = laid_on(app, attacker.get_cookie("s").value)
    come_in, prove = doors[door]
    assert come_in(hers) == 302
    with hers.session_transaction() as session:
        assert "laid" not in session
        assert session["_user_id"] != laid_token
    before = hers.get_cookie("s").value
    assert laid_on(app, before).get("/").status_code == 200
    assert prove(hers) == 302
    assert hers.get("/").status_code == 200
    assert laid_on(app, before).get("/").status_code == 302, "what was copied before is dead"
