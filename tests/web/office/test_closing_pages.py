"""Closing a month over its page: the button comes when nothing holds it up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders.ledger import make_books, make_receipt
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.kernel.periods import Month


@pytest.fixture
def books(pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work, Month(2026, 10))
        make_receipt(work, 5000, account="1010")


def test_a_month_is_closed_when_its_list_lets_it(sign_in, books, clock):
    treasurer = sign_in(Role.TREASURER)
    address = "/books/months/2026-10"
    early = treasurer.get(address).text
    assert "Close October 2026 for good" not in early
    assert "holds it up" in early
    clock.move_to(datetime(2026, 11, 3, 6, tzinfo=UTC))
    treasurer = sign_in(Role.TREASURER)
    ready = treasurer.get(address).text
    assert "Close October 2026 for good" in ready
    assert "October 2026 can be closed: one thing is left, and may wait." in ready
    refused = treasurer.post(address, data={"command_key": new_command_key()})
    assert "tick below that you know of it" in refused.text
    form = {"command_key": new_command_key(), "carried": "y"}
    for _twice in range(2):
        assert treasurer.post(address, data=form).status_code == 302
    listed = sign_in(Role.TRUSTEE).get("/books/months").text
    assert "carried over: Each cash box was counted" in listed
    assert "November 2026 is the next to be closed" in listed
    for nothing in ("2026-13", "2031-01", "x"):
        assert treasurer.get(f"/books/months/{nothing}").status_code == 404
    assert sign_in(Role.SIGNATORY).post(address, data=form).status_code == 403


def test_the_bank_is_compared_as_on_the_month_s_last_day(sign_in, books, pages, clock):
    with pages.begin(Actor.system("test")) as work:
        make_receipt(work, 5000)
    clock.move_to(datetime(2026, 11, 3, 6, tzinfo=UTC))
    treasurer = sign_in(Role.TREASURER)
    assert "/bank/proof?on=2026-10-31" in treasurer.get("/books/months/2026-10").text


def test_quiet_months_are_closed_together_and_what_is_not_quiet_stays(sign_in, pages, clock):
    with pages.begin(Actor.system("test")) as work:
        make_books(work, Month(2026, 7))
        make_receipt(work, 5000, account="1010")
    clock.move_to(datetime(2026, 11, 3, 6, tzinfo=UTC))
    treasurer, form = sign_in(Role.TREASURER), {"command_key": new_command_key()}
    page = treasurer.get("/books/months").text
    assert "July 2026 to September 2026" in page
    assert "Close 3 months for good" in page
    shown_less = {"command_key": new_command_key(), "last": "2026-08"}
    assert treasurer.post("/books/months/quiet", data=shown_less).status_code == 302
    assert "September 2026 is the next to be closed" in treasurer.get("/books/months").text
    assert treasurer.post("/books/months/quiet", data=form | {"last": "x"}).status_code == 302
    assert "September 2026 is the next to be closed" in treasurer.get("/books/months").text
    for _twice in range(2):
        answer = treasurer.post("/books/months/quiet", data=form | {"last": "2026-09"})
        assert answer.status_code == 302
    page = treasurer.get("/books/months").text
    assert "October 2026 is the next to be closed" in page
    assert "Close the quiet months" not in page
    assert "Close the quiet" not in sign_in(Role.TRUSTEE).get("/books/months").text
    assert sign_in(Role.SIGNATORY).post("/books/months/quiet", data=form).status_code == 403
