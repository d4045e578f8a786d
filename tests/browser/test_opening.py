"""A member with a small phone and no script: from a new card to what she paid, and to her word."""

from __future__ import annotations

import re

import pytest

from tests.browser.walking import BRANCH, MEMBER
from union.office.number_cards import views

pytestmark = pytest.mark.outside

PIN, WORD = "482915", "red lamp on the sill"


@pytest.fixture
def new_card(phone, monkeypatch) -> tuple[str, str]:
    """A card that waits: its digits, as the printer saw them, and the word said at the office."""
    drawn = []
    real = views.print_number
    monkeypatch.setattr(views, "print_number", lambda digits: drawn.append(digits) or real(digits))
    secretary, other = phone("secretary"), phone("signatory")
    secretary.goto("/members/")
    secretary.locator(BRANCH).first.click()
    secretary.locator(MEMBER).first.click()
    secretary.get_by_role("link", name="A number card for her notebook").click()
    card = re.search(r"KA/\d+", secretary.locator("main").inner_text())[0]
    inputs = secretary.locator("main form input").all()
    form = {one.get_attribute("name"): one.get_attribute("value") for one in inputs}
    paper = secretary.request.post(secretary.url, form=form)
    assert paper.headers["content-type"] == "application/pdf"
    other.goto("/number/word")
    other.get_by_label("Her membership card").fill(card)
    other.get_by_label("She stands before me").check()
    other.get_by_role("button", name="Show the six digits").click()
    said = re.search(r"(\d{3}) (\d{3})", other.get_by_role("heading", level=1).inner_text())
    return drawn[0], said[1] + said[2]


def test_from_a_new_card_to_what_she_paid_without_a_script(phone, new_card):
    digits, start = new_card
    hers = phone(None, java_script_enabled=False)
    hers.goto("/open")
    hers.get_by_role("link", name="My card is new").click()
    for name, typed in (("number", digits), ("start", start), ("pin", PIN), ("word", WORD)):
        hers.locator(f'[name="{name}"]').fill(typed)
    for name, typed in (("pin_again", PIN), ("word_again", WORD)):
        hers.locator(f'[name="{name}"]').fill(typed)
    hers.get_by_label("This telephone is mine").check()
    hers.get_by_role("button", name="Open it").click()
    assert hers.evaluate("document.documentElement.scrollWidth") <= 360
    hers.goto("/dues/mine")
    assert hers.get_by_role("heading", level=1).is_visible()
    hers.goto("/claims/mine")
    assert "This opens on" in hers.get_by_role("heading", level=1).inner_text()
    hers.get_by_role("button", name="Close the notebook").click()
    hers.goto("/dues/mine")
    assert hers.url.split("?")[0].endswith("/open"), "a telephone that is hers goes to the PIN"
    assert hers.locator('[name="number"]').count() == 0
    hers.locator('[name="pin"]').fill(PIN)
    hers.get_by_role("button", name="Open it").click()
    assert hers.url.endswith("/dues/mine")
