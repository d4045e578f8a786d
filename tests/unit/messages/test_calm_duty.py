"""Words about the rota: by duty's consent, by day, and never as a call that would wake anybody."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from union.messages.rules.reach import Purpose, Reach, Verdict, decide

ZONE = ZoneInfo("Asia/Kolkata")
NUMBER = {"sms": "+915442900234", "voice": "+915442900234", "push": "app"}


@pytest.mark.parametrize(
    ("named", "ways"),
    [
        (None, ["push", "sms"]),
        (("voice", "sms"), ["sms"]),
        (("sms", "push"), ["push", "sms"]),
        (("voice",), ["push", "sms"]),
    ],
)
def test_it_goes_by_wanted_ways_that_she_named(named, ways):
    reach = Reach(addresses=NUMBER, duty=named)
    assert reach.ways_for(Purpose.ROTA, ["push", "sms"]) == ways


@pytest.mark.parametrize(("hour", "verdict"), [(3, Verdict.WAIT), (11, Verdict.SEND)])
def test_it_needs_no_consent_to_dues_and_waits_for_day(hour, verdict):
    now = datetime(2026, 10, 16, hour, tzinfo=ZONE)
    assert decide(Purpose.ROTA, Reach(addresses=NUMBER), now).verdict is verdict
    assert decide(Purpose.DRILL, Reach(addresses=NUMBER), now).verdict is Verdict.SEND
    assert decide(Purpose.ROTA, Reach(here=False), now).verdict is Verdict.WITHHOLD
