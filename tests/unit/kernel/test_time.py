"""Months end where they end, and a clock never runs backwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.kernel.clock import ManualClock, SystemClock
from union.kernel.periods import Month, MonthUnreadableError, add_months, months_between


def test_month_ends_are_counted_from_the_anchor():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), 2) == date(2026, 3, 31)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_adding_months_lands_in_the_month_meant(anchor, count):
    moved = add_months(anchor, count)
    assert months_between(Month.of(anchor), Month.of(moved)) == count
    assert moved.day == min(anchor.day, Month.of(moved).last_day.day)


def test_months_read_and_walk():
    assert Month.parse("2026-12").next() == Month(2027, 1)
    assert Month(2026, 1).previous() == Month(2025, 12)
    assert [str(m) for m in Month(2025, 11).through(Month(2026, 1))] == [
        "2025-11",
        "2025-12",
        "2026-01",
    ]
    assert list(Month(2026, 2).through(Month(2026, 1))) == []


@pytest.mark.parametrize("text", ["2026", "2026-13", "Oct 2026", "2026-00", "26-10"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(MonthUnreadableError):
        Month.parse(text)


def test_two_at_night_on_the_first_of_november_is_november_in_the_unions_zone():
    clock = ManualClock(datetime(2026, 10, 31, 20, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 11, 1)
    assert clock.now().day == 31


def test_a_manual_clock_moves_forward_only():
    clock = ManualClock(datetime(2026, 10, 1, tzinfo=UTC))
    clock.advance(timedelta(seconds=1))
    with pytest.raises(ValueError, match="backwards"):
        clock.move_to(datetime(2026, 10, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="zone"):
        ManualClock(datetime(2026, 10, 1))  # noqa: DTZ001  the naive instant is the point


def test_the_system_clock_is_aware():
    assert SystemClock().now().tzinfo is UTC
