from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.messages.rules.attempts import CALL_SECONDS, LEASE, next_channel, pause

WAYS = st.lists(st.sampled_from(["sms", "voice", "push"]), min_size=1, max_size=3, unique=True)


@pytest.mark.parametrize(
    ("wanted", "tried", "way"),
    [
        (["sms", "voice"], [], "sms"),
        (["sms", "voice"], ["sms"], "voice"),
        (["sms", "voice"], ["sms", "voice"], "sms"),
        (["sms"], ["sms"], "sms"),
        ([], [], None),
    ],
)
def test_the_next_way_is_the_one_tried_least(wanted, tried, way):
    assert next_channel(wanted, tried) == way


@given(WAYS)
def test_every_way_is_tried_before_one_is_tried_twice(wanted):
    tried: list[str] = []
    for _ in wanted:
        tried.append(next_channel(wanted, tried))
    assert tried == wanted


@given(WAYS, st.integers(min_value=1, max_value=9))
def test_no_way_follows_itself_if_she_has_two(wanted, count):
    tried: list[str] = []
    for _ in range(count):
        tried.append(next_channel(wanted, tried))
    if len(wanted) > 1:
        assert all(one != two for one, two in itertools.pairwise(tried))


def test_the_first_round_does_not_wait_and_later_ones_do():
    waits = [pause(count, 2, urgent=True).total_seconds() for count in range(8)]
    assert waits == [0, 0, 5, 5, 10, 10, 20, 20]
    assert pause(4, 1, urgent=False) == timedelta(minutes=40)


def test_a_lease_outlives_the_calls_made_under_it():
    assert LEASE.total_seconds() > CALL_SECONDS + 2
