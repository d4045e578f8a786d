"""Something to look at: two calls at night, somebody on her way to one, and a claim that waits."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from tests.browser.walking import enter_as

PAGED_WITHIN_MS = 60_000


def live_through(browser: Browser, address: str) -> None:
    """Let a night happen in a running demonstration, unless its board is in use already."""
    with _notebook(browser, address, "operator") as page:
        page.goto("/board")
        if page.locator(".watch").count():
            return
        _write_down(page, "bus stand, Kolar")
    _answer_first_slip(browser, address)
    with _notebook(browser, address, "operator") as page:
        _write_down(page, "KR Market, the flower lane")
    with _notebook(browser, address, "member") as page:
        _ask_for_sick_days(page)


def _write_down(page: Page, place: str) -> None:
    page.goto("/calls/new")
    page.get_by_label("Where is it?").fill(place)
    page.get_by_role("button", name="Ask people to come").click()
    page.wait_for_url("**/calls/*")


def _answer_first_slip(browser: Browser, address: str) -> None:
    with _notebook(browser, address, None) as page:
        page.goto("/outside/phones")
        phone = page.locator(".handset", has=page.get_by_text("Open the slip")).first
        expect(phone).to_be_visible(timeout=PAGED_WITHIN_MS)
        digits = re.search(r"(\d\d) / \d\d", phone.locator("b").first.inner_text())
        assert digits is not None
        with page.expect_navigation():
            phone.get_by_text("Open the slip").first.click()
        page.get_by_role("textbox").fill(digits[1])
        page.get_by_role("button", name="Show it").click()
        page.wait_for_load_state()


def _ask_for_sick_days(page: Page) -> None:
    page.goto("/claims/ask")
    for date in page.locator("input[type=date]").all():
        date.fill("2026-11-10" if date.get_attribute("id") == "from_on" else "2026-11-20")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Ask for help").click()
    page.wait_for_load_state()


@contextlib.contextmanager
def _notebook(browser: Browser, address: str, who: str | None) -> Iterator[Page]:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    if who:
        enter_as(page, who)
    yield page
    context.close()
