"""Something to look at: two calls at night, somebody on her way to one, and a claim that waits."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from tests.browser.walking import enter_as, go_by

PAGED_WITHIN_MS = 60_000


def live_through(browser: Browser, address: str) -> None:
    """Let a night happen in a running demonstration, unless its board is in use already."""
    with _notebook(browser, address, "operator") as page:
        page.goto("/board")
        if page.locator(".watch").count():
            return
        _write_down(page, "bus stand, Kolar")
    done: set[str] = set()
    for _ in range(2):
        done.add(_answer_a_slip(browser, address, done))
    with _notebook(browser, address, "operator") as page:
        _write_down(page, "KR Market, the flower lane")
    with _notebook(browser, address, "member") as page:
        _ask_for_sick_days(page)


def _write_down(page: Page, place: str) -> None:
    page.goto("/calls/new")
    page.get_by_label("Where is it?").fill(place)
    go_by(page, page.get_by_role("button", name="Ask people to come"))


def _answer_a_slip(browser: Browser, address: str, done: set[str]) -> str:
    """Open a slip that came to a telephone not ``done`` yet, with her digits; whose it was."""
    with _notebook(browser, address, None) as page:
        page.goto("/outside/phones")
        phones = page.locator(".handset", has=page.get_by_text("Open the slip"))
        for name in done:
            phones = phones.filter(has_not_text=name)
        expect(phones.first).to_be_visible(timeout=PAGED_WITHIN_MS)
        name = phones.first.locator("b").first.inner_text()
        digits = re.search(r"(\d\d) / \d\d", name)
        assert digits is not None
        go_by(page, phones.first.get_by_text("Open the slip").first)
        page.get_by_role("textbox").fill(digits[1])
        go_by(page, page.get_by_role("button", name="Show it"))
        return name


def _ask_for_sick_days(page: Page) -> None:
    page.goto("/claims/ask")
    for date in page.locator("input[type=date]").all():
        date.fill("2026-11-10" if date.get_attribute("id") == "from_on" else "2026-11-20")
    page.get_by_role("radio").first.check()
    go_by(page, page.get_by_role("button", name="Ask for help"))


@contextlib.contextmanager
def _notebook(browser: Browser, address: str, who: str | None) -> Iterator[Page]:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    if who:
        enter_as(page, who)
    yield page
    context.close()
