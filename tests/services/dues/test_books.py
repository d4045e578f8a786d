"""Receipt books: handed out, missing numbers found, brought back, and numbers outside them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.builders.dues import ask_laws, make_payer, make_payment
from union.dues.errors import BookBackError, BookOverlapsError, BookTooLongError, BookUsedAfterError
from union.dues.models import CollectionLine
from union.dues.queries.books import books_of, missing_in_books, next_receipt
from union.dues.queries.rounds import waiting_lines
from union.dues.services import (
    HandOverCash,
    IssueBook,
    collector_for_person,
    hand_over,
    import_collections,
    issue_book,
    return_book,
)

DAY = date(2026, 10, 1)


@pytest.fixture
def walker(work):
    return make_payer(work, card_number="KA/08500", called="Uma")


def issued(work, walker, first=2001, last=2050):
    return issue_book(work, IssueBook(walker.card_number, first, last, DAY))


def received(work, walker, *numbers):
    for number in numbers:
        book = {"collector_person_id": walker.person_id, "receipt_no": number}
        make_payment(work, make_payer(work).person_id, **book)


def test_the_next_number_runs_from_book_to_book(work, walker):
    issued(work, walker, 2001, 2002)
    issued(work, walker, 2101, 2102)
    hers = collector_for_person(work, walker.person_id).id
    assert next_receipt(work.session, hers) == 2001
    received(work, walker, 2001, 2002)
    assert next_receipt(work.session, hers) == 2101
    received(work, walker, 2101, 2102)
    assert next_receipt(work.session, hers) is None
    ask_laws(work)


def test_no_number_is_handed_out_twice(work, walker):
    issued(work, walker)
    other = make_payer(work)
    with pytest.raises(BookOverlapsError):
        issued(work, other, 2050, 2060)
    with pytest.raises(BookTooLongError):
        issued(work, other, 3000, 2999)


def test_a_book_half_used_comes_back_and_its_white_part_goes_to_another(work, walker):
    book = issued(work, walker)
    received(work, walker, 2001, 2003)
    with pytest.raises(BookUsedAfterError):
        return_book(work, book.ref, 2003)
    return_book(work, book.ref, 2004)
    with pytest.raises(BookBackError):
        return_book(work, book.ref, 2004)
    other = make_payer(work)
    issued(work, other, 2004, 2050)
    (state,) = books_of(work.session, book.collector_id)
    assert (state.missing, state.left) == ((2002,), 0)
    ask_laws(work)


def test_numbers_missing_when_all_is_handed_in_are_listed_and_hold_the_difference(work, walker):
    book = issued(work, walker)
    received(work, walker, 2002, 2004)
    assert missing_in_books(work.session, book.collector_id) == [2001, 2003]
    hand_over(work, HandOverCash(book.collector_id, 3000, work.clock.today()))
    waits = waiting_lines(work, book.collector_id)
    assert [(one.line.receipt_no, one.line.reason) for one in waits] == [
        (2001, "receipt_missing"),
        (2003, "receipt_missing"),
    ]
    hand_over(work, HandOverCash(book.collector_id, 100, work.clock.today()))
    assert len(waiting_lines(work, book.collector_id)) == 2
    ask_laws(work)


def test_a_number_outside_her_books_waits_and_one_inside_is_booked(work, walker):
    issued(work, walker)
    rani = make_payer(work, card_number="KA/08501")
    assert rani
    outcome = import_collections(
        work,
        b"collector,receipt,date,member,amount\n"
        b"KA/08500,2001,03-10-2026,KA/08501,20\n"
        b"KA/08500,7001,03-10-2026,KA/08501,20\n",
    )
    assert (outcome.booked, outcome.refused) == (1, 1)
    query = select(CollectionLine.reason).where(CollectionLine.receipt_no == 7001)
    assert work.session.scalar(query) == "receipt_outside"


def test_what_was_found_on_sheets_gives_way_to_the_book_it_came_from(work, walker):
    make_payer(work, card_number="KA/08501")
    import_collections(
        work,
        b"collector,receipt,date,member,amount\nKA/08500,2007,03-10-2026,KA/08501,20\n",
    )
    book = issued(work, walker)
    (state,) = books_of(work.session, book.collector_id)
    assert (state.book.id, state.used, state.next_no) == (book.id, 1, 2008)
    with pytest.raises(BookOverlapsError):
        issued(work, make_payer(work), 2007, 2007)
