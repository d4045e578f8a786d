"""The button of a member who needs somebody: held it calls at once, only pressed it asks first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import stand_still

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]
HEARD = re.compile("We know")


def at_the_button(phone: Phone, **settings: object) -> Page:
    page = phone("member", **settings)
    page.goto("/help")
    return page


def test_held_long_it_calls_somebody_at_once(phone: Phone) -> None:
    page = at_the_button(phone)
    page.get_by_role("button", name="Call somebody").hover()
    page.mouse.down()
    expect(page.locator("main")).to_contain_text(HEARD)
    page.mouse.up()


def test_touched_by_a_pocket_it_sends_nothing_and_says_what_to_do(phone: Phone) -> None:
    page = at_the_button(phone)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    button = page.get_by_role("button", name="Call somebody")
    stand_still(page)
    button.click()
    expect(page.get_by_role("button", name="Press once more, or hold")).to_be_visible()
    assert "POST" not in sent
    page.get_by_role("button", name="Press once more, or hold").click()
    expect(page.locator("main")).to_contain_text(HEARD)


def test_by_keyboard_it_is_held_too(phone: Phone) -> None:
    page = at_the_button(phone)
    page.get_by_role("button", name="Call somebody").focus()
    page.keyboard.down("Enter")
    expect(page.locator("main")).to_contain_text(HEARD)
    page.keyboard.up("Enter")


def test_without_scripts_one_press_is_asked_once_more(phone: Phone) -> None:
    page = at_the_button(phone, java_script_enabled=False)
    page.get_by_role("button", name="Call somebody").click()
    expect(page.locator("main")).to_contain_text("Shall people come to you now?")
    page.get_by_role("link", name="No, not now").click()
    expect(page.get_by_role("button", name="Call somebody")).to_be_visible()
    page.get_by_role("button", name="Call somebody").click()
    page.get_by_role("button", name="Yes, call somebody").click()
    expect(page.locator("main")).to_contain_text(HEARD)
