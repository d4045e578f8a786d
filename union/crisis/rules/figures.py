"""How fast we were, fairly: plain arithmetic over what happened; nothing is flattered or hidden.

Each call is compared with its like: by how far the first of us had to go, and by hour. A middle
value says how many it is made of, and too few are called too few.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from union.crisis.rules.kinds import AsSheWished
from union.crisis.rules.rest import is_night

NEAR_KM, BUS_KM = 5.0, 25.0
FEW = 5
"""On our own page a middle value of fewer than these is called few."""

FEW_FOR_TENTH = 10
"""Of fewer than these "nine of ten" says nothing."""


class Way(StrEnum):
    """How far the first of us who was there had to go."""

    NEAR = "near"
    BUS = "bus"
    FAR = "far"
    UNKNOWN = "unknown"


class Hour(StrEnum):
    """Whether people sleep."""

    DAY = "day"
    NIGHT = "night"


class Stage(StrEnum):
    """What a caller waits for, in the order in which it comes."""

    VOICE = "voice"
    ENOUGH = "enough"
    THERE = "there"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Mark:
    """What others promise or reached, in minutes, and whose word that is."""

    minutes: float
    source: str


MARKS: Mapping[Stage, Mark] = {
    Stage.VOICE: Mark(0.25, "Karnataka's emergency line: answered in 15 seconds"),
    Stage.THERE: Mark(15, "Karnataka's emergency line: there in 15 minutes"),
    Stage.SETTLED: Mark(88, "crisis teams of the Avahan programme, five states: on average"),
}
SETTLED_IN_A_DAY = Mark(60, "crisis teams of the Avahan programme: 60 of 100 within a day")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Call:
    """One call and when each thing came, as aware instants; ``local_at`` is the caller's clock."""

    branch: str
    told_at: datetime
    local_at: datetime
    km: float | None
    reached: Mapping[Stage, datetime]
    as_she_wished: AsSheWished | None

    @property
    def way(self) -> Way:
        """How far it was."""
        if self.km is None:
            return Way.UNKNOWN
        return Way.NEAR if self.km <= NEAR_KM else Way.BUS if self.km <= BUS_KM else Way.FAR

    @property
    def hour(self) -> Hour:
        """Whether it came by night."""
        return Hour.NIGHT if is_night(self.local_at) else Hour.DAY

    def minutes(self, stage: Stage) -> float | None:
        """How long she waited for it; None if it never came."""
        at = self.reached.get(stage)
        return None if at is None else max(0.0, (at - self.told_at) / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Times:
    """Waits of one kind: how many, the middle, nine of ten, and how many never ended."""

    count: int
    middle: float | None
    ninth: float | None
    never: int

    @property
    def few(self) -> bool:
        """Whether these are too few to say much."""
        return self.count < FEW


@dataclass(frozen=True, slots=True)
class Ends:
    """How they ended: of all, how many as she wished, partly, not, and how many in a day."""

    count: int
    wished: int
    partly: int
    not_so: int
    in_a_day: int

    @property
    def in_a_day_percent(self) -> int | None:
        """Of 100 that ended, how many did as she wished, whole or in part, within a day."""
        return round(100 * self.in_a_day / self.count) if self.count else None


@dataclass(frozen=True, slots=True)
class Group:
    """Calls of one kind side by side: every stage, and how they ended."""

    name: str
    calls: int
    times: Mapping[Stage, Times]
    ends: Ends


def times_of(waits: Iterable[float | None]) -> Times:
    """The middle and the ninth tenth of waits in minutes, by nearest rank."""
    waited = list(waits)
    known = sorted(wait for wait in waited if wait is not None)
    return Times(
        count=len(known),
        middle=_middle(known),
        ninth=_rank(known, 0.9) if len(known) >= FEW_FOR_TENTH else None,
        never=len(waited) - len(known),
    )


def _middle(known: Sequence[float]) -> float | None:
    if not known:
        return None
    half = len(known) // 2
    return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2


def _rank(known: Sequence[float], share: float) -> float:
    return known[max(0, math.ceil(share * len(known)) - 1)]


def ends_of(calls: Iterable[Call]) -> Ends:
    """How those that ended did."""
    ended = [one for one in calls if Stage.SETTLED in one.reached]
    wished = [one.as_she_wished for one in ended]
    return Ends(
        count=len(ended),
        wished=wished.count(AsSheWished.YES),
        partly=wished.count(AsSheWished.PARTLY),
        not_so=wished.count(AsSheWished.NO),
        in_a_day=sum(
            one.reached[Stage.SETTLED] - one.told_at <= DAY
            and one.as_she_wished is not AsSheWished.NO
            for one in ended
        ),
    )


def group(name: str, calls: Sequence[Call]) -> Group:
    """All there is to say of some calls."""
    return Group(
        name=name,
        calls=len(calls),
        times={stage: times_of(one.minutes(stage) for one in calls) for stage in Stage},
        ends=ends_of(calls),
    )


def groups(calls: Sequence[Call], by: Callable[[Call], str], names: Sequence[str]) -> list[Group]:
    """Calls parted by something, in the order of ``names``; a name nobody has is left out."""
    parted = {name: [one for one in calls if by(one) == name] for name in names}
    return [group(name, found) for name, found in parted.items() if found]


def within(calls: Sequence[Call], stage: Stage, minutes: float) -> int | None:
    """Of 100 calls, for how many it came within so many minutes; None of no calls."""
    if not calls:
        return None
    in_time = sum((wait := one.minutes(stage)) is not None and wait <= minutes for one in calls)
    return round(100 * in_time / len(calls))
