"""Receipt books handed out and brought back. Invariant: no number is in two issued books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from union.dues.errors import (
    BookBackError,
    BookOverlapsError,
    BookTooLongError,
    BookUsedAfterError,
    PaidAheadOfTimeError,
    PayerUnknownError,
)
from union.dues.models import Collector, Receipt, ReceiptBook
from union.dues.queries.books import overlapping_books
from union.dues.rules.books import MOST_NUMBERS
from union.dues.services.collectors import collector_for_person, hold_books, hold_collector
from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.members.queries import member_by_card


@dataclass(frozen=True, slots=True)
class IssueBook:
    """A book to hand out: to whom (her card), its first and last number, on which day."""

    card: str
    first_no: int
    last_no: int
    issued_on: date


def issue_book(work: Work, asked: IssueBook) -> ReceiptBook:
    """Write down that a collector holds a book; she is a collector from then on.

    BookOverlapsError if one of its numbers was handed out before, BookTooLongError,
    PayerUnknownError for a card nobody has.
    """
    member = member_by_card(work.session, asked.card)
    if member is None:
        raise PayerUnknownError
    if not asked.first_no <= asked.last_no < asked.first_no + MOST_NUMBERS:
        raise BookTooLongError
    if asked.issued_on > work.clock.today():
        raise PaidAheadOfTimeError
    hold_books(work)
    collector = collector_for_person(work, member.person_id)
    hold_collector(work, collector.id)
    if overlapping_books(work.session, collector.id, asked.first_no, asked.last_no):
        raise BookOverlapsError
    _forget_found(work, collector, asked)
    book = ReceiptBook(
        ref=new_ref(),
        collector_id=collector.id,
        first_no=asked.first_no,
        last_no=asked.last_no,
        issued_on=asked.issued_on,
        issued_by=work.actor.person_id,
        made_at=work.clock.now(),
    )
    work.session.add(book)
    work.session.flush()
    _log(work, "receipt_book_issued", book, collector)
    return book


def return_book(work: Work, book_ref: str, unused_from: int) -> ReceiptBook:
    """Take a book back: from ``unused_from`` on it is white (after its last number: all used).

    BookUsedAfterError if a receipt from there on is booked, BookBackError if it came before.
    """
    book = work.session.scalar(select(ReceiptBook).where(ReceiptBook.ref == book_ref))
    if book is None or book.issued_on is None:
        raise NotFoundError
    hold_collector(work, book.collector_id)
    work.session.refresh(book)
    if book.returned_at is not None:
        raise BookBackError
    if not book.first_no <= unused_from <= book.last_no + 1:
        raise BookTooLongError
    used = select(Receipt.id).where(
        Receipt.collector_id == book.collector_id,
        Receipt.number.between(unused_from, book.last_no),
    )
    if work.session.scalar(used.limit(1)) is not None:
        raise BookUsedAfterError
    book.unused_from, book.returned_on = unused_from, work.clock.today()
    book.returned_at, book.returned_by = work.clock.now(), work.actor.person_id
    work.session.flush()
    _log(work, "receipt_book_returned", book, work.session.get_one(Collector, book.collector_id))
    return book


def _forget_found(work: Work, collector: Collector, asked: IssueBook) -> None:
    """What was found of hers on sheets gives way to the book it came from."""
    work.session.execute(
        delete(ReceiptBook).where(
            ReceiptBook.collector_id == collector.id,
            ReceiptBook.issued_on.is_(None),
            ReceiptBook.first_no >= asked.first_no,
            ReceiptBook.last_no <= asked.last_no,
        )
    )


def _log(work: Work, action: str, book: ReceiptBook, collector: Collector) -> None:
    audit.log(
        work,
        action,
        object_type="receipt_book",
        object_id=book.id,
        subject_person_id=collector.person_id,
    )
