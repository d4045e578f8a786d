"""Which of a collector's white receipts are on which of her phones."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.dues.models import RoundHold
from union.dues.queries.books import accounted_for, books_of
from union.dues.rules.books import next_number, white_numbers


def live_holds(session: Session, collector_id: int) -> Sequence[RoundHold]:
    """What phones of hers hold now, in the order they took it."""
    query = select(RoundHold).where(
        RoundHold.collector_id == collector_id, RoundHold.left_at.is_(None)
    )
    return session.scalars(query.order_by(RoundHold.taken_at, RoundHold.id)).all()


def white_of(session: Session, collector_id: int) -> list[range]:
    """The white receipts of her issued books: of each all after the last one used."""
    issued = [
        one.book.numbers
        for one in books_of(session, collector_id)
        if one.book.issued_on is not None and one.book.returned_at is None
    ]
    return white_numbers(issued, accounted_for(session, collector_id))


def next_on_paper(session: Session, collector_id: int) -> int | None:
    """The number she writes next on paper or with signal: the first white one no phone holds."""
    held = [one.numbers for one in live_holds(session, collector_id)]
    for white in white_of(session, collector_id):
        for number in white:
            if not any(number in one for one in held):
                return number
    return None


def on_phone(session: Session, collector_id: int, number: int) -> bool:
    """Whether a phone of hers holds this number, and may have used it."""
    return any(number in one.numbers for one in live_holds(session, collector_id))


def held_by(session: Session, device_id: int) -> list[RoundHold]:
    """What one phone holds now, in the order it took it."""
    query = select(RoundHold).where(RoundHold.device_id == device_id, RoundHold.left_at.is_(None))
    return list(session.scalars(query.order_by(RoundHold.id)))


def next_on(session: Session, device_id: int, collector_id: int) -> int | None:
    """The number a phone writes next: the first white one of what it holds."""
    numbers = [one.numbers for one in held_by(session, device_id)]
    return next_number(numbers, accounted_for(session, collector_id))
