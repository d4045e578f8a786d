"""Signing in, out, and away; what every answer carries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders.signing import make_officer
from union.kernel.actor import Actor
from union.web.headers import HEADERS
from union.web.limits import limiter


@pytest.fixture
def treasurer(app, pages):
    with pages.begin(Actor.system("test")) as work:
        return make_officer(work)


@pytest.fixture
def enter(treasurer, clock):
    """A function: a browser in, what came of signing in on it out."""

    def post(client, back=None, **other):
        query = {"back": back} if back else None
        form = {**treasurer.form(clock), **other}
        clock.advance(timedelta(seconds=30))
        return client.post("/sign-in", data=form, query_string=query)

    return post


def test_signing_in_leads_back_to_where_one_was_going(client, enter):
    asked = client.get("/")
    assert asked.headers["Location"].startswith("/sign-in?back=")
    assert enter(client, back="/").headers["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"]
)
def test_the_way_back_never_leads_out_of_the_house(client, enter, back):
    assert enter(client, back=back).headers["Location"] == "/"


@pytest.mark.parametrize("name", ["treasurer", "nobody"])
def test_wrong_and_unknown_are_answered_alike(client, enter, name):
    answer = enter(client, sign_in_name=name, password="wrong")
    assert answer.status_code == 200
    assert "does not fit together" in answer.text
    assert client.get("/").status_code == 302


def test_a_new_sign_in_is_a_new_cookie(client, enter):
    client.get("/sign-in")
    before = client.get_cookie("s")
    enter(client)
    assert client.get_cookie("s") != before


def test_leaving_in_a_hurry_ends_the_sign_in_and_shows_something_dull(client, enter):
    enter(client)
    held = client.get_cookie("s").value
    left = client.post("/leave", follow_redirects=True)
    assert left.request.path == "/away"
    client.set_cookie("s", held)
    assert client.get("/").status_code == 302, "the old cookie is dead too"


def test_signing_out_needs_a_form_of_ours(app, client, enter):
    enter(client)
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/sign-out").status_code == 400
    assert client.get("/").status_code == 200


def test_too_many_tries_are_told_to_wait(monkeypatch, client, enter):
    monkeypatch.setattr(limiter, "enabled", True)
    from_here = [enter(client, password="").status_code for _ in range(32)]
    assert from_here[:12] == [200] * 12, "an office signs in one after the other"
    assert from_here[-1] == 429


@pytest.mark.parametrize("path", ["/sign-in", "/", "/away", "/no-such-page", "/static/book.css"])
def test_every_answer_carries_the_headers(client, path):
    with client.get(path) as answer:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        if not path.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_closed_to_scripts_and_other_sites(client, enter):
    cookie = enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_nothing_in_a_page_says_what_this_is(client):
    text = client.get("/sign-in").text.lower()
    assert "sangha" not in text
    assert "union" not in text


@pytest.mark.parametrize("name", ["treasurer", "nobody"])
def test_strangers_tries_end_alike_and_never_shut_out_a_browser_we_know(app, client, enter, name):
    assert enter(client).status_code == 302
    stranger = app.test_client()
    came = [enter(stranger, sign_in_name=name, code="000000").status_code for _ in range(22)]
    assert came == [200] * 20 + [429] * 2
    assert enter(app.test_client(), sign_in_name=name).status_code == 429
    client.post("/sign-out")
    again = enter(client)
    assert (again.status_code, client.get("/").status_code) == (302, 200)


def test_a_known_browser_pays_for_its_own_tries_and_a_pass_forgives_them(client, enter, clock):
    enter(client)
    came = [enter(client, password="wrong").status_code for _ in range(9)]
    assert came == [200] * 8 + [429]
    clock.advance(timedelta(minutes=16))
    assert enter(client).status_code == 302
    assert enter(client, password="wrong").status_code == 200


def test_a_browser_is_known_for_one_name_only_and_its_mark_names_nobody(app, client, enter):
    enter(client)
    mark = client.get_cookie("b").value
    assert "treasurer" not in mark
    other = app.test_client()
    other.set_cookie("b", mark[:-1] + ("0" if mark[-1] != "0" else "1"))
    came = [enter(other, password="wrong").status_code for _ in range(9)]
    assert came == [200] * 9, "a forged mark is a stranger's"


def test_no_secret_comes_back_on_a_refusal(client, enter, treasurer, clock):
    answer = enter(client, password="a secret she mistyped")
    assert "a secret she mistyped" not in answer.text
    assert 'value="treasurer"' in answer.text


def test_a_cookie_that_was_set_beforehand_is_nobody_afterwards(app, client, enter):
    """Session fixation: what an attacker put into her browser is worth nothing once she is in."""
    attacker = app.test_client()
    enter(attacker)
    planted = attacker.get_cookie("s").value
    attacker.post("/sign-out")
    client.set_cookie("s", planted)
    enter(client)
    assert client.get_cookie("s").value != planted
    attacker.set_cookie("s", planted)
    assert attacker.get("/").status_code == 302


def test_a_rest_shuts_it_and_looking_keeps_it_open(client, enter, clock):
    enter(client)
    for _ in range(4):
        clock.advance(timedelta(minutes=50))
        assert client.get("/").status_code == 200
    clock.advance(timedelta(minutes=61))
    assert client.get("/").status_code == 302


def test_nobody_is_anybody_by_a_press_outside_a_demonstration(client, enter):
    assert client.post("/sign-in/as", data={"sign_in_name": "treasurer"}).status_code == 404


def test_her_sign_ins_are_listed_and_shut_on_their_next_page(app, client, enter):
    enter(client)
    other = app.test_client()
    enter(other)
    shown = client.get("/me/sessions")
    assert shown.text.count("last used") == 2
    ref = re.search(r'name="sign_in"[^>]*value="([0-9a-z]{12})"', shown.text)[1]
    key = "0" * 32
    client.post("/me/sessions/end", data={"sign_in": ref, "command_key": key})
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200
    enter(other)
    client.post("/me/sessions/end-others", data={"command_key": key[1:] + "1"})
    assert other.get("/").status_code == 302
    assert client.get("/me/sessions").text.count("last used") == 1
