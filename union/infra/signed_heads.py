"""Heads of a chain of seals as they were said and signed: which of them does not hold, and why.

Owns how a chain is followed from head to head; knows no table, and never signs or seals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from union.infra.successions import Line

End = tuple[bytes, int]
"""The last seal's hash, and how many rows lie under it and all before it."""


@dataclass(frozen=True, slots=True)
class SaidHead:
    """One head: what it says, by which key, and its own hash, on which the next stands."""

    id: int
    said_on: date
    made_at: datetime
    previous: tuple[int | None, bytes]
    seal_id: int
    end: End
    public_key: bytes
    own_hash: bytes
    holds: bool
    """Whether the key it names signed it; whose that key is, is asked apart."""


@dataclass(frozen=True, slots=True)
class BrokenHead:
    """A head that does not hold: its code says why."""

    head_id: int
    said_on: date
    code: str


def ends_of(seals: Iterable[tuple[int, bytes, int]]) -> dict[int, End]:
    """Where each seal (number, hash, rows under it alone) leaves the chain."""
    ends: dict[int, End] = {}
    total = 0
    for number, content_hash, rows in sorted(seals):
        total += rows
        ends[number] = (content_hash, total)
    return ends


def broken_among(
    heads: Iterable[SaidHead], ends: dict[int, End], first: bytes, ours: Line = ()
) -> Iterator[BrokenHead]:
    """Every head, the oldest first, that is not signed, not the next, or not of this chain.

    With our keys also each that another key signed after one of ours had signed, or one of ours
    after it was handed on: a key that was changed for a new one signs nothing any more. ``first``
    is what the first head stands on.
    """
    previous: tuple[int | None, bytes] = (None, first)
    places = {one.public_key: place for place, one in enumerate(ours)}
    reached = -1
    for head in heads:
        if not head.holds:
            yield BrokenHead(head.id, head.said_on, "not_signed")
        elif (place := places.get(head.public_key, -1)) < reached or (
            place >= 0 and not ours[place].could_sign(head.made_at)
        ):
            yield BrokenHead(head.id, head.said_on, "another_key")
        elif head.previous != previous:
            yield BrokenHead(head.id, head.said_on, "not_the_next")
        elif ends.get(head.seal_id) != head.end:
            yield BrokenHead(head.id, head.said_on, "not_this_chain")
        if head.holds:
            reached = max(reached, places.get(head.public_key, -1))
        previous = (head.id, head.own_hash)
