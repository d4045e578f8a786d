"""The board in a real Chromium: by keyboard, from afar, fresh by itself, and by reload alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.walking import PATIENT_MS, enter_as, go_by

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]


@pytest.fixture(scope="module")
def night(chromium: Browser, union_at: str) -> None:
    """Two calls that need people."""
    context = chromium.new_context(base_url=union_at)
    context.set_default_timeout(PATIENT_MS)
    page = context.new_page()
    page.goto("/sign-in")
    enter_as(page, "operator")
    for place in ("bus stand, Kolar", "KR Market, the flower lane"):
        page.goto("/calls/new")
        page.get_by_label("Where is it?").fill(place)
        go_by(page, page.get_by_role("button", name="Ask people to come"))
    context.close()


@pytest.mark.usefixtures("night")
def test_keys_walk_the_board_and_open_what_is_meant(phone: Phone) -> None:
    page = phone("coordinator")
    page.goto("/board")
    expect(page.locator("#board-keys")).to_be_visible()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.closest('[data-key]').dataset.key")
    assert first == page.locator("[data-key]").first.get_attribute("data-key")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('[data-key]').dataset.key") == first
    page.keyboard.press("?")
    expect(page.locator("#board-keys")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(incidents|calls)/"))


@pytest.mark.usefixtures("night")
def test_the_tone_comes_only_when_asked_for_and_the_title_says_nothing(
    phone: Phone,
) -> None:
    page = phone("coordinator")
    page.goto("/board")
    title = page.title()
    newly = """() => {
      const row = document.createElement("article");
      row.className = "watch lit";
      row.dataset.key = `new-${document.querySelectorAll("[data-key]").length}`;
      document.querySelector("[data-board]").append(row);
    }"""
    page.evaluate(newly)
    assert page.locator("[data-board]").get_attribute("data-rang") is None
    page.get_by_role("button", name="A soft tone").click()
    rang = page.locator("[data-board]")
    expect(rang).to_have_attribute("data-rang", "1")
    page.evaluate(newly)
    expect(rang).to_have_attribute("data-rang", "2")
    assert page.title() == title
    assert not re.search(r"board|call|help|\d", title, re.IGNORECASE)


@pytest.mark.usefixtures("night")
def test_from_afar_it_is_larger_and_still_fits_a_phone(phone: Phone) -> None:
    page = phone("coordinator")
    sizes = []
    for address in ("/board", "/board?large=1"):
        page.goto(address)
        size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
        sizes.append(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert sizes[1] > sizes[0] * 1.1


def test_without_scripts_it_renews_itself_and_offers_a_look(
    chromium: Browser, phone: Phone, union_at: str
) -> None:
    held = phone("coordinator").context.storage_state()
    context = chromium.new_context(base_url=union_at, java_script_enabled=False, storage_state=held)
    page = context.new_page()
    page.goto("/board")
    assert page.locator('noscript meta[http-equiv="refresh"], meta[http-equiv="refresh"]').count()
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    expect(page.get_by_role("button", name="A soft tone")).to_be_hidden()
    context.close()
