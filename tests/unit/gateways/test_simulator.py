from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import StaticPool

from union.gateways.port import (
    GatewayRefusedError,
    GatewayUnreachableError,
    VoiceScript,
)
from union.gateways.simulator import (
    CallOverError,
    Phones,
    create_schema,
    set_weather,
    simulator_gateways,
    version,
)
from union.gateways.simulator.store import knock, shown_text
from union.kernel.clock import ManualClock

NUMBER = "+915830166131"
ASKING = VoiceScript(say=("Press your two numbers.",), gather=2, then=("Thank you.",))
PLACE = VoiceScript(say=("The old bus stand.",), then=("Thank you.",))


class Door:
    def __init__(self):
        self.heard = []

    def received(self, inbound):
        self.heard.append(inbound)
        return VoiceScript(say=("We have it.",)) if inbound.channel == "call" else None

    def pressed(self, inbound):
        self.heard.append(inbound)
        return PLACE if inbound.body == "47" else ASKING


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 10, 15, 18, 30, tzinfo=UTC))


@pytest.fixture
def outside():
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    create_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def phones(outside, clock):
    return Phones(outside, clock)


@pytest.fixture
def gateways(outside, clock):
    return simulator_gateways(outside, clock, "https://example.test")


def test_the_same_key_twice_is_shown_once_and_knocked_twice(outside, gateways, phones):
    for _ in range(2):
        gateways.sms.send("m1-a1", NUMBER, "Slip")
    assert [text.body for text in phones.all()[0].texts] == ["Slip"]
    with outside.connect() as connection:
        assert connection.execute(select(func.count()).select_from(knock)).scalar() == 2
        assert connection.execute(select(func.count()).select_from(shown_text)).scalar() == 1


def test_two_digits_pressed_are_heard_and_answered_while_on_the_line(gateways, phones):
    door = Door()
    gateways.voice.call("m1-a1", NUMBER, ASKING)
    (call,) = phones.ringing()
    assert phones.answer(call.id).say == ASKING.say
    phones.press_key(call.id, "4", door)
    assert door.heard == []
    phones.press_key(call.id, "7", door)
    assert [(each.channel, each.body, each.key) for each in door.heard] == [
        ("keypad", "47", "m1-a1")
    ]
    heard = phones.all()[0].calls[0].heard
    assert heard == ["Press your two numbers.", "# 47", "The old bus stand.", "Thank you."]
    with pytest.raises(CallOverError):
        phones.press(call.id, "47", door)


def test_a_wrong_pair_is_asked_again_under_an_id_of_its_own(gateways, phones):
    door = Door()
    gateways.voice.call("m1-a1", NUMBER, ASKING)
    (call,) = phones.ringing()
    phones.answer(call.id)
    phones.press(call.id, "11", door)
    phones.press(call.id, "47", door)
    assert len({each.provider_id for each in door.heard}) == 2


def test_a_telephone_that_is_off_does_not_ring_but_gets_its_texts(gateways, phones):
    phones.place(NUMBER, "Rani")
    phones.switch(NUMBER, on=False)
    gateways.voice.call("m1-a1", NUMBER, ASKING)
    gateways.sms.send("m2-a1", NUMBER, "Slip")
    assert list(phones.ringing()) == []
    assert [call.state for call in phones.all()[0].calls] == ["missed"]
    assert len(phones.all()[0].texts) == 1


def test_nobody_rings_for_ever(gateways, phones, clock):
    gateways.voice.call("m1-a1", NUMBER, ASKING)
    clock.advance(timedelta(minutes=1))
    assert list(phones.ringing()) == []


def test_texts_missed_calls_and_calls_reach_the_door_under_ids_of_their_own(phones):
    door = Door()
    phones.write(NUMBER, "help", door)
    phones.missed_call(NUMBER, door)
    assert phones.ring(NUMBER, door).say == ("We have it.",)
    assert [each.channel for each in door.heard] == ["sms", "missed_call", "call"]
    assert len({each.provider_id for each in door.heard}) == 3


@pytest.mark.parametrize(
    ("mode", "error"), [("dead", GatewayUnreachableError), ("refusing", GatewayRefusedError)]
)
def test_the_weather_breaks_one_way_and_leaves_the_others(outside, gateways, mode, error):
    set_weather(outside, "sms", mode)
    with pytest.raises(error):
        gateways.sms.send("m1-a1", NUMBER, "Slip")
    gateways.push.push("m1-a2", NUMBER, "Slip")
    set_weather(outside, "sms", "well")
    gateways.sms.send("m1-a3", NUMBER, "Slip")


def test_the_table_knows_when_something_changed(outside, gateways):
    before = version(outside)
    assert version(outside) == before
    gateways.sms.send("m1-a1", NUMBER, "Slip")
    assert version(outside) != before
