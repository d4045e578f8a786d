"""When a keeper is reminded, and who rests after what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from union.crisis.rules.medical import (
    GUIDELINES,
    REMIND_AT,
    Care,
    Guideline,
    guideline_on,
    next_look,
    passed,
)
from union.crisis.rules.rest import REST, Out, night_part, rest_until

AT = datetime(2026, 10, 16, 12, tzinfo=UTC)
HERE = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(("care", "hours"), [("hiv", 72), ("ecp", 120), ("exm", 96)])
def test_each_care_has_its_hours_from_a_source(care, hours):
    found = guideline_on(Care(care), AT.date())
    assert (found.hours, found.best_hours < hours, len(found.source) > 20) == (hours, True, True)


def test_a_newer_guideline_holds_from_its_day_on(monkeypatch):
    newer = Guideline(Care.EXAMINATION, date(2027, 1, 1), 24, 120, "a later one")
    monkeypatch.setattr("union.crisis.rules.medical.GUIDELINES", (*GUIDELINES, newer))
    assert guideline_on(Care.EXAMINATION, date(2026, 12, 31)).hours == 96
    assert guideline_on(Care.EXAMINATION, date(2027, 1, 1)) == newer
    assert guideline_on(Care.EXAMINATION, date(2001, 1, 1)).hours == 96, "the first we know of"


def test_every_word_of_care_is_as_long_as_any_other():
    assert len({len(care) for care in Care}) == 1


@pytest.mark.parametrize("hours", [72, 96, 120])
def test_reminders_come_closer_to_the_end_and_the_last_is_the_end(hours):
    told, looks = 0, []
    while told < hours:
        told = next_look(told, hours)
        looks.append(told)
    assert looks[-1] == hours
    assert looks == sorted(set(looks))
    assert sum(hours - 12 <= one < hours for one in looks) >= 2, "more than once near the end"


def test_the_hours_of_reminders_tell_nothing_of_the_care():
    looks = {h: [x for x in REMIND_AT if x < h] for h in (72, 96, 120)}
    assert looks[72] == looks[120][: len(looks[72])]
    assert looks[96] == looks[120][: len(looks[96])]


@pytest.mark.parametrize(("gone", "expected"), [(0.5, 0), (1, 1), (5.9, 2), (71, 70), (500, 72)])
def test_which_hour_has_passed(gone, expected):
    assert passed(AT, AT + timedelta(hours=gone), 72) == expected


def out(since: str, until: str) -> Out:
    return Out(
        *(datetime.fromisoformat(f"2026-10-{at}").replace(tzinfo=HERE) for at in (since, until))
    )


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("16T20:00", "16T23:00", 1),
        ("16T23:00", "17T07:00", 7),
        ("16T10:00", "16T15:00", 0),
    ],
)
def test_the_night_in_being_out(since, until, hours):
    assert night_part(out(since, until)) == timedelta(hours=hours)


def test_two_hours_of_night_or_five_of_day_ask_for_rest_and_less_does_not():
    now = datetime(2026, 10, 17, 8, tzinfo=HERE)
    assert rest_until([out("17T00:00", "17T02:00")], now) == now + REST
    assert rest_until([out("17T00:00", "17T01:50")], now) is None
    halves = [out("17T00:00", "17T01:00"), out("17T04:00", "17T05:00")]
    assert rest_until(halves, now) == now + REST, "two short ones of one night add up"
    assert rest_until([out("16T14:00", "16T18:50")], now) is None
    assert rest_until([out("16T13:00", "16T18:00")], now) == now + REST
    assert rest_until([out("15T22:00", "16T04:00")], now) is None, "the night before is over"


def test_the_hours_rise():
    assert all(a < b for a, b in pairwise(REMIND_AT))
