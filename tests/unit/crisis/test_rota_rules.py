"""Hours on a zone's clock, half days without anybody, and scores: each against brute force."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.crisis.rules import coverage, drills
from union.crisis.rules.choosing import on_shift
from union.crisis.rules.coverage import HOUR, Part
from union.crisis.rules.kinds import Shift
from union.crisis.rules.rota import Hours, Weekly, hours_between, hours_on, is_zone

INDIA = ZoneInfo("Asia/Kolkata")
BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = 7
CLOCK_BACK = date(2026, 10, 25)
CLOCK_ON = date(2026, 3, 29)

ZONES = st.sampled_from(["Asia/Kolkata", "Europe/Berlin", "America/New_York", "UTC"])
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
WEEKLY = st.builds(Weekly, st.integers(1, 7), CLOCKS, CLOCKS, ZONES, DAYS, st.none() | DAYS)


def test_a_night_ends_on_the_next_morning():
    night = Weekly(SUNDAY, time(20), time(7), "Asia/Kolkata", date(2026, 1, 1))
    hours = hours_on(night, date(2026, 10, 25))
    assert hours == Hours(
        datetime(2026, 10, 25, 14, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)
    )
    assert hours_on(night, date(2026, 10, 26)) is None


@pytest.mark.parametrize(("day", "length"), [(CLOCK_BACK, 10), (CLOCK_ON, 8)])
def test_a_night_in_which_the_clock_is_moved_is_longer_or_shorter(day, length):
    eve = day - timedelta(days=1)
    night = Weekly(eve.isoweekday(), time(22), time(7), "Europe/Berlin", date(2026, 1, 1))
    hours = hours_on(night, eve)
    assert hours.ends_at - hours.starts_at == timedelta(hours=length)


def test_hours_that_the_clock_skips_are_none():
    skipped = Weekly(SUNDAY, time(2, 15), time(3), "Europe/Berlin", date(2026, 1, 1))
    assert hours_on(skipped, CLOCK_ON) is None


@given(WEEKLY, DAYS)
def test_hours_keep_to_her_day_and_her_clock(weekly, day):
    hours = hours_on(weekly, day)
    if hours is None:
        return
    assert day.isoweekday() == weekly.weekday
    assert weekly.since_on <= day
    assert weekly.until_on is None or day <= weekly.until_on
    assert timedelta(0) < hours.ends_at - hours.starts_at <= timedelta(hours=25)
    local = hours.ends_at.astimezone(ZoneInfo(weekly.zone))
    assert (
        (local + HOUR).time() == weekly.until_time
        or local.time() == weekly.until_time
        or (local.replace(tzinfo=None) - datetime.combine(local.date(), weekly.until_time) == HOUR)
    )


@given(WEEKLY, DAYS, st.integers(1, 600))
def test_hours_between_are_all_those_that_touch_it(weekly, day, length):
    since = datetime.combine(day, time(), UTC)
    before = since + timedelta(hours=length)
    every = (
        (day + timedelta(days=n), hours_on(weekly, day + timedelta(days=n))) for n in range(-9, 40)
    )
    brute = [
        (on, hours)
        for on, hours in every
        if hours is not None and hours.starts_at < before and hours.ends_at > since
    ]
    assert list(hours_between(weekly, since, before)) == brute


def test_zones_have_names():
    assert is_zone("Asia/Dubai")
    assert not is_zone("Indian time")
    assert not is_zone("../etc/passwd")


@given(st.lists(st.integers(0, 3), min_size=48, max_size=48), st.integers(0, 47))
def test_holes_are_the_half_days_with_an_empty_hour_to_come(counts, passed):
    hours = coverage.hours_ahead(date(2026, 10, 16), 2, INDIA)
    since = hours[0] + passed * HOUR
    found = coverage.holes(hours, counts, INDIA, since)
    blocks = {}
    for at, count in zip(hours, counts, strict=True):
        local = at.astimezone(INDIA)
        if count == 0 and at + HOUR > since:
            night = not on_shift(Shift.DAY, local)
            day = (local - timedelta(hours=7)).date() if night else local.date()
            blocks.setdefault((day, Part.NIGHT if night else Part.DAY), []).append(at)
    assert {(one.on_day, one.part): (one.starts_at, one.ends_at) for one in found} == {
        key: (empty[0], empty[-1] + HOUR) for key, empty in blocks.items()
    }


def test_the_night_of_tuesday_ends_on_wednesday_morning():
    wednesday = datetime(2026, 10, 21, 6, 30, tzinfo=INDIA)
    assert coverage.block_of(wednesday) == (date(2026, 10, 20), Part.NIGHT)
    assert coverage.block_of(wednesday.replace(hour=7)) == (date(2026, 10, 21), Part.DAY)
    assert coverage.block_of(wednesday.replace(hour=20)) == (date(2026, 10, 21), Part.NIGHT)


def test_a_day_with_25_hours_is_as_good_as_its_worse_hour():
    hours = coverage.hours_ahead(CLOCK_BACK, 1, BERLIN)
    assert len(hours) == 25
    counts = [2] * 25
    counts[3] = 0
    levels = coverage.by_day(hours, counts, BERLIN)[CLOCK_BACK]
    assert levels[2] == 0
    assert levels.count(0) == 1


def test_a_day_with_23_hours_has_one_that_never_comes():
    hours = coverage.hours_ahead(CLOCK_ON, 1, BERLIN)
    assert len(hours) == 23
    levels = coverage.by_day(hours, [1] * 23, BERLIN)[CLOCK_ON]
    assert levels[2] == coverage.NEVER
    assert coverage.worst([levels, [2] * 24])[2] == 2


@given(st.lists(st.integers(0, 2), min_size=24, max_size=24))
def test_spans_say_the_same_as_the_strip(levels):
    spans = coverage.spans(levels)
    assert [one.level for one in spans for _ in range(one.first, one.until)] == levels
    assert all(a.level != b.level for a, b in pairwise(spans))
    empty = set()
    for first, until in coverage.empty_hours(levels):
        empty |= {hour % 24 for hour in range(first, until if until > first else until + 24)}
    assert empty == {hour for hour, level in enumerate(levels) if level == 0}


ASKED = st.builds(
    drills.Asked,
    st.integers(0, 10**9).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.none() | st.floats(0, 9000),
    st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["sms", "voice"]))).map(tuple),
)


@given(st.lists(ASKED, max_size=12, unique_by=lambda one: one.at))
def test_a_score_is_of_the_latest_six(askings):
    latest = sorted(askings, key=lambda one: one.at)[-6:]
    score = drills.score(askings)
    assert score.asked == len(latest)
    assert score.in_time == sum(one.seconds is not None and one.seconds <= 300 for one in latest)
    assert (score.percent is None) == (not askings)
    row = drills.silent_in_a_row(askings)
    ordered = [one.seconds is None for one in sorted(askings, key=lambda one: one.at)]
    assert ordered[len(ordered) - row :] == [True] * row
    assert row == len(ordered) or not ordered[len(ordered) - row - 1]


def test_a_way_is_scored_by_what_it_took():
    at = datetime(2026, 10, 1, tzinfo=UTC)
    askings = [
        drills.Asked(at, 60, (("one", "sms"), ("one", "sms"))),
        drills.Asked(at + HOUR, None, (("one", "sms"), ("two", "voice"))),
    ]
    found = drills.by_way(askings)
    assert (found["one", "sms"].asked, found["one", "sms"].in_time) == (2, 1)
    assert (found["two", "voice"].asked, found["two", "voice"].percent) == (1, 0)


@given(DAYS, st.floats(0, 0.9999))
def test_a_drill_keeps_to_the_day_unless_she_agreed(day, share):
    by_day = drills.moment(day, share, INDIA, at_night=False).astimezone(INDIA)
    assert by_day.date() == day
    assert drills.may_go(by_day, at_night=False)
    assert drills.moment(day, share, INDIA, at_night=True).astimezone(INDIA).date() == day
    assert not drills.may_go(by_day.replace(hour=3), at_night=False)
    assert drills.may_go(by_day.replace(hour=3), at_night=True)
