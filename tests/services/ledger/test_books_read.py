"""A book read page by page: nothing twice, nothing left out, and each line with what it leaves."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders.ledger import make_books
from union.ledger.queries import account_book
from union.ledger.queries.daybooks import account_days, book_page, day_page, stood_before
from union.ledger.rules import EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entries

DAY = date(2026, 10, 2)


@pytest.fixture(autouse=True)
def books(work):
    make_books(work)


def book(work, day: date, amounts, *, both: int = 0, source: str = "test") -> None:
    """So many receipts on a day; every ``both``-th one has a leg of a second fund as well."""
    entries = []
    for number, amount in enumerate(amounts, start=1):
        legs = (debit("1110", amount), credit("4110", amount))
        if both and number % both == 0:
            legs += (debit("1110", 3, "welfare"), credit("4110", 3, "welfare"))
        entries.append(NewEntry(EntryKind.RECEIPT, day, Source(source, number), legs))
    post_entries(work, entries)


def test_a_day_of_many_lines_is_read_page_by_page(work):
    book(work, date(2026, 10, 1), [1000], source="before")
    book(work, DAY, range(1, 121))
    book(work, date(2026, 10, 3), [5], source="after")
    shown, after, held = [], None, 1000
    for size in (50, 50, 20):
        part = day_page(work.session, "1110", DAY, after)
        assert (len(part.lines), part.opening_minor) == (size, held)
        shown += part.lines
        after, held = part.after, part.closing_minor
    assert after is None
    assert [one.amount_minor for one in shown] == list(range(1, 121))
    assert {one.against for one in shown} == {("4110",)}
    assert (
        held == 1000 + sum(range(1, 121)) == stood_before(work.session, "1110", DAY.replace(day=3))
    )
    beyond = day_page(work.session, "1110", DAY, (DAY, 2**62, 1))
    assert (beyond.lines, beyond.opening_minor) == ([], held)


def test_a_page_of_a_day_may_end_in_the_middle_of_an_entry(work):
    book(work, DAY, [10] * 40, both=1)
    first = day_page(work.session, "1110", DAY)
    second = day_page(work.session, "1110", DAY, first.after)
    assert [one.amount_minor for one in (*first.lines, *second.lines)] == [10, 3] * 40
    assert second.lines[-1].running_minor == 40 * 13


def test_a_month_of_too_many_lines_shows_its_days_alone(work):
    for day in range(1, 10):
        book(work, date(2026, 10, day), range(1, 24), source=f"day{day}")
    whole = account_days(work.session, "1110", date(2026, 10, 1), date(2026, 10, 31))
    assert whole.lines is None
    assert (len(whole.days), whole.closing_minor) == (9, 9 * 276)
    few = account_days(work.session, "1110", date(2026, 10, 2), date(2026, 10, 6))
    assert [one.running_minor for one in few.lines][::114] == [277, 6 * 276]
    assert account_days(work.session, "1110", date(2026, 9, 1), date(2026, 9, 30)).lines == []


def test_a_months_lines_are_read_page_by_page_over_its_days(work):
    book(work, date(2026, 9, 30), [1000], source="before")
    for day in (1, 2, 5):
        book(work, date(2026, 10, day), range(1, 46), both=9, source=f"day{day}")
    span = (date(2026, 10, 1), date(2026, 10, 31))
    whole = account_days(work.session, "1110", *span)
    first = account_days(work.session, "1110", *span, whole=False)
    assert (len(whole.lines), len(first.lines), whole.after) == (150, 50, None)
    assert (first.days, first.closing_minor) == (whole.days, whole.closing_minor)
    shown, after = list(first.lines), first.after
    while after is not None:
        part = book_page(work.session, "1110", *span, after)
        assert part.opening_minor == shown[-1].running_minor
        shown += part.lines
        after = part.after
    assert shown == whole.lines
    few = account_days(work.session, "1110", *([date(2026, 10, 5)] * 2), whole=False)
    assert (len(few.lines), few.after is None) == (50, True)


def test_the_next_page_of_an_account_begins_where_the_last_ended(work):
    book(work, DAY, range(100, 160), both=11)
    first = account_book(work.session, "1110")
    second = account_book(work.session, "1110", first[-1].entry.id)
    assert (len(first), len(second)) == (50, 15)
    assert not {one.entry.id for one in first} & {one.entry.id for one in second}
    assert account_book(work.session, "1110", second[-1].entry.id) == []


def test_a_page_of_an_account_ends_with_a_whole_entry(work):
    book(work, DAY, range(100, 150), both=1)
    assert len(account_book(work.session, "1110")) == 50
    book(work, DAY, [7], source="odd")
    assert len(account_book(work.session, "1110")) == 51
