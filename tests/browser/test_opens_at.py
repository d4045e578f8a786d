"""Where a page opens on a small phone: at what was refused, and near its end, without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]

PATIENCE = 20_000
SCREENS = 12
"""So many heights of a phone a list of a demonstration may have before it is folded."""


def test_a_refused_fold_far_down_is_open_and_in_sight(phone: Phone) -> None:
    page = phone("coordinator", java_script_enabled=False)
    page.goto("/trained")
    fold = page.locator("main details").first
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    page.locator("main details a.line").first.click()
    page.locator("summary", has_text="End it early").first.click()
    page.get_by_role("button", name="End it").first.click()
    reason = page.locator('[id^="ended-"][aria-invalid="true"]')

    expect(reason).to_be_focused(timeout=PATIENCE)
    expect(reason).to_be_in_viewport(timeout=PATIENCE)
    expect(page.get_by_text("Say why.")).to_be_in_viewport(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("who", "address", "follow"),
    [
        ("treasurer", "/dues/reminders", None),
        ("treasurer", "/bank/", 'main a[href*="/statements/"]'),
        ("secretary", "/books-in/", 'main a[href*="/batch/"]'),
    ],
    ids=["reminders", "a statement", "a register"],
)
def test_a_long_list_ends_soon_and_the_rest_is_a_fold(
    phone: Phone, who: str, address: str, follow: str | None
) -> None:
    page = phone(who)
    page.goto(address)
    if follow:
        page.locator(follow).first.click()
        page.wait_for_url(lambda now: not now.endswith(address))
    more = page.locator("main summary", has_text="more.")

    expect(more.first).to_be_visible(timeout=PATIENCE)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < SCREENS * page.viewport_size["height"]
