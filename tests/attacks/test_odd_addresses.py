"""Whatever stands behind the question mark of an address, the page answers and nothing breaks."""

from __future__ import annotations

import pytest

from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.services import open_books

ODD = (
    "\0",
    "²",
    "9" * 30,
    "9" * 5_000,
    "-1",
    "0001-01",
    "9999-12",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31_1_1",
    "'",
)
ASKED = (
    (Role.MEMBER, "/papers/who-opened", ("before",)),
    (Role.MEMBER, "/dues/mine", ("year",)),
    (Role.MEMBER, "/open-books/", ("month",)),
    (Role.MEMBER, "/checkout/monthly", ("page", "months")),
    (Role.TREASURER, "/books/journal", ("before",)),
    (Role.TREASURER, "/books/trial-balance", ("on", "fund")),
    (Role.TREASURER, "/books/boxes/1010", ("month", "after")),
    (Role.TREASURER, "/books/vouchers/new", ("sum", "on")),
    (Role.TREASURER, "/books/budget", ("year",)),
    (Role.TREASURER, "/bank/proof", ("on",)),
    (Role.TREASURER, "/checkout/cards", ("page",)),
    (Role.TRUSTEE, "/audit/heads", ("before",)),
    (Role.TRUSTEE, "/reports/balance-sheet", ("first", "last", "fund", "book")),
    (Role.COORDINATOR, "/rota/coverage", ("language", "duty")),
    (Role.COORDINATOR, "/figures", ("month", "district")),
    (Role.COORDINATOR, "/figures.csv", ("month", "district")),
    (Role.COORDINATOR, "/counter/en", ("version",)),
)


@pytest.mark.parametrize(("role", "address", "names"), ASKED, ids=[one[1] for one in ASKED])
def test_an_odd_question_is_answered(sign_in, pages, told_once, role, address, names):
    with pages.begin(Actor.system("test")) as work:
        open_books(work)
    browser = sign_in(role)
    for name in names:
        for value in ODD:
            answer = browser.get(address, query_string={name: value})
            assert answer.status_code < 500, (name, value[:20])


@pytest.mark.parametrize("person", ["²", "9" * 30, "9" * 5_000, "-1"])
def test_a_person_who_is_no_number_is_nobody(sign_in, person):
    browser = sign_in(Role.COORDINATOR)
    sent = {"command_key": new_command_key(), "person": person}
    assert browser.post("/after/rest", data=sent).status_code < 500
