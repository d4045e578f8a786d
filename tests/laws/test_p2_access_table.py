"""P2: every route is decided in one table, and no role opens what the table does not give it."""

from __future__ import annotations

import pytest
from flask import Flask

from union.kernel.access import HERSELF
from union.kernel.actor import Actor, Grant, Role
from union.web import guard
from union.web.access import TABLE, Relation, Row, UnlistedRouteError
from union.web.current import EXTENSION, WebKit
from union.web.guard import NoAboutError
from union.web.navigation import ways_for


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


def _with_a_page(rule: str, row: Row, monkeypatch) -> Flask:
    app = Flask("other", static_folder=None)
    app.extensions[EXTENSION] = WebKit(None, None, Actor.anonymous, abouts={"known": None})
    app.add_url_rule(rule, row.endpoint, lambda **_named: "in")
    monkeypatch.setitem(TABLE, row.endpoint, row)
    return app


@pytest.mark.parametrize(
    ("rule", "about"),
    [
        ("/mine/<ref>", HERSELF),
        ("/thing/<ref>", "nobody_answers_this"),
        ("/things", "known"),
    ],
)
def test_a_page_whose_object_nobody_tells_of_keeps_the_application_from_starting(
    rule, about, monkeypatch
):
    row = Row("some.page", roles={Role.MEMBER}, relation=Relation.OWN, about=about)
    with pytest.raises(NoAboutError):
        guard.install(_with_a_page(rule, row, monkeypatch))


@pytest.mark.parametrize(("rule", "about"), [("/mine", HERSELF), ("/thing/<ref>", "known")])
def test_a_page_whose_object_is_told_of_starts(rule, about, monkeypatch):
    row = Row("some.page", roles={Role.MEMBER}, relation=Relation.OWN, about=about)
    guard.install(_with_a_page(rule, row, monkeypatch))


def test_the_menu_leads_nowhere_that_refuses(app):
    """An office given for one branch is not offered what is for the whole union."""
    with app.app_context():
        for branch_id, offered in ((None, True), (3, False)):
            grants = frozenset({Grant(Role.MEMBERSHIP_SECRETARY, branch_id)})
            ways = ways_for(Actor(1, 1, grants))
            pages = {entry.endpoint for _group, entries in ways for entry in entries}
            assert ("intake.files" in pages) is offered
            assert "members.register" in pages


def test_whoever_is_not_signed_in_sees_public_pages_only(app, client, told_once):
    for row, method, address in _visits(app):
        answer = client.open(address, method=method)
        if row.public:
            assert answer.status_code < 500, (method, address)
        elif method == "POST":
            assert answer.status_code == 401, (method, address)
        else:
            assert answer.status_code == 302, (method, address)
            assert "/sign-in" in answer.headers["Location"], (method, address)


def test_no_role_opens_more_than_the_table_gives(app, sign_in, told_once):
    """Who holds every other role is refused, and so is each: alone they are walked elsewhere."""
    browsers, opened = {}, []
    for row, method, address in _visits(app):
        others = frozenset(Role) - row.roles
        if row.public or not others:
            continue
        if others not in browsers:
            browsers[others] = sign_in(*others)
        status = browsers[others].open(address, method=method).status_code
        if status != 403:
            opened.append((method, address, status))
    assert len(browsers) > 20
    assert opened == []


@pytest.mark.parametrize("role", list(Role))
def test_what_the_table_gives_breaks_for_nobody(app, sign_in, told_once, role):
    browser, broken = sign_in(role), []
    for row, method, address in _visits(app):
        if role in row.roles and row.endpoint != "identity.sign_out":
            status = browser.open(address, method=method).status_code
            if status >= 500:
                broken.append((method, address, status))
    assert broken == []


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


@pytest.mark.parametrize("sign", ["\x00", "\n", "\x85"])
def test_an_address_with_what_nobody_can_write_is_an_address_of_nothing(app, sign_in, sign):
    """Before anything is asked of it: on a public page, of a list, and of an object alike."""
    of_words = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.arguments
        and all(type(one).__name__ == "UnicodeConverter" for one in rule._converters.values())
    ]
    kinds = {
        (TABLE[one.endpoint].public, TABLE[one.endpoint].about is None): one for one in of_words
    }
    assert kinds.keys() == {(True, True), (False, True), (False, False)}
    for rule in kinds.values():
        row = TABLE[rule.endpoint]
        browser = app.test_client() if row.public else sign_in(min(row.roles))
        method = "GET" if "GET" in rule.methods else "POST"
        address = rule.build(dict.fromkeys(rule.arguments, f"a{sign}b"))[1]
        assert browser.open(address, method=method).status_code == 404, (method, rule.rule)


def test_an_office_of_one_branch_gives_no_offices(sign_in):
    here = sign_in(Role.MEMBERSHIP_SECRETARY, branch_id=3)
    assert here.get("/office/people").status_code == 403
    assert sign_in(Role.MEMBERSHIP_SECRETARY).get("/office/people").status_code == 200
