"""The web key is exchanged while somebody is signed in and a form lies open before her."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders.signing import make_officer
from union.identity.rules.sessions import SIGN_IN_LASTS
from union.infra.living_secrets import LivingSecrets
from union.infra.settings import Secrets
from union.infra.web_keys import exchange, exchange_at_once
from union.kernel.actor import Actor
from union.web.renewed import RenewedSessions

TOO_OLD = 400
MINUTE = timedelta(minutes=1)


@pytest.fixture
def file(app, clock, tmp_path, monkeypatch):
    """The secrets file by which the pages sign."""
    secrets = Secrets.from_file_or_new(tmp_path / "secrets.json")
    living = LivingSecrets(secrets)
    monkeypatch.setattr(app, "session_interface", RenewedSessions(living, clock))
    app.config["WTF_CSRF_ENABLED"] = True
    return tmp_path / "secrets.json"


@pytest.fixture
def send(client):
    """A form that lies open: sends it and says how it was answered."""
    shown = client.get("/begin").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)[1]
    form = {"slip": "nothing", "csrf_token": token}
    return lambda: client.post("/begin", data=form).status_code


def test_an_open_form_is_taken_until_the_key_before_is_over(app, file, clock, send):
    assert send() == 200
    exchange(file, clock.now(), SIGN_IN_LASTS)
    assert send() == 200
    clock.advance(SIGN_IN_LASTS - MINUTE)
    assert send() == 200
    clock.advance(MINUTE)
    assert send() == TOO_OLD


def test_no_answer_that_comes_late_puts_a_cookie_of_before_back(client, file, clock, send):
    """She may have signed out, or in anew, while that page was on its way."""
    exchange(file, clock.now(), SIGN_IN_LASTS)
    for address in ("/begin", "/sign-in", "/static/book.css"):
        assert "Set-Cookie" not in client.get(address, buffered=True).headers
    assert send() == 200


def test_a_switch_in_the_middle_of_a_request_leaves_no_key_out(app, file, clock, monkeypatch):
    """Another thread writes what it read of the file just then."""
    exchange(file, clock.now(), SIGN_IN_LASTS)
    keys, sessions = Secrets.from_file(file).web_keys.counting(clock.now()), app.session_interface

    class Switched(type(app.config)):
        def update(self, *given, **named):
            super().update(*given, **named)
            super().update(SECRET_KEY=bytes(32), SECRET_KEY_FALLBACKS=[], WTF_CSRF_SECRET_KEY=[])

    monkeypatch.setattr(app, "config", Switched(app.root_path, app.config))
    made = sessions.get_signing_serializer(app)
    assert made.secret_keys == keys


def test_a_form_shown_after_it_outlives_the_key_before(client, file, clock):
    exchange(file, clock.now(), SIGN_IN_LASTS)
    shown = client.get("/begin").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)[1]
    clock.advance(SIGN_IN_LASTS)
    exchange(file, clock.now(), SIGN_IN_LASTS)
    assert client.post("/begin", data={"slip": "x", "csrf_token": token}).status_code == 200


def test_at_once_ends_what_lies_open(file, send):
    exchange_at_once(file)
    assert send() == TOO_OLD


def test_who_is_signed_in_stays_so(file, clock, client, office_form):
    assert client.post("/sign-in", data=office_form(client)).status_code == 302
    exchange(file, clock.now(), SIGN_IN_LASTS)
    assert client.get("/me/office-secrets").status_code == 200
    exchange_at_once(file)
    assert client.get("/me/office-secrets").status_code == 302


def test_a_sign_in_of_before_lasts_as_long_as_any(file, clock, client, office_form):
    assert client.post("/sign-in", data=office_form(client)).status_code == 302
    assert client.get("/me/sessions").status_code == 200
    exchange(file, clock.now(), SIGN_IN_LASTS)
    for _ in range(17):
        clock.advance(timedelta(minutes=42))
        seen = client.get("/me/sessions")
        assert (seen.status_code, "Set-Cookie" in seen.headers) == (200, False)
    clock.advance(timedelta(minutes=6))
    assert client.get("/me/sessions").status_code == 302


@pytest.fixture
def office_form(pages, clock):
    """Signing in as in life, with the token of the form that was shown."""
    with pages.begin(Actor.system("test")) as work:
        her = make_officer(work)

    def form(client) -> dict[str, str]:
        shown = client.get("/sign-in").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)[1]
        return {**her.form(clock), "csrf_token": token}

    return form
