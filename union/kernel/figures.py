"""Small numbers (law P4): what of a count may be told to whom, so that it tells of nobody.

Everything told is a sum of *atoms*: calls of districts and months put together until enough
different people stand behind them. Whoever adds and subtracts all that was ever told gets sums of
atoms and nothing smaller. Owns the bounds, the putting together, the rounding and the proof; knows
no table, and decides nothing about who may open what (``kernel.access`` does).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from union.kernel.access import Scope
    from union.kernel.periods import Month

STEP = 5
"""Outside, counts are told in fives."""

LEAST_FOR_SHARE = 20
"""Of fewer, counted in fives, no share is told."""

LEAST_FOR_MIDDLE = 10
"""Of fewer different people no middle value is told."""

MOST_SMALL = 12
"""Of more small heaps than these not every sum is tried: it is refused."""

REST = None
"""The place of what stands together: all districts that are not told by themselves."""

Place = int | None
Someone = Hashable


class Side(StrEnum):
    """To whom figures are told: TRUE counts are for whoever may open the cases behind them."""

    TRUE = "true"
    INSIDE = "inside"
    OUTSIDE = "outside"


FEWEST: Mapping[Side, int] = {Side.INSIDE: 5, Side.OUTSIDE: 10}
"""So many different people at least stand behind what is told."""


class SubtractedError(UnionError):
    """Somebody could reckon a small number out of these figures."""

    code = "figures_subtracted"


def side_for(cases: Scope, *, leaves: bool = False) -> Side:
    """To whom figures are told, for page, file, paper and answer alike.

    ``cases`` is what she may open of the cases behind them; ``leaves``: made to leave the union.
    """
    if leaves:
        return Side.OUTSIDE
    return Side.TRUE if cases.whole else Side.INSIDE


@dataclass(frozen=True, slots=True)
class Piece:
    """Counted things of one place that are told together; ``ids`` are whatever is counted."""

    place: Place
    ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Atom:
    """What is told of one place, or of the REST together, over whole months."""

    place: Place
    first: Month
    last: Month
    pieces: tuple[Piece, ...]

    @property
    def ids(self) -> frozenset[int]:
        """All that is counted in it."""
        return frozenset().union(*(one.ids for one in self.pieces))


@dataclass(frozen=True, slots=True)
class Edition:
    """What is told when a month is over; ``waits_since`` is from when on the rest waits.

    The rest waits where it is too small, and where there is none: nobody sees which.
    """

    atoms: tuple[Atom, ...]
    waits_since: Month | None


def edition(
    month: Month,
    pieces: Iterable[Piece],
    people: Mapping[int, Someone],
    before: tuple[Month | None, Mapping[int, Month]],
    fewest: int,
) -> Edition:
    """Put together what was not told yet, at the end of a month.

    ``pieces`` is all that is not told; ``people`` who stands behind each id (nobody known: not
    listed); ``before`` is since when the rest waited and when each place was last told by itself.
    A place with enough people is told by itself, all others together, and where these are too few
    they wait for the next month. A piece is never parted.
    """
    since, told = before
    by_place: dict[Place, list[Piece]] = {}
    for piece in pieces:
        by_place.setdefault(piece.place, []).append(piece)
    rest = by_place.pop(REST, [])
    atoms = []
    for place in sorted(one for one in by_place if one is not None):
        found = by_place[place]
        if count_people(found, people) < fewest:
            rest += found
            continue
        last = told.get(place)
        first = since or month
        if last is not None and last >= first:
            first = last.next()
        atoms.append(Atom(place, first, month, tuple(found)))
    if count_people(rest, people) < fewest:
        return Edition(tuple(atoms), since or month)
    return Edition((*atoms, Atom(REST, since or month, month, tuple(rest))), None)


def count_people(pieces: Iterable[Piece], people: Mapping[int, Someone]) -> int:
    """How many different people stand behind these; one who called often is one."""
    return how_many(people.get(one) for piece in pieces for one in piece.ids)


def how_many(people: Iterable[Someone | None]) -> int:
    """How many different people these are; of whom nothing is known makes nobody more."""
    return len({one for one in people if one is not None})


def parts(wished: AbstractSet[int], atom: AbstractSet[int], people: Mapping[int, Someone]) -> int:
    """How many people stand behind the smaller part of an atom that is told in two parts."""
    return min(how_many(people.get(one) for one in part) for part in (atom & wished, atom - wished))


def in_fives(count: int) -> int:
    """A count as it is told outside: the nearest five, half a step upward."""
    return (count + STEP // 2) // STEP * STEP


def share(part: int, whole: int) -> int | None:
    """So many of 100, in fives, out of counts in fives; None where the whole is too small."""
    all_of_them = in_fives(whole)
    if all_of_them < LEAST_FOR_SHARE:
        return None
    return min(100, in_fives(round(100 * in_fives(part) / all_of_them)))


def check_subtraction(
    told: Iterable[AbstractSet[Hashable]], people: Mapping[Hashable, Iterable[Someone]], fewest: int
) -> None:
    """Refuse figures out of which a small number can be reckoned, with SubtractedError.

    Each of ``told`` is a figure as the cells it is the sum of; ``people`` says who stands behind a
    cell. Knows nothing of how the figures were made. Cells that stand in the same figures can not
    be told apart by any sum; so whatever comes out is made of such heaps, and is small only if
    each of its heaps is. Those sums are tried one by one, exactly.
    """
    figures = [frozenset(one) for one in told]
    heaps: dict[tuple[bool, ...], set[Hashable]] = {}
    for cell in sorted(frozenset().union(*figures), key=repr):
        heaps.setdefault(tuple(cell in one for one in figures), set()).add(cell)
    behind = [
        frozenset(who for cell in heap for who in people.get(cell, ())) for heap in heaps.values()
    ]
    small = [at for at, found in enumerate(behind) if len(found) < fewest]
    if len(small) > MOST_SMALL:
        raise SubtractedError(heaps=len(small))
    rows = [list(row) for row in zip(*heaps, strict=True)]
    for size in range(1, len(small) + 1):
        for some in combinations(small, size):
            if len(frozenset().union(*(behind[at] for at in some))) < fewest and in_span(
                rows, [at in some for at in range(len(behind))]
            ):
                raise SubtractedError(heaps=size)


def in_span(rows: Iterable[Sequence[int]], wanted: Sequence[int]) -> bool:
    """Whether adding and subtracting the rows can give the wanted one: exactly, in fractions."""
    pivots: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        left = _without(pivots, row)
        at = next((place for place, one in enumerate(left) if one), None)
        if at is not None:
            pivots.append((at, [one / left[at] for one in left]))
    return not any(_without(pivots, wanted))


def _without(pivots: Iterable[tuple[int, list[Fraction]]], row: Sequence[int]) -> list[Fraction]:
    left = [Fraction(int(one)) for one in row]
    for at, other in pivots:
        if left[at]:
            factor = left[at]
            left = [one - factor * two for one, two in zip(left, other, strict=True)]
    return left
