"""Leaving in a hurry: at once, by every key, in every tab, without signal, with no way back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.walking import enter_as, go_by, stand_still

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]
CALENDAR = "table.calendar"
HEARD = "h1.hidden-word"
"""On the page that the union sends once it heard; what a script draws before has none."""


def inside(phone: Phone) -> Page:
    page = phone()
    enter_as(page, "treasurer")
    page.goto("/dues/cash")
    expect(page.locator("h1")).to_have_count(1)
    return page


def has_left(page: Page) -> None:
    """Away, and the union heard of it."""
    page.wait_for_url("**/away")
    expect(page.locator(CALENDAR)).to_be_visible()
    expect(page.locator(HEARD)).to_have_text("Calendar")


def is_out(context: BrowserContext) -> bool:
    page = context.new_page()
    page.goto("/")
    return "/sign-in" in page.url


def by_button(page: Page) -> None:
    page.get_by_role("button", name="Leave").click()


def by_escape(page: Page) -> None:
    """Twice within a second, however slow the machine."""
    stand_still(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.clock.resume()


def by_key(page: Page) -> None:
    page.keyboard.press("F8")


@pytest.mark.parametrize("way", [by_button, by_escape, by_key])
def test_every_way_out_ends_the_sign_in_and_leaves_a_calendar(
    phone: Phone, way: Callable[[Page], None]
) -> None:
    page = inside(phone)
    way(page)
    has_left(page)
    expect(page.get_by_role("button", name="Leave")).to_have_count(0)
    assert is_out(page.context)


def test_one_escape_and_a_held_one_close_nothing(phone: Phone) -> None:
    page = inside(phone)
    for _slowly in range(2):
        page.keyboard.press("Escape")
        page.wait_for_timeout(1200)
    for _held in range(3):
        page.keyboard.down("Escape")
    page.keyboard.up("Escape")
    assert page.url.endswith("/dues/cash")
    assert not is_out(page.context)


def test_going_back_shows_nothing_of_what_was_there(phone: Phone) -> None:
    page = inside(phone)
    by_key(page)
    has_left(page)
    page.go_back()
    page.wait_for_url(re.compile(r"/(sign-in|away)"))
    assert "Cash" not in page.locator("main").inner_text()


def test_without_signal_the_screen_is_empty_at_once_and_the_rest_follows(phone: Phone) -> None:
    page = inside(phone)
    page.context.set_offline(offline=True)
    by_key(page)
    expect(page.locator(CALENDAR)).to_be_visible()
    assert page.url.endswith("/away")
    assert page.locator("main").inner_text().count("\n") < 20
    assert page.get_by_role("link").count() == 1
    today = page.locator("td[aria-current=date]")
    assert today.inner_text() == page.evaluate("String(new Date().getDate())")
    expect(page.locator("th")).to_have_count(7)

    page.context.set_offline(offline=False)
    has_left(page)
    assert is_out(page.context)


def test_a_page_whose_token_is_old_lets_her_go(phone: Phone) -> None:
    page = inside(phone)
    context = page.context
    context.clear_cookies(name="s")
    other = context.new_page()
    other.goto("/sign-in")
    enter_as(other, "treasurer")
    assert not is_out(context)
    by_button(page)
    has_left(page)
    assert is_out(context)


def test_every_tab_is_left_together(phone: Phone) -> None:
    page = inside(phone)
    other = page.context.new_page()
    other.goto("/dues/take")
    by_key(page)
    other.wait_for_url("**/away")
    expect(other.locator(CALENDAR)).to_be_visible()


def test_who_is_not_signed_in_leaves_the_same_way(phone: Phone) -> None:
    page = phone()
    by_escape(page)
    has_left(page)


def test_a_browser_that_cannot_draw_the_month_leaves_all_the_same(phone: Phone) -> None:
    page = inside(phone)
    page.evaluate("Intl.DateTimeFormat = undefined")
    by_key(page)
    has_left(page)
    assert is_out(page.context)


def test_without_scripts_and_without_a_token_it_is_one_press(phone: Phone) -> None:
    page = phone(java_script_enabled=False)
    enter_as(page, "treasurer")
    assert page.locator("form[data-leave] input").count() == 0
    go_by(page, page.get_by_role("button", name="Leave"))
    assert page.url.endswith("/away")
    assert is_out(page.context)
