"""P2: every route is decided in one table, and no role opens what the table does not give it."""

from __future__ import annotations

import pytest
from flask import Flask

from union.kernel.actor import Role
from union.web import errors, guard
from union.web.access import TABLE, UnlistedRouteError


def _visits(app: Flask):
    """Every rule of the application: its row, a method it takes, and an address for nothing."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {
            name: 0 if type(converter).__name__ == "IntegerConverter" else "0" * 12
            for name, converter in rule._converters.items()
        }
        address = rule.build(values)[1]
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield TABLE[rule.endpoint], method, address


def test_every_route_stands_in_the_table_and_every_row_has_a_route(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints <= TABLE.keys()
    assert {row for row in TABLE if not row.startswith("simulator.")} <= endpoints


def test_a_route_outside_the_table_keeps_the_application_from_starting():
    app = Flask("other")
    app.add_url_rule("/secret-way-in", "secret_way_in", lambda: "in")
    with pytest.raises(UnlistedRouteError):
        guard.install(app)


def test_whoever_is_not_signed_in_sees_public_pages_only(app, client):
    for row, method, address in _visits(app):
        answer = client.open(address, method=method)
        if row.public:
            assert answer.status_code < 500, (method, address)
        elif method == "POST":
            assert answer.status_code == 401, (method, address)
        else:
            assert answer.status_code == 302, (method, address)
            assert "/sign-in" in answer.headers["Location"], (method, address)


@pytest.fixture
def told_once(monkeypatch):
    """The first no has its whole page; of the hundreds that follow only what they answer counts."""
    answered: set[int] = set()
    whole = errors._answer

    def answer(status, *words):
        if status in answered & {403}:
            return "", status
        answered.add(status)
        return whole(status, *words)

    monkeypatch.setattr(errors, "_answer", answer)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_opens_more_than_the_table_gives(app, sign_in, told_once, role):
    browser = sign_in(role)
    for row, method, address in _visits(app):
        if row.public or row.endpoint == "identity.sign_out":
            continue
        answer = browser.open(address, method=method)
        refused = answer.status_code == 403
        if role not in row.roles:
            assert refused, f"{role} opened {method} {address}"
        else:
            assert answer.status_code < 500, f"{role} broke {method} {address}"


def test_an_ended_sign_in_opens_nothing(app, sign_in):
    browser = sign_in(Role.TREASURER)
    assert browser.get("/").status_code == 200
    browser.post("/sign-out")
    assert browser.get("/").status_code == 302


def test_a_forged_cookie_opens_nothing(app):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = "1"
    assert browser.get("/").status_code == 302
