"""The pages of a busy book: its days, and each day's lines fifty at a time."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from tests.builders.ledger import make_books
from union.kernel.actor import Actor, Role
from union.ledger.rules import EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entries

BOX = "/books/boxes/1110"
DAYS = f"{BOX}/days"


@pytest.fixture
def busy(pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        for day in (1, 2):
            receipts(work, day, 120)


def receipts(work, day: int, count: int) -> None:
    entries = [
        NewEntry(
            EntryKind.RECEIPT,
            date(2026, 10, day),
            Source(f"day{day}", number),
            (debit("1110", 100 * number), credit("4110", 100 * number)),
        )
        for number in range(1, count + 1)
    ]
    post_entries(work, entries)


def test_a_busy_months_days_open_with_their_lines(sign_in, busy):
    treasurer = sign_in(Role.TREASURER)
    month = treasurer.get("/books/boxes/1110?month=2026-10").text
    assert f'href="{DAYS}/2026-10-02"' in month
    page, seen = treasurer.get(f"{DAYS}/2026-10-02").text, 0
    while True:
        seen += len(re.findall(r'href="/books/entries/', page))
        further = re.search(rf'href="({DAYS}/2026-10-02\?after=[0-9_-]+)"', page)
        if further is None:
            break
        page = treasurer.get(further[1]).text
    assert seen == 120
    assert "₹14,520" in page


def test_a_months_lines_go_on_over_its_days(sign_in, pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        receipts(work, 1, 40)
        receipts(work, 2, 40)
    treasurer = sign_in(Role.TREASURER)
    page = unescape(treasurer.get(f"{BOX}?month=2026-10").text)
    assert len(re.findall(r'href="/books/entries/', page)) == 50
    further = treasurer.get(re.search(rf'href="({BOX}\?[^"]*after=[0-9_-]+)"', page)[1]).text
    assert len(re.findall(r'href="/books/entries/', further)) == 30
    assert "after=" not in further
    assert "₹1,640" in further


@pytest.mark.parametrize(
    "after", ["", "7", "2026-10-02_x_1", "2026-10-02_1_²", f"2026-10-02_{'9' * 40}_1", "1_1_1"]
)
def test_an_after_nobody_wrote_is_no_error(sign_in, busy, after):
    treasurer = sign_in(Role.TREASURER)
    for address in (f"{DAYS}/2026-10-02?after={after}", f"{BOX}?month=2026-10&after={after}"):
        assert treasurer.get(address).status_code == 200


def test_a_day_that_is_none_is_not_there(sign_in, busy):
    treasurer = sign_in(Role.TREASURER)
    for day in ("2026-02-30", "yesterday"):
        assert treasurer.get(f"{DAYS}/{day}").status_code == 404
    assert "Nothing moved" in treasurer.get(f"{DAYS}/2026-09-30").text
    assert sign_in(Role.MEMBER).get(f"{DAYS}/2026-10-02").status_code in {403, 404}
