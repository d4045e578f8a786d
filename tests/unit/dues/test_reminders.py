from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.dues.rules.reminders import Behind, Why, left_in_peace, level

MONTHS = (1, 3, 5)


@pytest.mark.parametrize(
    ("months", "last", "hers"),
    [(0, 0, 0), (1, 0, 1), (2, 1, 1), (3, 1, 2), (5, 2, 3), (9, 0, 1), (9, 1, 2), (9, 3, 3)],
)
def test_three_levels_follow_each_other(months, last, hers):
    assert level(Behind(months, last), MONTHS) == hers


@given(st.none() | st.integers(0, 60), st.integers(0, 3))
def test_nobody_hears_a_level_before_the_one_below_it(months, last):
    assert level(Behind(months, last), MONTHS) <= last + 1


@pytest.mark.parametrize(
    ("behind", "why"),
    [
        (Behind(2), None),
        (Behind(2, with_us=False, paid_something=True), Why.NOT_WITH_US),
        (Behind(None), Why.NOT_KNOWN),
        (Behind(9, suspended=True), Why.SUSPENDED),
        (Behind(2, let_off=True), Why.LET_OFF),
        (Behind(2, paid_something=True), Why.PAID_SOMETHING),
        (Behind(2, this_month=True), Why.THIS_MONTH),
    ],
)
def test_why_somebody_is_left_in_peace(behind, why):
    assert left_in_peace(behind) is why
