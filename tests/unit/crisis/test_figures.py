"""The figures: middles by nearest rank, like with like."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from union.crisis.rules.figures import FEW, Call, Hour, Stage, Way, times_of, within
from union.crisis.rules.kinds import AsSheWished
from union.crisis.rules.month import along, month_report

NOON = datetime(2026, 10, 16, 12, tzinfo=ZoneInfo("Asia/Kolkata"))


def call(
    branch="Bidar", at=NOON, km: float | None = 3.0, wished=AsSheWished.YES, **minutes
) -> Call:
    reached = {Stage(name): at + timedelta(minutes=wait) for name, wait in minutes.items()}
    ended = wished if Stage.SETTLED in reached else None
    return Call(branch, at, at, km, reached, ended)


def test_middle_and_nine_of_ten():
    assert times_of([3, 1, 2]).middle == 2
    assert times_of([4, 1, 2, 3]).middle == 2.5
    ten = times_of([*range(1, 11), None])
    assert (ten.ninth, ten.count, ten.never) == (9, 10, 1)
    assert times_of(range(9)).ninth is None, "nine are too few for it"
    assert (times_of([]).middle, times_of([]).few) == (None, True)
    assert not times_of(range(FEW)).few


@pytest.mark.parametrize(
    ("km", "way"), [(None, "unknown"), (0, "near"), (5, "near"), (5.1, "bus"), (25.1, "far")]
)
def test_how_far_it_was(km, way):
    assert call(km=km).way is Way(way)


def test_night_is_when_people_sleep():
    hours = {hour: call(at=NOON.replace(hour=hour)).hour for hour in (5, 6, 21, 22)}
    assert hours == {5: Hour.NIGHT, 6: Hour.DAY, 21: Hour.DAY, 22: Hour.NIGHT}


def test_one_nobody_came_to_is_counted_against_us():
    calls = [call(there=10), call(there=20), call()]
    assert within(calls, Stage.THERE, 15) == 33
    assert within([], Stage.THERE, 15) is None
    assert month_report(calls).whole.times[Stage.THERE].never == 1


def test_as_she_wished_within_a_day_counts_part_and_not_against_her_wish():
    calls = [
        call(settled=60),
        call(settled=60, wished=AsSheWished.PARTLY),
        call(settled=60, wished=AsSheWished.NO),
        call(settled=2000),
        call(),
    ]
    ends = month_report(calls).whole.ends
    assert (ends.count, ends.wished, ends.in_a_day, ends.in_a_day_percent) == (4, 2, 2, 50)


def test_like_is_laid_beside_like():
    calls = [call(there=9), call(km=30, there=80), call(km=30, at=NOON.replace(hour=2), there=90)]
    report = month_report(calls)
    assert [one.name for one in report.by_way] == ["near", "far"]
    assert [(one.name, one.calls) for one in report.by_both] == [
        ("near.day", 1),
        ("far.day", 1),
        ("far.night", 1),
    ]
    assert report.there_in_15 == 33
    lane = next(one for one in report.lanes if one.stage is Stage.THERE)
    assert [dot.over for dot in lane.dots] == [False, True, True]
    assert lane.dots[0].x < lane.mark_x < lane.dots[1].x


def test_the_line_is_the_pictures_whole_width_whatever_came():
    assert (along(0), along(10**9)) == (0, 100)
    assert 0 < along(0.25) < along(15) < along(88) < along(1440) < 100
