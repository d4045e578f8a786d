"""One page leads to all that opens her notebook, and to nothing that would refuse her."""

from __future__ import annotations

import pytest

from tests.laws.crawling import LINK
from union.kernel.actor import Role

EVERYBODYS = {"/me/sessions", "/me/keys"}
OFFICERS = {"/me/office-secrets", "/me/opening-words"}


@pytest.mark.parametrize(
    ("roles", "ways"),
    [
        ([Role.MEMBER], {"/me/secrets"}),
        ([Role.TREASURER], OFFICERS),
        ([Role.MEMBER, Role.COLLECTOR], {"/me/secrets", *OFFICERS}),
    ],
)
def test_each_is_led_to_what_opens_hers_and_nowhere_else(sign_in, roles, ways):
    browser = sign_in(*roles)
    shown = set(LINK.findall(browser.get("/me/locks").text))
    assert {way for way in shown if way.startswith("/me/") and way != "/me/locks"} == {
        *EVERYBODYS,
        *ways,
    }
    for way in (*EVERYBODYS, *ways):
        assert browser.get(way).status_code == 200, way


def test_the_menu_has_one_word_for_all_of_them(sign_in):
    shown = LINK.findall(sign_in(Role.MEMBER, Role.TREASURER).get("/").text)
    assert "/me/locks" in shown
    assert not {*EVERYBODYS, *OFFICERS, "/me/secrets"} & set(shown)
