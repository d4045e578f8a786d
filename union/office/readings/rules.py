"""Who is named to her whom it is about, and when the chain's keepers are late: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

BY_OFFICE_ONLY = frozenset(
    {
        "opened_taken_name",
        "opened_taken_mark",
        "minor_opened",
        "minor_number_opened",
    }
)
"""Read at night by those who come: they are told by their office, for whoever holds her telephone
must not learn who comes."""

LATE_AFTER = timedelta(days=2)
LOOK_AGAIN = timedelta(days=3)
"""So long a question waits until the trustees are told once more."""

LONGEST_INQUIRY = timedelta(days=30)
PLACES = (1, 2)


class Outcome(StrEnum):
    """What a trustee found about a reading."""

    WAS_RIGHT = "was_right"
    WAS_NOT_RIGHT = "was_not_right"
    CANNOT_TELL = "cannot_tell"


class Trouble(StrEnum):
    """What is wrong with the keeping of the chain, though nothing is broken."""

    PLACE_FREE = "place_free"
    NOT_WRITTEN = "not_written"
    NOT_SIGNED = "not_signed"
    NOT_SEALED = "not_sealed"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How the chain is kept: for each place the newest day its keeper wrote down, if any.

    ``taken`` are the places that somebody keeps. ``first_said`` and ``last_said`` are the oldest
    and the newest day that was signed; ``waits`` how many readings are in no seal an hour later.
    """

    taken: frozenset[int]
    written: dict[int, date]
    first_said: date | None
    last_said: date | None
    waits: int


def troubles(keeping: Keeping, today: date) -> list[tuple[Trouble, int]]:
    """What is to be told, each with a number: the place, the days, or how many readings."""
    found: list[tuple[Trouble, int]] = []
    if keeping.waits:
        found.append((Trouble.NOT_SEALED, keeping.waits))
    if keeping.first_said is None or keeping.last_said is None:
        return found
    if today - keeping.last_said >= LATE_AFTER:
        found.append((Trouble.NOT_SIGNED, (today - keeping.last_said).days))
    for place in PLACES:
        if place not in keeping.taken:
            found.append((Trouble.PLACE_FREE, place))
            continue
        last = keeping.written.get(place, keeping.first_said - timedelta(days=1))
        if today - last > LATE_AFTER:
            found.append((Trouble.NOT_WRITTEN, (today - last).days))
    return found
