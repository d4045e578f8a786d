"""Leaving works from any page of ours, however old, and a stranger's page cannot end anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from union.infra.wire_settings import WireSettings
from union.kernel.actor import Role
from union.web.current import EXTENSION
from union.web.leaving import FORGET

OURS = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "https://localhost"},
)


@pytest.fixture
def guarded(app):
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def inside(browser) -> bool:
    return browser.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers", [OURS, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}, {}]
)
def test_a_page_of_ours_without_a_token_lets_her_go(guarded, sign_in, headers):
    browser = sign_in(Role.TREASURER)
    assert inside(browser)
    answer = browser.post("/leave", data={"csrf_token": "of last week"}, headers=headers)
    assert answer.headers["Location"] == "/away"
    assert not inside(browser)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_strangers_page_ends_nothing(guarded, sign_in, headers):
    browser = sign_in(Role.TREASURER)
    answer = browser.post("/leave", headers=headers)
    assert answer.headers["Location"] == "/away"
    assert "Set-Cookie" not in answer.headers
    assert "Clear-Site-Data" not in answer.headers
    assert inside(browser)


def test_opening_the_address_does_nothing(guarded, sign_in):
    browser = sign_in(Role.TREASURER)
    assert browser.get("/leave").status_code == 405
    assert browser.head("/sign-out").status_code == 405
    assert inside(browser)


@pytest.mark.parametrize("headers", [OURS, *FOREIGN])
def test_closing_the_notebook_needs_the_pages_own_token(guarded, sign_in, headers):
    browser = sign_in(Role.TREASURER)
    assert browser.post("/sign-out", headers=headers).status_code == 400
    assert inside(browser)


def test_who_is_not_signed_in_leaves_too(guarded, client):
    answer = client.post("/leave", headers=OURS, follow_redirects=True)
    assert answer.request.path == "/away"
    assert "October 2026" in answer.text


def test_a_sign_in_is_over_for_the_cookie_that_was_copied(guarded, sign_in):
    browser = sign_in(Role.TREASURER)
    copied = browser.get_cookie("s").value
    browser.post("/leave", headers=OURS)
    thief = guarded.test_client()
    thief.set_cookie("s", copied)
    assert thief.get("/").status_code == 302


def test_the_browser_is_told_to_forget_and_never_kept_waiting(app, sign_in):
    browser = sign_in(Role.TREASURER)
    assert browser.post("/sign-out").headers["Clear-Site-Data"] == FORGET
    browser = sign_in(Role.TREASURER)
    assert "Clear-Site-Data" not in browser.post("/leave", headers=OURS).headers
    said_by_script = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert browser.post("/leave", headers=said_by_script).headers["Clear-Site-Data"] == FORGET
    assert 'src="/away/nothing.svg"' in browser.get("/away").text
    picture = browser.get("/away/nothing.svg")
    assert picture.headers["Clear-Site-Data"] == FORGET
    assert "storage" not in FORGET
    assert "cookies" not in FORGET


def test_the_union_chooses_where_leaving_leads(app, client):
    chosen = WireSettings(leave_to="https://weather.example.test/")
    app.extensions[EXTENSION] = _with_wire(app.extensions[EXTENSION], chosen)
    assert 'data-onward="https://weather.example.test/"' in client.get("/sign-in").text
    assert 'content="0; url=https://weather.example.test/"' in client.get("/away").text


def test_the_union_chooses_name_picture_and_colour(app, sign_in):
    chosen = WireSettings(shown_name="ನೋಟ್ 7", icon="cup", accent="leaf")
    app.extensions[EXTENSION] = _with_wire(app.extensions[EXTENSION], chosen)
    browser = sign_in(Role.COLLECTOR)
    for address in ("/", "/away", "/no-such-page"):
        html = browser.get(address).text
        assert "<title>ನೋಟ್ 7</title>" in html
        assert "/static/icons/cup.svg" in html
        assert 'data-accent="leaf"' in html
        assert "Notebook" not in html
    manifests = [
        rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("manifest.json")
    ]
    assert len(manifests) == 2
    for address in manifests:
        said = browser.get(address).json
        assert (said["name"], said["short_name"]) == ("ನೋಟ್ 7", "ನೋಟ್ 7")
        assert said["icons"][0]["src"].startswith("/static/icons/cup.svg")


def _with_wire(kit, wire):
    return replace(kit, settings=replace(kit.settings, wire=wire))
