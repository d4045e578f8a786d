"""A way that goes quiet under the simulator's weather is noticed, gone around, and told back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.members import make_member
from tests.builders.messages import FakeProvider, gateways, make_inbound, make_page
from union.gateways.port import GatewayRefusedError
from union.gateways.simulator import open_store, set_weather, simulator_gateways
from union.infra.outbox import Outbox
from union.infra.timers import Timer, fire_due
from union.kernel.actor import Actor
from union.messages.models import DeliveryReceipt, Message, QuietSpell
from union.messages.services import (
    TIMERS,
    heard_back,
    send,
    send_due,
    store_inbound,
    try_another_way,
    watch_soon,
    withdraw,
)

TEST = Actor.system("test")
A_WORD = timedelta(minutes=6)
TWO_AT_ONCE = """
    INSERT INTO quiet_spell (channel, part, why, facts, since, noticed_at)
    SELECT 'voice', '', why, facts, since, noticed_at FROM quiet_spell, generate_series(1, 2)
"""


@pytest.fixture
def team(unit):
    """Thirty people on duty, fifteen of each of two number series."""
    with unit.begin(TEST) as work:
        numbers = [f"58{series}0{at:06d}" for series in (1, 2) for at in range(15)]
        return [make_member(work, phone=number).person_id for number in numbers]


@pytest.fixture
def provider():
    return FakeProvider()


class Story:
    """Pages go out one after another; who is answered is said by a sign for each."""

    def __init__(self, unit, clock, provider):
        self.unit, self.clock, self.provider = unit, clock, provider

    def page(self, person_id, sign="-", ways=("sms",), lasts=A_WORD) -> int:
        with self.unit.begin(TEST) as work:
            message_id = send(work, make_page(person_id, channels=ways)).id
        for way in ways:
            send_due(self.unit, gateways(self.provider), way)
        if sign == "+":
            with self.unit.begin(TEST) as work:
                heard_back(work, message_id)
        self.clock.advance(lasts)
        return message_id

    def look(self):
        with self.unit.begin(TEST) as work:
            watch_soon(work)
        self.clock.advance(timedelta(minutes=2))
        fire_due(self.unit, TIMERS)

    def spells(self) -> list[tuple[str, str, str, bool]]:
        with self.unit.reading(TEST) as work:
            rows = work.session.scalars(select(QuietSpell).order_by(QuietSpell.id))
            return [(row.channel, row.part, row.why, row.back_at is None) for row in rows]

    def facts(self) -> list[str]:
        with self.unit.reading(TEST) as work:
            told = select(Outbox.fact).where(Outbox.fact.like("way_%")).order_by(Outbox.id)
            return list(work.session.scalars(told))


@pytest.fixture
def story(unit, clock, provider):
    return Story(unit, clock, provider)


def test_a_silent_way_is_told_once_gone_around_and_told_back(story, team):
    for at, person_id in enumerate(team):
        story.page(person_id, "+-"[at % 2])
    story.look()
    assert story.spells() == []
    for person_id in team[:14]:
        story.page(person_id)
    for _ in range(2):
        story.look()
    assert story.spells() == [("sms", "", "unanswered", True)]
    assert story.facts() == ["way_quiet"]
    ways = ("sms", "voice")
    with story.unit.begin(TEST) as work:
        assert send(work, make_page(team[0], channels=ways)).channels == ["voice", "sms"]
    story.page(team[1], "+")
    story.look()
    assert story.facts() == ["way_quiet"], "one answer is not yet back"
    story.page(team[2], "+")
    for _ in range(3):
        story.look()
    assert story.spells() == [("sms", "", "unanswered", False)]
    assert story.facts() == ["way_quiet", "way_back"], "and it does not flap"
    with story.unit.begin(TEST) as work:
        assert send(work, make_page(team[0], channels=ways)).channels == ["sms", "voice"]


def test_one_carrier_that_goes_silent_leaves_the_other_as_it_is(story, team):
    mine, others = team[:15], team[15:]
    for at, (one, other) in enumerate(zip(mine, others, strict=True)):
        for person_id in (one, other):
            story.page(person_id, "+" if at % 5 else "-")
    for one, other in zip(mine, others, strict=True):
        story.page(one)
        story.page(other, "+")
    story.look()
    assert [spell[:2] for spell in story.spells()] == [("sms", "+915810")]
    ways = ("sms", "voice")
    with story.unit.begin(TEST) as work:
        assert send(work, make_page(mine[0], channels=ways)).channels == ["voice", "sms"]
        assert send(work, make_page(others[0], channels=ways)).channels == ["sms", "voice"]


def test_a_gateway_that_refuses_is_told_within_minutes(story, team):
    story.provider.broken["sms"] = GatewayRefusedError
    for person_id in team[:6]:
        story.page(person_id, ways=("sms", "voice"), lasts=timedelta(seconds=20))
    story.look()
    assert ("sms", "", "refusing", True) in story.spells()
    del story.provider.broken["sms"]
    for person_id in team[:3]:
        story.page(person_id)
    story.look()
    assert story.facts() == ["way_quiet", "way_back"]


@pytest.mark.parametrize(("weather", "why"), [("refusing", "refusing"), ("dead", "unreachable")])
def test_the_simulators_weather_is_noticed_and_its_clearing_too(
    unit, clock, team, cluster, weather, why
):
    outside = open_store(cluster.outside_copy())
    try:
        sky = simulator_gateways(outside, clock, "https://example.test")
        set_weather(outside, "sms", weather)
        send_to_some(unit, clock, team[:6], sky)
        story = Story(unit, clock, None)
        story.look()
        assert story.spells() == [("sms", "", why, True)]
        set_weather(outside, "sms", "well")
        send_to_some(unit, clock, team[6:9], sky)
        story.look()
        assert story.facts() == ["way_quiet", "way_back"]
    finally:
        outside.dispose()


def send_to_some(unit, clock, people, sky):
    for person_id in people:
        clock.advance(timedelta(seconds=10))
        with unit.begin(TEST) as work:
            message_id = send(work, make_page(person_id, channels=("sms",))).id
        send_due(unit, sky, "sms")
        with unit.begin(TEST) as work:
            withdraw(work, message_id)


def test_a_retry_goes_around_it_too(story, team):
    first = story.page(team[0], ways=("sms",))
    with story.unit.begin(TEST) as work:
        message = work.session.get_one(Message, first)
        message.channels = ["push", "sms", "voice"]
        now = work.clock.now()
        spell = {"channel": "push", "part": "", "why": "unanswered", "facts": {}}
        work.session.add(QuietSpell(**spell, since=now, noticed_at=now))
    with story.unit.begin(TEST) as work:
        assert try_another_way(work, first)
    send_due(story.unit, gateways(story.provider), "voice")
    assert story.provider.ways() == ["sms", "voice"]


def test_pages_called_off_in_time_say_nothing(story, team):
    for at, person_id in enumerate(team):
        story.page(person_id, "+-"[at % 2])
    for person_id in team:
        with story.unit.begin(TEST) as work:
            message_id = send(work, make_page(person_id, channels=("sms",))).id
        send_due(story.unit, gateways(story.provider), "sms")
        with story.unit.begin(TEST) as work:
            work.session.get_one(Message, message_id).state = "withdrawn"
    story.clock.advance(timedelta(hours=1))
    story.look()
    assert story.spells() == []


def test_a_company_that_says_delivered_of_everything_is_not_believed(story, team):
    for at, person_id in enumerate([*team, *team[:14]]):
        sign = "+-"[at % 2] if at < len(team) else "-"
        says_delivered(story, story.page(person_id, sign))
    story.look()
    assert story.spells() == [("sms", "", "unanswered", True)]
    for person_id in team[:4]:
        says_delivered(story, story.page(person_id))
    story.look()
    assert story.facts() == ["way_quiet"], "nor does its word end it"


def says_delivered(story, message_id):
    with story.unit.begin(TEST) as work:
        row = text("SELECT id FROM attempt WHERE message_id = :id")
        attempt_id = work.session.execute(row, {"id": message_id}).scalar_one()
        now = work.clock.now()
        receipt = {"provider": "fake", "word": "delivered", "code": "", "at": now}
        work.session.add(
            DeliveryReceipt(
                attempt_id=attempt_id, provider_id=f"r{attempt_id}", stored_at=now, **receipt
            )
        )


def test_a_way_whose_receipts_stop_is_back_with_them(story, team):
    for person_id in team:
        says_delivered(story, story.page(person_id))
    for person_id in team[:5]:
        story.page(person_id)
    story.look()
    assert ("sms", "", "unanswered", True) in story.spells()
    for person_id in team[:3]:
        says_delivered(story, story.page(person_id))
    story.look()
    assert story.facts() == ["way_quiet", "way_back"]


def test_when_nothing_comes_in_that_is_told_until_it_comes_again(story, clock):
    def ring():
        with story.unit.begin(TEST) as work:
            store_inbound(work, make_inbound(work.clock.now(), channel="missed_call"))

    for _day in range(7):
        for _ in range(9):
            ring()
            clock.advance(timedelta(minutes=10))
        clock.advance(timedelta(hours=22, minutes=30))
    clock.advance(timedelta(hours=1, minutes=50))
    story.look()
    assert story.spells() == [("in_call", "", "nothing_in", True)]
    ring()
    ring()
    story.look()
    story.look()
    assert story.facts() == ["way_quiet", "way_back"]


def test_there_is_one_watch_however_many_ask(story):
    for _ in range(3):
        story.look()
    with story.unit.reading(TEST) as work:
        waiting = select(func.count()).where(Timer.done_at.is_(None), Timer.kind == "ways_watch")
        assert work.session.scalar(waiting) == 1


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE quiet_spell SET why = 'slow'",
        "UPDATE quiet_spell SET back_at = NULL",
        "DELETE FROM quiet_spell",
        TWO_AT_ONCE,
        "UPDATE push_key SET public = ''",
        "UPDATE reach_point SET channel = 'mail'",
        "DELETE FROM reach_point",
        "INSERT INTO way_order SELECT id, 'duty', '{}', made_at FROM person",
    ],
)
def test_the_database_refuses_to_have_it_otherwise(unit, clock, harm):
    with unit.begin(TEST) as work:
        now = clock.now()
        spell = {"channel": "sms", "part": "", "why": "slow", "facts": {}}
        make_member(work)
        work.session.add(QuietSpell(**spell, since=now, noticed_at=now, back_at=now))
    with unit.reading(TEST) as work, pytest.raises(DBAPIError):
        work.session.execute(text(harm))
