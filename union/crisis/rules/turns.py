"""Whose turn it is at the desk: waiting lines put in order; plain values, nothing is decided.

Ten who tell of one raid are one event; whoever rings next from another district is heard after the
first of them, not after the tenth: each event, each district and those nobody knows where take
turns, and within one the eldest comes first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from datetime import datetime


class Need(IntEnum):
    """How much a line needs somebody now, the most first."""

    LIFE = 0
    NOBODY = 1
    HELPED = 2
    QUIET = 3
    IN_HAND = 4


@dataclass(frozen=True, slots=True)
class Waits:
    """One line; ``about`` is the event it tells of, else its district, else None."""

    ref: str
    first_at: datetime
    id: int = 0
    about: Hashable = None
    own_life: bool = False
    helped: bool = False
    quiet: bool = False
    taken: bool = False

    @property
    def need(self) -> Need:
        """Who may end her life comes first; who is in somebody's hand last."""
        if self.taken:
            return Need.IN_HAND
        if self.own_life:
            return Need.LIFE
        if self.quiet:
            return Need.QUIET
        return Need.HELPED if self.helped else Need.NOBODY


def in_turn(lines: Iterable[Waits]) -> list[Waits]:
    """The lines in the order in which they need a voice."""
    seen: Counter[tuple[Need, Hashable]] = Counter()
    placed: list[tuple[Need, int, datetime, int, str, Waits]] = []
    for one in sorted(lines, key=lambda line: (line.first_at, line.id, line.ref)):
        place = (one.need, one.about)
        placed.append((one.need, seen[place], one.first_at, one.id, one.ref, one))
        seen[place] += 1
    return [line for *_, line in sorted(placed, key=lambda entry: entry[:5])]
