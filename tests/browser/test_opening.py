"""A member with a small phone and no script: from a new card to what she paid, and to her word."""

from __future__ import annotations

import re

import pytest

from tests.browser.walking import BRANCH, MEMBER, go_by
from union.office.number_cards import views

pytestmark = pytest.mark.outside

PIN, WORD = "482915", "red lamp on the sill"
LETTERS_ARE_CUT_MS = 300_000
"""The first paper of a fresh clone: its letters are cut to size before it is drawn."""


@pytest.fixture
def new_card(phone, monkeypatch) -> tuple[str, str]:
    """A card that waits: its digits, as the printer saw them, and the word said at the office."""
    drawn = []
    real = views.print_number
    monkeypatch.setattr(views, "print_number", lambda digits: drawn.append(digits) or real(digits))
    secretary, other = phone("secretary"), phone("signatory")
    secretary.goto("/members/")
    go_by(secretary, secretary.locator(BRANCH).first)
    go_by(secretary, secretary.locator(MEMBER).first)
    go_by(secretary, secretary.get_by_role("link", name="A number card for her notebook"))
    card = re.search(r"KA/\d+", secretary.locator("main").inner_text())[0]
    inputs = secretary.locator("main form input").all()
    form = {one.get_attribute("name"): one.get_attribute("value") for one in inputs}
    paper = secretary.request.post(secretary.url, form=form, timeout=LETTERS_ARE_CUT_MS)
    assert paper.headers["content-type"] == "application/pdf"
    other.goto("/number/word")
    other.get_by_label("Her membership card").fill(card)
    other.get_by_label("She stands before me").check()
    go_by(other, other.get_by_role("button", name="Show the six digits"))
    said = re.search(r"(\d{3}) (\d{3})", other.get_by_role("heading", level=1).inner_text())
    return drawn[0], said[1] + said[2]


def test_from_a_new_card_to_what_she_paid_without_a_script(phone, new_card):
    digits, start = new_card
    hers = phone(None, java_script_enabled=False)
    hers.goto("/open")
    go_by(hers, hers.get_by_role("link", name="My card is new"))
    for name, typed in (("number", digits), ("start", start), ("pin", PIN), ("word", WORD)):
        hers.locator(f'[name="{name}"]').fill(typed)
    for name, typed in (("pin_again", PIN), ("word_again", WORD)):
        hers.locator(f'[name="{name}"]').fill(typed)
    hers.get_by_label("This telephone is mine").check()
    go_by(hers, hers.get_by_role("button", name="Open it"))
    assert hers.evaluate("document.documentElement.scrollWidth") <= 360
    hers.goto("/dues/mine")
    assert hers.get_by_role("heading", level=1).is_visible()
    hers.goto("/claims/mine")
    assert "This opens on" in hers.get_by_role("heading", level=1).inner_text()
    go_by(hers, hers.get_by_role("button", name="Close the notebook"))
    hers.goto("/dues/mine")
    assert hers.url.split("?")[0].endswith("/open"), "a telephone that is hers goes to the PIN"
    assert hers.locator('[name="number"]').count() == 0
    hers.locator('[name="pin"]').fill(PIN)
    go_by(hers, hers.get_by_role("button", name="Open it"))
    assert hers.url.endswith("/dues/mine")
