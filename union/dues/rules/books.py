"""Receipt books: which numbers of a book are missing, and which comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

MOST_NUMBERS = 1000
"""A book of more receipts than this is a slip of the pen."""

ENOUGH = 30
"""White receipts for a day's round; whoever has fewer left in a book takes the next one too."""


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


def white_numbers(books: Sequence[range], used: Collection[int]) -> list[range]:
    """Of each book what comes after its last used number; books that are full are left out."""
    after = (
        range(
            max((number for number in used if number in book), default=book.start - 1) + 1,
            book.stop,
        )
        for book in books
    )
    return [white for white in after if white]


def to_take_along(
    white: Sequence[range], mine: Sequence[range], others: Sequence[range]
) -> list[range]:
    """What a phone takes besides what it holds: book by book, until it has enough for a day.

    ``mine`` is what it holds, ``others`` what other phones hold; a book another phone holds part
    of is left alone, for its paper is where that phone is.
    """
    enough = sum(
        len(range(max(a.start, b.start), min(a.stop, b.stop))) for a in white for b in mine
    )
    taken: list[range] = []
    for book in white:
        if enough >= ENOUGH:
            break
        if any(_meet(book, one) for one in (*mine, *others)):
            continue
        taken.append(book)
        enough += len(book)
    return taken


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
