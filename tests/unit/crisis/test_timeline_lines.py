"""What stands in one line of a timeline: the same, in the same minute, of several people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from union.crisis.queries.desk import TimelineEvent

AT = datetime(2026, 10, 15, 21, 16, 5, tzinfo=UTC)
ONE = TimelineEvent(
    at=AT, code="asked", who="", about="Rani", facts={}, words=None, elsewhere=False
)


def test_several_asked_in_one_minute_are_as_one():
    assert replace(ONE, at=AT + timedelta(seconds=50), about="Sita").is_as(ONE)


@pytest.mark.parametrize(
    "other",
    [
        {"at": AT + timedelta(minutes=1)},
        {"code": "silent"},
        {"who": "the desk"},
        {"about": ""},
        {"words": "she rang back"},
        {"elsewhere": True},
    ],
)
def test_anything_that_differs_stands_by_itself(other):
    assert not replace(ONE, **other).is_as(ONE)
