"""Times as pages write them: the day beside the hour where it is not today, in the union's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from union.web.formats import bare_day, hour, local_day


@pytest.fixture
def page_of(app):
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("page_of")
def test_an_hour_of_another_day_carries_its_day(clock):
    today = datetime.combine(clock.today(), datetime.min.time(), clock.zone)
    assert hour(today + timedelta(minutes=5)) == "00:05"
    before = hour(today - timedelta(minutes=5))
    assert before.endswith("23:55")
    assert len(before) > len("23:55")


@pytest.mark.usefixtures("page_of")
def test_after_midnight_here_it_is_another_day_than_in_utc():
    assert local_day(datetime(2026, 10, 15, 19, 0, tzinfo=UTC)) == date(2026, 10, 16)
    assert bare_day(date(2026, 10, 16)) == "16 Oct"
