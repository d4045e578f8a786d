"""P1: the half of her opened key that her browser holds is a cookie of this sign-in alone."""

from __future__ import annotations

import logging
import re
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from redis import Redis
from structlog.testing import capture_logs

from tests.builders.identity import make_signed_in
from tests.builders.legal import NOTE, WORDS, choose_words, make_case, make_paralegal
from tests.redis_dump import everything_in
from union.factory import HOUSE, close_app, create_app
from union.kernel.actor import Actor, Role
from union.web.current import EXTENSION
from union.web.limits import limiter
from union.web.opening import PREFIX

TEST = Actor.system("test")


@pytest.fixture
def browser(pages, sign_in):
    """A paralegal's browser, her case's address, and her actor."""
    with pages.begin(TEST) as work:
        paralegal = make_paralegal(work)
        choose_words(work, paralegal)
        ref = make_case(work, paralegal).ref
    return sign_in(Role.PARALEGAL, person_id=paralegal.person_id), f"/papers/{ref}", paralegal


def say_words(client, back, words=WORDS):
    return client.post("/opened/", data={f"{PREFIX}passphrase": words, f"{PREFIX}back": back})


def test_the_cookie_is_hers_alone_and_goes_when_she_does(browser):
    client, address, _ = browser
    answer = say_words(client, address)
    assert answer.headers["Location"] == address
    (said,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("k=")]
    assert "HttpOnly" in said
    assert "SameSite=Strict" in said
    assert "Path=/" in said
    assert not re.search("expires|max-age|domain", said, re.IGNORECASE)
    assert NOTE in client.get(address).text
    client.post("/leave")
    assert client.get_cookie("k") is None


@pytest.mark.parametrize("way_out", ["/sign-out", "/leave", "/opened/shut"])
def test_the_cookie_sent_once_more_opens_nothing(browser, sign_in, way_out):
    client, address, her = browser
    say_words(client, address)
    half = client.get_cookie("k").value
    client.post(way_out, data={f"{PREFIX}back": address})
    again = client if way_out == "/opened/shut" else sign_in(person_id=her.person_id)
    again.set_cookie("k", half)
    shown = again.get(address).text
    assert "Your opening words" in shown
    assert NOTE not in shown


@pytest.mark.parametrize("half", ["", "=", "AAAA", "\u0915", "A" * 43 + "="])
def test_a_cookie_that_is_none_of_ours_is_none(browser, half):
    client, address, _ = browser
    say_words(client, address)
    client.set_cookie("k", half)
    shown = client.get(address)
    assert shown.status_code == 200
    assert NOTE not in shown.text


def test_neither_half_nor_her_words_lie_in_redis_or_in_a_log(parts, caplog, monkeypatch):
    """Everything really running: tries are counted in Redis, a line is logged for what fails."""
    monkeypatch.setattr(limiter, "enabled", True)
    app = create_app(parts.settings)
    unit = app.extensions[HOUSE].unit
    with app.app_context(), unit.begin(TEST) as work:
        her = make_paralegal(work)
        choose_words(work, her)
        address = f"/papers/{make_case(work, her).ref}"
        token = make_signed_in(work, [Role.PARALEGAL], her.person_id)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        say_words(client, address, "wrong canary words")
        say_words(client, address)
        assert NOTE in client.get(address).text
    half = client.get_cookie("k").value
    close_app(app)
    with Redis.from_url(parts.settings.redis_url) as redis:
        held = everything_in(redis).decode("latin-1")
    assert held, "the tries are counted there"
    for secret in (half, urlsafe_b64decode(half).hex(), WORDS, "wrong canary", NOTE, token):
        assert secret not in f"{held}{lines}{caplog.text}"


def test_on_an_encrypted_address_no_other_host_can_set_or_read_it(app, browser):
    client, address, _ = browser
    held = app.extensions[EXTENSION]
    encrypted = replace(held.settings, secure_cookies=True)
    app.extensions[EXTENSION] = replace(held, settings=encrypted)
    cookies = say_words(client, address).headers.getlist("Set-Cookie")
    (said,) = [one for one in cookies if one.startswith("__Host-k=")]
    assert "; Secure" in said
    assert "Path=/" in said
    assert "Domain" not in said
