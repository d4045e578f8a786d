"""A paper sheet typed without a mouse, and by the keys alone kept when a row is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import go_by

pytestmark = pytest.mark.outside


def open_sheet(page: Page) -> None:
    page.goto("/dues/cash")
    go_by(page, page.locator("main a.line", has_text="KA/00718").first)
    go_by(page, page.locator('a[href$="/typed"]'))


def test_a_sheet_is_typed_by_keys_alone(phone: Callable[..., Page]) -> None:
    page = phone("treasurer")
    open_sheet(page)
    cell = page.locator("input:focus")
    expect(cell).to_have_attribute("name", "card-1")
    page.locator('input[name="receipt-1"]').fill("2190")
    page.locator('input[name="card-1"]').focus()
    for card, amount in (("ka 30", "20"), ("99999", "25.50"), ("30", "10")):
        page.keyboard.type(card)
        page.keyboard.press("Enter")
        page.keyboard.type(amount)
        page.keyboard.press("Enter")
    expect(cell).to_have_attribute("name", "card-4")
    expect(page.locator('input[name="receipt-3"]')).to_have_value("2192")
    expect(page.locator("[data-running]")).to_contain_text("₹55.50 · 3")

    page.keyboard.press("Tab")
    page.get_by_role("button", name="Book this sheet").press("Enter")

    expect(page.get_by_text("Nobody in the register has this card number.")).to_be_visible()
    expect(page.locator('input[name="card-2"]')).to_have_value("99999")
    expect(page.locator('input[name="amount-3"]')).to_have_value("10")
    expect(cell).to_have_attribute("name", "card-2")


def test_rows_are_added_when_the_paper_is_longer(phone: Callable[..., Page]) -> None:
    page = phone("treasurer")
    open_sheet(page)
    last = page.locator('input[name="amount-20"]')
    last.fill("20")
    last.press("Enter")
    expect(page.locator("input:focus")).to_have_attribute("name", "card-21")


def test_without_scripts_enter_goes_on_and_books_nothing(phone: Callable[..., Page]) -> None:
    page = phone("treasurer", java_script_enabled=False)
    open_sheet(page)
    page.locator('input[name="card-20"]').fill("30")
    page.locator('input[name="amount-20"]').fill("20")
    page.locator('input[name="amount-20"]').press("Enter")
    expect(page.get_by_text("Nothing is booked yet.")).to_be_visible()
    expect(page.locator('input[name="card-20"]')).to_have_value("30")
    expect(page.locator("input:focus")).to_have_attribute("name", "card-21")
