"""Which hours have somebody who could be woken, and which have nobody; arithmetic over counts.

A hole is told by half days of the union's clock, "Tuesday night", so that somebody can take it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from union.crisis.rules.choosing import DAY_FROM, NIGHT_FROM
from union.crisis.rules.rota import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

DAYS_AHEAD = 14
HOURS_A_DAY = 24
ENOUGH = 2
HOUR = timedelta(hours=1)
NEVER = -1
"""The level of an hour that the clock of that day does not have."""


class Part(StrEnum):
    """Half of a day: the night of Tuesday ends on Wednesday morning."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Block:
    """Hours of one half day in which nobody could be woken, from the first to the last."""

    on_day: date
    part: Part
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of a strip that are alike: from hour, until hour, level."""

    first: int
    until: int
    level: int


def hours_ahead(first: date, days: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants at which each hour begins, from midnight of ``first`` on the union's clock."""
    at = instant_of(first, time(), zone)
    until = instant_of(first + timedelta(days=days), time(), zone)
    return tuple(at + HOUR * number for number in range(int((until - at) / HOUR)))


def level(count: int) -> int:
    """2 enough, 1 thin, 0 nobody."""
    return min(count, ENOUGH)


def block_of(local: datetime) -> tuple[date, Part]:
    """Which half of which day an hour on the union's clock belongs to."""
    if DAY_FROM <= local.hour < NIGHT_FROM:
        return local.date(), Part.DAY
    early = timedelta(days=local.hour < DAY_FROM)
    return local.date() - early, Part.NIGHT


def holes(
    hours: Sequence[datetime], counts: Sequence[int], zone: ZoneInfo, since: datetime
) -> list[Block]:
    """The half days with an hour that has nobody, of hours that end after ``since``."""
    found: dict[tuple[date, Part], Block] = {}
    for at, count in zip(hours, counts, strict=True):
        if count or at + HOUR <= since:
            continue
        key = block_of(at.astimezone(zone))
        first = found[key].starts_at if key in found else at
        found[key] = Block(*key, first, at + HOUR)
    return list(found.values())


def by_day(
    hours: Sequence[datetime], counts: Sequence[int], zone: ZoneInfo
) -> dict[date, list[int]]:
    """24 levels for each day; an hour the clock repeats is as good as the worse of the two."""
    days: dict[date, list[int]] = {}
    for at, count in zip(hours, counts, strict=True):
        local = at.astimezone(zone)
        levels = days.setdefault(local.date(), [NEVER] * HOURS_A_DAY)
        before = levels[local.hour]
        levels[local.hour] = level(count) if before == NEVER else min(before, level(count))
    return days


def worst(days: Iterable[Sequence[int]]) -> list[int]:
    """For each hour of the day the worst of these days."""
    strips = list(days)
    return [
        min((s[hour] for s in strips if s[hour] != NEVER), default=NEVER)
        for hour in range(HOURS_A_DAY)
    ]


def spans(levels: Sequence[int]) -> list[Span]:
    """A strip as runs of hours that are alike."""
    found: list[Span] = []
    for hour, value in enumerate(levels):
        if found and found[-1].level == value:
            found[-1] = Span(found[-1].first, hour + 1, value)
        else:
            found.append(Span(hour, hour + 1, value))
    return found


def empty_hours(levels: Sequence[int]) -> list[tuple[int, int]]:
    """From when until when nobody is there; over midnight it is one stretch."""
    empty = [(one.first, one.until) for one in spans(levels) if one.level == 0]
    if len(empty) > 1 and empty[0][0] == 0 and empty[-1][1] == HOURS_A_DAY:
        return [*empty[1:-1], (empty[-1][0], empty[0][1])]
    return empty
