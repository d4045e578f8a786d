"""Receipt books: which numbers of a book are missing, and which comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

MOST_NUMBERS = 1000
"""A book of more receipts than this is a slip of the pen."""


def missing_numbers(book: range, used: Collection[int], *, came_back: bool = False) -> list[int]:
    """The numbers of a book with nothing under them, below the last one used.

    Of a book that ``came_back`` every number that is hers must be accounted for.
    """
    inside = {number for number in used if number in book}
    last = book.stop if came_back else max(inside, default=book.start)
    return [number for number in range(book.start, last) if number not in inside]


def next_number(books: Sequence[range], used: Collection[int]) -> int | None:
    """The number she writes next: after the last used one of the first book not full; else None."""
    for book in books:
        after = max((number for number in used if number in book), default=book.start - 1) + 1
        if after in book:
            return after
    return None
