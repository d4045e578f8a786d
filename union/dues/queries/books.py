"""Receipt books: which numbers are issued to whom, used, missing, and which comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from union.dues.models import CollectionLine, Collector, Receipt, ReceiptBook
from union.dues.rules.books import missing_numbers, next_number


@dataclass(frozen=True, slots=True)
class BookState:
    """One book: how many of its numbers are accounted for, which are missing, which is next."""

    book: ReceiptBook
    used: int
    missing: tuple[int, ...]
    next_no: int | None

    @property
    def left(self) -> int:
        """How many receipts are still white."""
        if self.book.returned_at is not None:
            return 0
        return self.book.last_no - (self.next_no or self.book.last_no + 1) + 1


def numbers_issued(session: Session, cards: Collection[str]) -> dict[str, list[range]]:
    """The numbers of the books issued to these collectors, by card; nothing if none was issued."""
    rows = session.execute(
        select(Collector.card_number, ReceiptBook)
        .join(ReceiptBook, ReceiptBook.collector_id == Collector.id)
        .where(Collector.card_number.in_(cards), ReceiptBook.issued_on.is_not(None))
        .order_by(ReceiptBook.issued_on, ReceiptBook.id)
    )
    found: defaultdict[str, list[range]] = defaultdict(list)
    for card, book in rows:
        found[card or ""].append(book.numbers)
    return dict(found)


def accounted_for(session: Session, collector_id: int) -> set[int]:
    """Every number of hers with a receipt, a line, or a missing one somebody has settled."""
    lines = select(CollectionLine.receipt_no).where(
        CollectionLine.collector_id == collector_id,
        CollectionLine.receipt_no.is_not(None),
        or_(CollectionLine.verdict != "missing", CollectionLine.settled_at.is_not(None)),
    )
    receipts = select(Receipt.number).where(Receipt.collector_id == collector_id)
    found = {*session.scalars(receipts), *session.scalars(lines)}
    return {number for number in found if number is not None}


def books_of(session: Session, collector_id: int) -> list[BookState]:
    """Her books, oldest first: issued ones, and what was found on sheets before any was issued."""
    books = session.scalars(
        select(ReceiptBook)
        .where(ReceiptBook.collector_id == collector_id)
        .order_by(ReceiptBook.issued_on.nulls_first(), ReceiptBook.id)
    ).all()
    used = accounted_for(session, collector_id)
    return [_state(book, used) for book in books]


def all_books(session: Session) -> Mapping[int, Sequence[BookState]]:
    """Every collector's books, by her id."""
    ids = session.scalars(select(ReceiptBook.collector_id).distinct()).all()
    return {collector_id: books_of(session, collector_id) for collector_id in ids}


def next_receipt(session: Session, collector_id: int) -> int | None:
    """The number that comes next in her issued books; None if she has no white receipt left."""
    issued = [
        one.book.numbers
        for one in books_of(session, collector_id)
        if one.book.issued_on is not None and one.book.returned_at is None
    ]
    return next_number(issued, accounted_for(session, collector_id))


def missing_in_books(session: Session, collector_id: int) -> list[int]:
    """The numbers missing from her issued books, of which no line waits yet."""
    waiting = select(CollectionLine.receipt_no).where(
        CollectionLine.collector_id == collector_id, CollectionLine.verdict == "missing"
    )
    listed = set(session.scalars(waiting))
    return [
        number
        for one in books_of(session, collector_id)
        if one.book.issued_on is not None
        for number in one.missing
        if number not in listed
    ]


def overlapping_books(
    session: Session, collector_id: int, first_no: int, last_no: int
) -> list[ReceiptBook]:
    """Books that have one of these numbers: any issued one, and what was found of another's."""
    until = func.coalesce(ReceiptBook.unused_from - 1, ReceiptBook.last_no)
    return list(
        session.scalars(
            select(ReceiptBook).where(
                ReceiptBook.first_no <= last_no,
                until >= first_no,
                or_(ReceiptBook.issued_on.is_not(None), ReceiptBook.collector_id != collector_id),
            )
        )
    )


def _state(book: ReceiptBook, used: set[int]) -> BookState:
    came_back = book.returned_at is not None
    return BookState(
        book=book,
        used=sum(number in book.numbers for number in used),
        missing=tuple(missing_numbers(book.numbers, used, came_back=came_back)),
        next_no=None if came_back else next_number([book.numbers], used),
    )
