"""A month of calls put together for a page, a paper and a file of whoever may open the calls.

What others are told of it: ``rules.editions``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from union.crisis.rules.figures import (
    MARKS,
    Call,
    Group,
    Hour,
    Stage,
    Way,
    group,
    groups,
    within,
)

LEFT, RIGHT = 0.1, 3 * 24 * 60.0
"""The picture's first and last minute; its scale is by tenfold steps."""

_TICKS = (0.25, 1, 5, 15, 60, 88, 360, 1440)


@dataclass(frozen=True, slots=True)
class Dot:
    """One call in one stage: ``x`` from 0 to 100 along the line, and whether by night."""

    x: float
    night: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the picture: its dots, where the middle lies, where others' mark lies."""

    stage: Stage
    dots: tuple[Dot, ...]
    middle_x: float | None
    mark_x: float | None


@dataclass(frozen=True, slots=True)
class MonthReport:
    """All there is to say of some calls, for whoever coordinates."""

    whole: Group
    by_hour: tuple[Group, ...]
    by_way: tuple[Group, ...]
    by_both: tuple[Group, ...]
    by_district: tuple[Group, ...]
    lanes: tuple[Lane, ...]
    there_in_15: int | None


def month_report(calls: Sequence[Call]) -> MonthReport:
    """Everything about these calls."""
    districts = sorted({one.branch for one in calls})
    pairs = [f"{way}.{hour}" for way in Way for hour in Hour]
    return MonthReport(
        whole=group("", calls),
        by_hour=tuple(groups(calls, lambda one: one.hour, list(Hour))),
        by_way=tuple(groups(calls, lambda one: one.way, list(Way))),
        by_both=tuple(groups(calls, lambda one: f"{one.way}.{one.hour}", pairs)),
        by_district=tuple(groups(calls, lambda one: one.branch, districts)),
        lanes=tuple(_lane(stage, calls) for stage in Stage),
        there_in_15=within(calls, Stage.THERE, MARKS[Stage.THERE].minutes),
    )


def along(minutes: float) -> float:
    """Where so many minutes lie on the picture's line, from 0 to 100."""
    inside = min(max(minutes, LEFT), RIGHT)
    return round(100 * math.log(inside / LEFT) / math.log(RIGHT / LEFT), 2)


def ticks() -> tuple[tuple[float, float], ...]:
    """The picture's times in minutes, and where each lies."""
    return tuple((minutes, along(minutes)) for minutes in _TICKS)


def _lane(stage: Stage, calls: Sequence[Call]) -> Lane:
    mark = MARKS.get(stage)
    waits = [(one.minutes(stage), one.hour is Hour.NIGHT) for one in calls]
    middle = group("", calls).times[stage].middle
    return Lane(
        stage=stage,
        dots=tuple(
            Dot(along(wait), night, mark is not None and wait > mark.minutes)
            for wait, night in waits
            if wait is not None
        ),
        middle_x=None if middle is None else along(middle),
        mark_x=None if mark is None else along(mark.minutes),
    )
