"""Signing in, out, and away; what every answer carries."""

from __future__ import annotations

import pytest

from union.identity.services import create_account, give_role
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.web.guard import HEADERS
from union.web.limits import limiter


@pytest.fixture
def treasurer(app, pages):
    with pages.begin(Actor.system("test")) as work:
        account = create_account(work, new_person(work).id, "treasurer", "a long secret")
        give_role(work, account.id, Grant(Role.TREASURER))


def _sign_in(client, name="treasurer", password="a long secret", back=None):
    query = {"back": back} if back else None
    form = {"sign_in_name": name, "password": password}
    return client.post("/sign-in", data=form, query_string=query)


def test_signing_in_leads_back_to_where_one_was_going(client, treasurer):
    asked = client.get("/")
    assert asked.headers["Location"].startswith("/sign-in?back=")
    assert _sign_in(client, back="/").headers["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"]
)
def test_the_way_back_never_leads_out_of_the_house(client, treasurer, back):
    assert _sign_in(client, back=back).headers["Location"] == "/"


@pytest.mark.parametrize("name", ["treasurer", "nobody"])
def test_wrong_and_unknown_are_answered_alike(client, treasurer, name):
    answer = _sign_in(client, name=name, password="wrong")
    assert answer.status_code == 200
    assert "do not fit together" in answer.text
    assert client.get("/").status_code == 302


def test_a_new_sign_in_is_a_new_cookie(client, treasurer):
    client.get("/sign-in")
    before = client.get_cookie("s")
    _sign_in(client)
    assert client.get_cookie("s") != before


def test_leaving_in_a_hurry_ends_the_sign_in_and_shows_something_dull(client, treasurer):
    _sign_in(client)
    held = client.get_cookie("s").value
    left = client.post("/leave", follow_redirects=True)
    assert left.request.path == "/away"
    client.set_cookie("s", held)
    assert client.get("/").status_code == 302, "the old cookie is dead too"


def test_signing_out_needs_a_form_of_ours(app, client, treasurer):
    _sign_in(client)
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/sign-out").status_code == 400
    assert client.get("/").status_code == 200


def test_too_many_tries_are_told_to_wait(monkeypatch, client, treasurer):
    monkeypatch.setattr(limiter, "enabled", True)
    from_here = [_sign_in(client, password="").status_code for _ in range(32)]
    assert from_here[:12] == [200] * 12, "an office signs in one after the other"
    assert from_here[-1] == 429


@pytest.mark.parametrize("path", ["/sign-in", "/", "/away", "/no-such-page", "/static/book.css"])
def test_every_answer_carries_the_headers(client, path):
    with client.get(path) as answer:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        if not path.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_closed_to_scripts_and_other_sites(client, treasurer):
    cookie = _sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_nothing_in_a_page_says_what_this_is(client):
    text = client.get("/sign-in").text.lower()
    assert "sangha" not in text
    assert "union" not in text
