"""A list typed in a hurry, who is held, and when a medicine is asked after."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from union.crisis.rules.speech import with_point
from union.crisis.rules.spoken import SAYS
from union.crisis.rules.taken import (
    Standing,
    clock_runs,
    is_held,
    latest_by,
    next_look,
    tally,
)
from union.crisis.rules.taken_lines import (
    Dose,
    Known,
    TypedLine,
    lines_of,
    read_line,
    settle,
    when,
)

INDIA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Lakshmi", TypedLine("Lakshmi")),
        ("woman in green, about 30", TypedLine("woman in green, about 30")),
        ("Meena, insulin 8pm", TypedLine("Meena", (Dose("insulin", time(20)),))),
        ("Meena; ART by 21:30", TypedLine("Meena", (Dose("ART", time(21, 30)),))),
        ("Rani, insulin 8 am, BP tablet 22.00, hospital",
         TypedLine("Rani", (Dose("insulin", time(8)), Dose("BP tablet", time(22))),
                   Standing.HOSPITAL)),
        ("Asha, tall, let go", TypedLine("Asha, tall", (), Standing.RELEASED)),
        ("Asha, 8pm", TypedLine("Asha, 8pm")),
        ("Asha, insulin 25:00", TypedLine("Asha, insulin 25:00")),
        ("Asha, insulin 12am", TypedLine("Asha", (Dose("insulin", time(0)),))),
    ],
)  # fmt: skip
def test_a_line_is_read_without_guessing(line, read):
    assert read_line(line) == read


def test_only_finished_lines_count_until_the_list_is_sent():
    text = "1. Lakshmi\r\n- Meena\n\n  Ra"
    assert lines_of(text, whole=False) == ["Lakshmi", "Meena"]
    assert lines_of(text, whole=True) == ["Lakshmi", "Meena", "Ra"]


def known(*typed, own=True):
    return [Known(number, words, own) for number, words in enumerate(typed, 1)]


def test_the_same_list_again_adds_nobody():
    lines = ["Lakshmi", "Meena", "lakshmi "]
    plan = settle(lines, known("Lakshmi", "Meena", "Lakshmi", own=False))
    assert (plan.new, plan.changed) == ((), ())
    assert plan.already == ("Lakshmi", "Meena", "lakshmi ")


def test_two_alike_in_one_list_are_two_women():
    assert settle(["Lakshmi", "Lakshmi"], []).new == ("Lakshmi", "Lakshmi")
    assert settle(["Lakshmi", "Lakshmi"], known("Lakshmi")).new == ("Lakshmi",)


def test_a_corrected_line_is_hers_and_another_name_is_another_woman():
    plan = settle(["Lakshmi, insulin 8pm", "Zarina"], known("Lakshmi, insulin", "Meena"))
    assert plan.changed == ((1, "Lakshmi, insulin 8pm"),)
    assert plan.new == ("Zarina",), "Meena was rubbed out; she stays, and Zarina is new"


def test_a_time_just_gone_is_late_and_an_early_one_is_tomorrow():
    assert when(time(23, 30), NOW, INDIA) == datetime(2026, 10, 16, 18, 0, tzinfo=UTC)
    assert when(time(8), NOW, INDIA) == datetime(2026, 10, 16, 2, 30, tzinfo=UTC)
    later = NOW + timedelta(hours=3)
    assert when(time(1), later, INDIA) == datetime(2026, 10, 15, 19, 30, tzinfo=UTC)


def test_medicine_is_asked_after_before_at_and_after_its_time():
    due = NOW + timedelta(hours=3)
    looks, after = [], None
    for _turn in range(5):
        after = next_look(due, after, NOW)
        looks.append((after - due) / timedelta(minutes=1))
    assert looks == [-60, -15, 0, 30, 60]
    assert next_look(NOW + timedelta(minutes=5), None, NOW) == NOW, "written late: at once"
    assert next_look(NOW - timedelta(hours=1), NOW, NOW) == NOW + timedelta(minutes=30)


def test_the_hours_run_in_a_home_and_a_hospital_until_a_magistrate_saw_her():
    assert clock_runs(Standing.PROTECTIVE_HOME, None)
    assert clock_runs(Standing.HOSPITAL, None)
    assert not clock_runs(Standing.AT_STATION, NOW)
    assert not clock_runs(Standing.RELEASED, None)
    assert is_held(Standing.PRODUCED)


def test_the_road_to_the_court_is_left_out():
    assert latest_by(NOW, None) == NOW + timedelta(hours=24)
    assert latest_by(NOW, 90) == NOW + timedelta(hours=25, minutes=30)


def test_a_tally_is_in_the_order_of_the_night():
    count = tally([Standing.RELEASED, Standing.AT_STATION, Standing.AT_STATION])
    assert list(count.items()) == [(Standing.AT_STATION, 2), (Standing.RELEASED, 1)]


def test_where_they_meet_is_said_after_the_place_in_every_tongue():
    assert with_point("Town station", None, "kn") == "Town station"
    for language in SAYS:
        said = with_point("Town station", "Clock tower", language)
        assert said.startswith("Town station. ")
        assert said.endswith(" Clock tower")
    assert with_point("", "Clock tower", "en") == "Clock tower"
