"""The small scripts: what is held, what is kept, what is fetched again; each page works without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.walking import stand_still

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]

BOARD = """<!doctype html><html lang="en"><title>Notebook</title>
<link rel="stylesheet" href="/static/book.css">
<script src="/static/board.js" defer></script>
<main data-board="/fragment">{rows}</main></html>"""
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def test_a_button_that_must_be_held_ignores_a_pocket(phone: Phone) -> None:
    page = phone()
    page.goto("/look")
    button = page.get_by_role("button", name="Hold to call for help")

    stand_still(page)
    button.click()
    assert "held" not in page.url
    page.clock.run_for(7_000)  # what was pressed is no first of two any more

    page.clock.resume()
    button.hover()
    page.mouse.down()
    page.wait_for_url("**/look?held=yes")
    page.mouse.up()


def test_a_held_button_is_an_ordinary_one_without_scripts(phone: Phone) -> None:
    page = phone(java_script_enabled=False)
    page.goto("/look")

    page.get_by_role("button", name="Hold to call for help").click()

    page.wait_for_url("**/look?held=yes")


def test_what_is_being_written_is_kept_with_its_token(phone: Phone) -> None:
    page = phone()
    sent: list[str] = []

    def keep(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
            route.fulfill(status=204)
        else:
            route.fallback()

    page.route("**/look", keep)
    page.goto("/look")
    page.get_by_label("Anything to remember").fill("near the lake")

    expect(page.locator("[data-kept]")).to_contain_text("Kept")
    assert "near the lake" in sent[0]
    assert "csrf_token" in sent[0]


def test_a_form_that_could_not_be_kept_says_so_and_tries_again(phone: Phone) -> None:
    page = phone()
    answers = [503]

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        route.fulfill(status=answers[-1])

    page.route("**/look", answer)
    page.goto("/look")
    page.get_by_label("Anything to remember").fill("near the lake")

    says = page.locator("[data-kept]")
    expect(says).to_contain_text("Not kept yet")
    answers.append(204)
    expect(says).to_contain_text("Kept")


def test_a_board_marks_softly_what_changed_and_only_that(phone: Phone) -> None:
    page = phone()
    rows = '<p data-key="a" data-version="1">one</p><p data-key="b" data-version="{b}">two</p>'
    page.route("**/board", lambda route: _html(route, BOARD.format(rows=rows.format(b=1))))
    page.route("**/fragment", lambda route: _html(route, rows.format(b=2)))
    page.goto("/board")

    page.evaluate(LOOK_AGAIN)

    expect(page.locator("[data-key=b]")).to_have_class("changed")
    expect(page.locator("[data-key=a]")).not_to_have_class("changed")


def test_a_board_waits_while_somebody_writes_in_it(phone: Phone) -> None:
    page = phone()
    page.route(
        "**/board", lambda route: _html(route, BOARD.format(rows='<input aria-label="words">'))
    )
    page.route("**/fragment", lambda route: _html(route, "<p>somebody else's news</p>"))
    page.goto("/board")
    page.get_by_label("words").fill("half a sen")

    page.evaluate(LOOK_AGAIN)
    page.wait_for_timeout(300)

    assert page.get_by_label("words").input_value() == "half a sen"


def _html(route: Route, body: str) -> None:
    route.fulfill(content_type="text/html", body=body)
