"""What is told of a month's calls inside and outside the union, once it is over (P4).

The bounds and the putting together are ``kernel.figures``; here stands only what is said of an
atom of calls: how many, the middle waits, how many ended as she wished. Nothing finer than a
district of a month is ever told to whoever may not open the calls themselves.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from union.crisis.rules.figures import Call, Stage, times_of
from union.crisis.rules.kinds import AsSheWished
from union.kernel.figures import (
    FEWEST,
    LEAST_FOR_MIDDLE,
    Atom,
    Edition,
    Piece,
    Side,
    Someone,
    check_subtraction,
    edition,
    how_many,
    in_fives,
    parts,
    share,
)
from union.kernel.periods import Month

SETTLES = timedelta(days=7)
"""So long after its last day a month is told: most of its calls have ended by then."""

Before = tuple[Month | None, Mapping[int, Month]]
"""Since when the rest waits, and when each branch was last told by itself."""


@dataclass(frozen=True, slots=True)
class Editions:
    """A month as it is told inside and outside; each outside atom is a union of inside atoms."""

    inside: Edition
    outside: Edition


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an atom; minutes are middles, None is not said."""

    calls: int
    people: int
    wished: int | None
    there: float | None
    settled: float | None


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line as it was frozen; ``name`` is a branch's, or empty for all others together."""

    name: str
    first: Month
    last: Month
    calls: int
    wished: int | None
    there: float | None
    settled: float | None
    side: Side

    @property
    def calls_told(self) -> int:
        """How many calls are said: outside in fives."""
        return in_fives(self.calls) if self.side is Side.OUTSIDE else self.calls

    @property
    def wished_percent(self) -> int | None:
        """Of 100 calls, how many ended as she wished; in fives, None of too few."""
        return None if self.wished is None else share(self.wished, self.calls)


@dataclass(frozen=True, slots=True)
class ToldMonth:
    """A month's lines; ``waits_since``: the others wait since then, being too few, or none.

    Before its ``told_on`` there are no lines at all.
    """

    month: Month
    side: Side
    lines: tuple[ToldLine, ...] = ()
    waits_since: Month | None = None
    told_on: date | None = None

    @property
    def calls(self) -> int:
        """All calls that its lines say, as they say them."""
        return sum(one.calls_told for one in self.lines)


def told_on(month: Month) -> date:
    """The day from which a month may be told."""
    return month.last_day + SETTLES + timedelta(days=1)


def editions(
    month: Month,
    fresh: Iterable[Piece],
    waiting: Iterable[Piece],
    people: Mapping[int, Someone],
    before: Mapping[Side, Before],
) -> Editions:
    """Tell a month: ``fresh`` by branch, never told; ``waiting`` inside atoms not told outside.

    SubtractedError, and nothing is told, if a small number could be reckoned out of it.
    """
    inside = edition(month, fresh, people, before[Side.INSIDE], FEWEST[Side.INSIDE])
    made = [*waiting, *(Piece(one.place, one.ids) for one in inside.atoms)]
    outside = edition(month, made, people, before[Side.OUTSIDE], FEWEST[Side.OUTSIDE])
    behind: dict[Hashable, tuple[Someone]] = {one: (who,) for one, who in people.items()}
    for side, told in ((Side.INSIDE, inside), (Side.OUTSIDE, outside)):
        check_subtraction([one.ids for one in told.atoms], behind, FEWEST[side])
    return Editions(inside, outside)


def say_of(
    atom: Atom,
    calls: Mapping[int, Call],
    people: Mapping[int, Someone],
    wishes: AbstractSet[int],
    fewest: int,
    splits: Sequence[bool] = (),
) -> Said:
    """What is said of an atom; the wished and the others only if each are enough people.

    ``wishes`` are the calls that count as ended as she wished. ``splits`` says of each inside atom
    within whether that says it: else it is not said here.
    """
    ids = atom.ids
    known = {one: calls[one] for one in ids if one in calls}
    wished = ids & wishes
    told = all(splits) and parts(wished, ids, people) >= fewest
    return Said(
        calls=len(ids),
        people=how_many(people.get(one) for one in ids),
        wished=len(wished) if told else None,
        there=_middle(known, Stage.THERE, people),
        settled=_middle(known, Stage.SETTLED, people),
    )


def as_she_wished(call: Call) -> bool:
    """Whether it ended wholly as she wished."""
    return call.as_she_wished is AsSheWished.YES


def _middle(calls: Mapping[int, Call], stage: Stage, people: Mapping[int, Someone]) -> float | None:
    waits = {one: call.minutes(stage) for one, call in calls.items()}
    behind = how_many(people.get(one) for one, wait in waits.items() if wait is not None)
    return times_of(waits.values()).middle if behind >= LEAST_FOR_MIDDLE else None
