"""The books as treasurer and trustee read them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders.ledger import make_books, make_receipt
from union.infra.people import new_person
from union.kernel.actor import Actor, Role
from union.ledger.models import JournalEntry
from union.ledger.rules import Narration
from union.ledger.services import reverse_entry

WORDS = "from Rani of Bidar"


@pytest.fixture
def receipt(pages) -> JournalEntry:
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        person = new_person(work)
        make_receipt(work, 123_456, fund="welfare", happened_on=date(2026, 10, 1))
        return make_receipt(work, 50_000, narration=Narration(WORDS, person.key_ref))


def test_the_first_line_says_the_difference_is_nought(sign_in, receipt):
    answer = sign_in(Role.TREASURER).get("/books/trial-balance")
    assert "the difference is ₹0" in answer.text
    assert answer.text.count("₹1,734.56") >= 2
    assert "Bank account" in answer.text


def test_it_is_shown_as_on_a_day_and_for_a_fund(sign_in, receipt):
    trustee = sign_in(Role.TRUSTEE)
    earlier = trustee.get("/books/trial-balance?on=2026-10-01")
    assert "Thu 1 October 2026" in earlier.text
    assert "₹1,234.56" in earlier.text
    assert "₹500" not in earlier.text.split("Money held now")[0]
    general = trustee.get("/books/trial-balance?fund=general")
    assert "₹1,234.56" not in general.text.split("Money held now")[0]
    assert "Nothing was booked" in trustee.get("/books/trial-balance?on=2026-09-30").text


def test_words_that_are_no_day_show_today(sign_in, receipt):
    answer = sign_in(Role.TREASURER).get("/books/trial-balance?on=yesterday&fund=nobody")
    assert answer.status_code == 200
    assert "₹1,734.56" in answer.text


def test_an_account_shows_its_movements(sign_in, receipt):
    answer = sign_in(Role.TRUSTEE).get("/books/accounts/1110")
    assert "Bank account stands at ₹1,734.56" in answer.text
    assert "Money received" in answer.text
    assert sign_in(Role.TRUSTEE).get("/books/accounts/9999").status_code == 404


def test_an_entry_shows_both_sides_and_what_took_it_back(sign_in, receipt, pages):
    with pages.begin(Actor.system("test")) as work:
        reversal = reverse_entry(work, receipt.id)
    treasurer = sign_in(Role.TREASURER)
    answer = treasurer.get(f"/books/entries/{receipt.ref}")
    assert "Money received: ₹500" in answer.text
    assert f"/books/entries/{reversal.ref}" in answer.text
    assert f"/books/entries/{receipt.ref}" in treasurer.get(f"/books/entries/{reversal.ref}").text
    assert treasurer.get("/books/journal").text.count("₹500") == 2


def test_words_beside_an_entry_are_not_for_the_trustee(sign_in, receipt):
    address = f"/books/entries/{receipt.ref}"
    assert WORDS in sign_in(Role.TREASURER).get(address).text
    assert WORDS not in sign_in(Role.TRUSTEE).get(address).text


def test_the_journal_turns_its_pages(sign_in, pages, receipt):
    with pages.begin(Actor.system("test")) as work:
        for _ in range(50):
            make_receipt(work, 100)
    browser = sign_in(Role.TRUSTEE)
    assert f"/books/entries/{receipt.ref}" not in browser.get("/books/journal").text
    assert "before=" in browser.get("/books/accounts/1110").text
    assert browser.get(f"/books/journal?before={'9' * 20}").status_code == 200
    older = browser.get(f"/books/journal?before={receipt.id + 1}").text
    assert f"/books/entries/{receipt.ref}" in older
