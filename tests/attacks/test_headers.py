"""Every answer carries every header: pages, refusals, streams, files, and what is not modified."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request

from union.factory import close_app, create_app
from union.infra.wire_settings import WireSettings
from union.kernel.actor import Role
from union.web.headers import HEADERS, permissions

WIDER = {
    "dues.phone_shell": {"Permissions-Policy"},
    "ledger.paper": {"Content-Security-Policy"},
    "checkout.pay": {"Content-Security-Policy"},
}
"""Answers that say something of their own: one camera, one sandbox, one way to the card company."""


EACH = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"}


def addresses(app, methods=EACH):
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {
            name: 0 if type(converter).__name__ == "IntegerConverter" else "0" * 12
            for name, converter in rule._converters.items()
        }
        for method in sorted(rule.methods & methods):
            yield rule.endpoint, method, rule.build(values)[1]


def hold(answer, endpoint="", *, stored=False):
    own = WIDER.get(endpoint, set())
    for name, value in HEADERS.items():
        assert name in answer.headers, (endpoint, name)
        assert name in own or answer.headers[name] == value, (endpoint, name)
        assert len(answer.headers.getlist(name)) == 1, (endpoint, name)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    if not stored:
        assert answer.headers["Cache-Control"] == "no-store", endpoint
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "X-Powered-By" not in answer.headers


def test_every_address_answers_with_every_header_to_a_stranger(app, client, told_once):
    for endpoint, method, address in addresses(app):
        with client.open(address, method=method) as answer:
            hold(answer, endpoint)


def test_every_address_answers_with_every_header_to_whoever_may_open_it(app, sign_in, told_once):
    browser = sign_in(*set(Role) - {Role.MEMBER})
    seen = set()
    for endpoint, method, address in addresses(app, {"GET", "POST"}):
        if endpoint in {"identity.sign_out", "identity.leave"}:
            continue
        with browser.open(address, method=method) as answer:
            hold(answer, endpoint)
            seen.add(answer.status_code)
    assert {200, 302, 404} <= seen


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/no-such-page"}, 404),
        ({"path": "/sign-in", "method": "DELETE"}, 405),
        ({"path": "/sign-in", "method": "POST", "data": b"x" * (17 * 1024 * 1024)}, 413),
        ({"path": "/static/no-such-file.js"}, 404),
    ],
)
def test_refusals_carry_them_too(client, asked, status):
    answer = client.open(**asked)
    assert answer.status_code == status
    hold(answer, stored=asked["path"].startswith("/static"))


def test_an_answer_that_breaks_carries_them_too(app, client, monkeypatch):
    def broken():
        raise RuntimeError("words of hers")

    monkeypatch.setitem(app.view_functions, "identity.away", broken)
    monkeypatch.setitem(app.config, "TESTING", False)
    app.testing = False
    answer = client.get("/away")
    app.testing = True
    assert answer.status_code == 500
    assert "words of hers" not in answer.text
    hold(answer)


def test_files_that_never_change_are_kept_and_carry_them_too(client):
    with client.get("/static/book.css") as answer:
        hold(answer, stored=True)
        mark = {"If-None-Match": answer.headers["ETag"]}
    with client.get("/static/book.css", headers=mark) as again:
        assert again.status_code == 304
        hold(again, stored=True)


def test_the_camera_is_open_on_one_page_and_the_rest_stays_shut():
    assert "camera=(self)" in permissions("camera")
    assert "geolocation=()" in permissions("camera")
    assert "microphone=()" in permissions("geolocation")


@pytest.fixture
def behind_a_proxy(settings, clock, app):
    """The application as it stands behind one proxy that speaks TLS."""
    wire = WireSettings(trusted_proxies=1)
    public = replace(
        settings, public_url="https://book.example.test", secure_cookies=True, wire=wire
    )
    app = create_app(public, clock)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    close_app(app)


def test_behind_our_proxy_all_is_encrypted_for_two_years(behind_a_proxy):
    client = behind_a_proxy.test_client()
    answer = client.get(
        "/away", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    )
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "evil.example" not in answer.text


def test_what_we_are_called_is_taken_from_no_proxy(behind_a_proxy):
    """Whose page sent something is told by our own name: whoever chose it would be one of us."""
    called = []
    behind_a_proxy.before_request(lambda: called.append(request.host))
    told = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    behind_a_proxy.test_client().get("/away", headers=told)
    assert called == ["localhost"]


def test_the_cookie_of_a_sign_in_can_be_set_by_this_house_alone(behind_a_proxy):
    assert behind_a_proxy.config["SESSION_COOKIE_NAME"] == "__Host-s"
    assert behind_a_proxy.config["SESSION_COOKIE_SECURE"]
    assert behind_a_proxy.config["SESSION_COOKIE_DOMAIN"] is None


def test_the_cookie_of_a_tongue_goes_over_no_open_line(behind_a_proxy, client):
    told = {"X-Forwarded-Proto": "https"}
    chosen = {"language": "hi"}
    public = behind_a_proxy.test_client().post("/language", data=chosen, headers=told)
    assert "; Secure" in public.headers["Set-Cookie"]
    assert "Secure" not in client.post("/language", data=chosen).headers["Set-Cookie"]
