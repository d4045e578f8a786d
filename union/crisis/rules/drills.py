"""Drills and how reachable somebody is; arithmetic that blames nobody and decides nothing.

No page of an incident is ever asked or left out because of a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from union.crisis.rules.rota import instant_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

COUNTED = 6
IN_TIME = timedelta(minutes=5)
ANSWER_WITHIN = timedelta(hours=2)
"""After so long a drill is silent; an answer that still comes is kept as late."""

SILENT_IN_A_ROW = 3
"""So many without an answer, and a person rings and asks how she is."""

QUIET_FROM = 10
QUIET_UNTIL = 18
"""Hours of the union's clock in which a drill may go to whoever did not agree to nights."""


class DrillState(StrEnum):
    """Where one drill of one person stands."""

    PLANNED = "planned"
    SENT = "sent"
    ANSWERED = "answered"
    SILENT = "silent"
    LET_BE = "let_be"


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking, in a drill or for real; ``seconds`` until her answer, None for none.

    ``ways`` are those a gateway took before she answered, as (provider, channel).
    """

    at: datetime
    seconds: float | None
    ways: tuple[tuple[str, str], ...] = ()

    @property
    def in_time(self) -> bool:
        """Whether she answered soon enough to count on the first try."""
        return self.seconds is not None and self.seconds <= IN_TIME.total_seconds()


@dataclass(frozen=True, slots=True)
class Score:
    """Of the latest askings how many were answered in time, and how fast the answered ones were."""

    asked: int
    in_time: int
    answered: int
    median_seconds: int | None

    @property
    def percent(self) -> int | None:
        """The share answered in time; None before anything was asked."""
        return round(100 * self.in_time / self.asked) if self.asked else None


def score(askings: Sequence[Asked], counted: int | None = COUNTED) -> Score:
    """The score over the latest ``counted`` askings, or over all of them."""
    latest = sorted(askings, key=lambda one: one.at)
    if counted is not None:
        latest = latest[-counted:]
    seconds = [one.seconds for one in latest if one.seconds is not None]
    return Score(
        asked=len(latest),
        in_time=sum(one.in_time for one in latest),
        answered=len(seconds),
        median_seconds=round(median(seconds)) if seconds else None,
    )


def by_way(askings: Sequence[Asked]) -> dict[tuple[str, str], Score]:
    """The same for each carrier and way that took one of them."""
    ways: dict[tuple[str, str], list[Asked]] = {}
    for one in askings:
        for way in dict.fromkeys(one.ways):
            ways.setdefault(way, []).append(one)
    return {way: score(found, None) for way, found in sorted(ways.items())}


def silent_in_a_row(askings: Sequence[Asked]) -> int:
    """How many of the latest stayed without any answer."""
    count = 0
    for one in sorted(askings, key=lambda asked: asked.at, reverse=True):
        if one.seconds is not None:
            break
        count += 1
    return count


def moment(day: date, share: float, zone: ZoneInfo, *, at_night: bool) -> datetime:
    """When a drill goes out on a day: ``share`` (0 to 1) of the hours she agreed to."""
    first, until = (0, 24) if at_night else (QUIET_FROM, QUIET_UNTIL)
    minutes = int((until - first) * 60 * share)
    return instant_of(day, time(first), zone) + timedelta(minutes=minutes)


def may_go(local: datetime, *, at_night: bool) -> bool:
    """Whether a drill may go to her at this time of the union's clock."""
    return at_night or QUIET_FROM <= local.hour < QUIET_UNTIL
