"""Pages on a small phone: whoever cannot see, has no script, or has little data can use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.walking import STOPS, Stop, enter_as, go_by, walk_to

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
FIRST_PAGE_BYTES = 50_000
PHONE_WIDTH = 360
TOO_SMALL_FOR_A_THUMB = """
() => [...document.querySelectorAll("button, select, summary, input, .act, .line[href]")]
    .filter((one) => one.checkVisibility() && !one.matches("[type=radio], [type=checkbox]"))
    .filter((one) => !one.matches(".hidden-word"))
    .map((one) => [one.textContent.trim() || one.name, one.getBoundingClientRect().height])
    .filter(([, height]) => height < 47.5)
"""

stops = pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)


@stops
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whoever_comes_can_use_the_page(phone: Phone, stop: Stop, scheme: str) -> None:
    page = phone(stop.who, color_scheme=scheme)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    walk_to(page, stop)

    found = Axe().run(page, options=RULES)

    assert found.violations_count == 0, found.generate_report()
    assert page.title() == "Notebook"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    assert page.evaluate(TOO_SMALL_FOR_A_THUMB) == []
    assert [words for words in refused if "Content Security" in words] == []


def test_a_first_page_costs_less_than_fifty_kilobytes(phone: Phone) -> None:
    page = phone()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto("/sign-in", wait_until="networkidle")

    assert 0 < sum(sizes) < FIRST_PAGE_BYTES


def test_one_can_enter_and_leave_without_scripts(phone: Phone) -> None:
    page = phone(java_script_enabled=False)
    enter_as(page, "treasurer")
    assert page.locator("h1").count() == 1

    go_by(page, page.get_by_role("button", name="Leave"))

    assert page.url.endswith("/away")
    page.goto("/")
    assert "/sign-in" in page.url


def test_what_was_typed_stays_when_the_password_is_wrong(phone: Phone) -> None:
    page = phone()
    page.get_by_label("Name or card number").fill("treasurer")
    page.get_by_label("Password").fill("something else")
    page.get_by_label("Code from your telephone").fill("000000")
    go_by(page, page.get_by_role("button", name="Open it"))

    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("Name or card number").input_value() == "treasurer"


def test_her_own_tongue(phone: Phone) -> None:
    page = phone(locale="kn-IN")
    assert page.locator("html").get_attribute("lang") == "kn"


def test_money_is_taken_and_a_receipt_written_without_scripts(phone: Phone) -> None:
    page = phone("treasurer", java_script_enabled=False)
    page.goto("/dues/take")
    page.get_by_label("Card number").fill("KA/00030")
    go_by(page, page.get_by_role("button", name="Find her"))
    page.locator("#amount").fill("10")
    go_by(page, page.get_by_role("button", name="Take it and write the receipt"))

    assert "₹10" in page.locator("h1").inner_text()
    assert page.locator(".receipt").count() == 1


def test_a_place_alone_is_enough_to_ask_people_without_scripts(phone: Phone) -> None:
    page = phone("operator", java_script_enabled=False)
    page.goto("/calls/new")
    page.get_by_label("Where is it?").fill("KR Market")
    go_by(page, page.get_by_role("button", name="Ask people to come"))

    assert page.locator("h1").inner_text() == "People are being asked. Tell what more you hear."


def test_an_unreadable_amount_is_said_beside_it_and_kept(phone: Phone) -> None:
    page = phone("treasurer", java_script_enabled=False)
    page.goto("/dues/take")
    page.get_by_label("Card number").fill("KA/00030")
    go_by(page, page.get_by_role("button", name="Find her"))
    page.locator("#amount").fill("ten")
    go_by(page, page.get_by_role("button", name="Take it and write the receipt"))

    assert page.locator("#amount").input_value() == "ten"
    assert page.get_by_text("figures").first.is_visible()
