from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from union.messages.rules.reach import (
    DUTY,
    Purpose,
    Reach,
    Verdict,
    channel_of,
    decide,
    next_safe_at,
)

INDIA = ZoneInfo("Asia/Kolkata")
NIGHT = datetime(2026, 10, 16, 2, 0, tzinfo=INDIA)
NOON = datetime(2026, 10, 16, 12, 0, tzinfo=INDIA)
WILLING = Reach(addresses={"sms": "+91500"}, topics=frozenset({"dues"}), wished=frozenset({"sms"}))


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_dead_and_the_gone_are_told_nothing_whatever_the_purpose(purpose):
    decision = decide(purpose, Reach(here=False, topics=frozenset({"dues"})), NOON)
    assert (decision.verdict, decision.code) == (Verdict.WITHHOLD, "not_here")


@pytest.mark.parametrize("purpose", [*sorted(DUTY), Purpose.CALLBACK])
def test_duty_and_a_callback_go_in_the_middle_of_the_night(purpose):
    assert decide(purpose, Reach(), NIGHT).verdict is Verdict.SEND


@pytest.mark.parametrize("purpose", [Purpose.RECEIPT, Purpose.REMINDER])
def test_ordinary_words_need_her_consent(purpose):
    assert decide(purpose, Reach(addresses={"sms": "+91500"}), NOON).code == "no_consent"


def test_ordinary_words_wait_for_the_morning():
    decision = decide(Purpose.REMINDER, WILLING, NIGHT)
    assert decision.verdict is Verdict.WAIT
    assert decision.until == datetime(2026, 10, 16, 10, 0, tzinfo=INDIA)


def test_ordinary_words_go_by_day():
    assert decide(Purpose.REMINDER, WILLING, NOON).verdict is Verdict.SEND


@pytest.mark.parametrize(
    ("now", "begins", "ends", "expected"),
    [
        (time(9, 59), time(10), time(18), time(10)),
        (time(10, 0), time(10), time(18), None),
        (time(17, 59), time(10), time(18), None),
        (time(18, 0), time(10), time(18), time(10)),
        (time(23, 30), time(22), time(2), None),
        (time(1, 59), time(22), time(2), None),
        (time(2, 0), time(22), time(2), time(22)),
    ],
)
def test_hours_begin_and_end_to_the_minute_also_over_midnight(now, begins, ends, expected):
    here = datetime.combine(NOON.date(), now, tzinfo=INDIA)
    opens = next_safe_at(here, begins, ends)
    assert (None if opens is None else opens.time()) == expected
    assert opens is None or opens > here


def test_ordinary_words_go_only_by_the_ways_she_wished_for():
    reach = Reach(addresses={"sms": "+91500", "voice": "+91500"}, wished=frozenset({"voice"}))
    assert reach.ways_for(Purpose.REMINDER, ["sms", "voice"]) == ["voice"]
    assert reach.ways_for(Purpose.PAGE, ["sms", "voice", "push"]) == ["sms", "voice"]


@pytest.mark.parametrize(
    ("word", "way"), [("App", "push"), (" call", "voice"), ("link", "sms"), ("mail", "mail")]
)
def test_ways_are_read_as_people_write_them(word, way):
    assert channel_of(word) == way


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="pigeon"):
        channel_of("pigeon")


HERS = {"sms": "+91", "voice": "+91", "push": "[]"}


@pytest.mark.parametrize(
    ("purpose", "wanted", "expected"),
    [
        (Purpose.PAGE, ["sms"], ["push", "voice"]),
        (Purpose.BRIEFING, ["voice", "sms"], ["voice", "push"]),
        (Purpose.BRIEFING, ["mail", "sms"], ["sms", "push", "voice"]),
        (Purpose.STAND_DOWN, ["sms"], ["push", "voice"]),
        (Purpose.STAND_DOWN, ["sms", "voice"], ["voice"]),
        (Purpose.TRIAL, ["sms"], ["sms"]),
        (Purpose.CALLBACK, ["voice"], ["voice"]),
        (Purpose.REMINDER, ["sms", "push"], ["sms"]),
    ],
)
def test_her_order_holds_for_duty_and_a_briefing_keeps_its_voice(purpose, wanted, expected):
    reach = Reach(addresses=HERS, duty=("push", "mail", "voice"), ordinary=("mail", "sms"))
    assert reach.ways_for(purpose, wanted) == expected


def test_quiet_ways_come_last_for_duty_and_are_never_left_out():
    reach = Reach(addresses=HERS, part={"sms": "+91581"})
    wanted = ["sms", "push", "voice"]
    assert reach.ways_for(Purpose.PAGE, wanted, {("sms", "")}) == ["push", "voice", "sms"]
    assert reach.ways_for(Purpose.PAGE, wanted, {("sms", "+91581")}) == ["push", "voice", "sms"]
    assert reach.ways_for(Purpose.PAGE, wanted, {("sms", "+91582")}) == wanted
    assert reach.ways_for(Purpose.PAGE, ["sms"], {("sms", "")}) == ["sms"]
    assert reach.ways_for(Purpose.TRIAL, wanted, {("sms", "")}) == wanted


def test_a_way_chosen_before_is_used_while_she_has_it_and_wishes_it_where_it_can_wait():
    reach = Reach(addresses=HERS, duty=("push",), ordinary=("mail", "sms"))
    assert reach.may_use(Purpose.PAGE, "voice")
    assert not reach.may_use(Purpose.PAGE, "mail")
    assert reach.may_use(Purpose.REMINDER, "sms")
    assert not reach.may_use(Purpose.REMINDER, "voice")
