"""Tries are counted by who asks, told by a proxy of ours alone, under what leads back to nobody."""

from __future__ import annotations

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix

from union.web.limits import limiter, visitor


def counted_as(app, address: str, **headers: str) -> str:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}, headers=headers):
        return visitor()


def test_no_address_can_be_read_from_what_is_counted(app):
    key = counted_as(app, "203.0.113.9")
    assert "203" not in key
    assert len(key) == 64
    assert key == counted_as(app, "203.0.113.9") == counted_as(app, "::ffff:203.0.113.9")
    assert key != counted_as(app, "203.0.113.10")


def test_one_line_is_one_visitor_whatever_addresses_it_gives_itself(app):
    home = counted_as(app, "2001:db8:1:2::1")
    assert home == counted_as(app, "2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert home != counted_as(app, "2001:db8:1:3::1")


def test_an_address_is_taken_from_nobody_while_no_proxy_is_ours(app):
    plain = counted_as(app, "203.0.113.9")
    assert plain == counted_as(app, "203.0.113.9", **{"X-Forwarded-For": "198.51.100.7"})
    assert plain == counted_as(app, "203.0.113.9", Forwarded="for=198.51.100.7")
    assert not isinstance(app.wsgi_app, ProxyFix)


@pytest.fixture
def counting(app):
    limiter.enabled = True
    yield app.test_client()
    limiter.enabled = False


def test_ten_thousand_tries_from_elsewhere_leave_her_own_alone(counting):
    wrong = {"sign_in_name": "radha", "password": "guessed it"}

    def tried_from(address: str) -> int:
        elsewhere = {"REMOTE_ADDR": address}
        return counting.post("/sign-in", data=wrong, environ_base=elsewhere).status_code

    answers = {tried_from("198.51.100.7") for _ in range(40)}
    assert 429 in answers
    assert tried_from("203.0.113.9") == 200
