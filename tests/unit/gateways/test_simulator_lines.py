"""Telephones that a call rings: by one key on the line, without it as if nobody had picked up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool

from union.gateways import joining
from union.gateways.port import ANSWERED, JOINED, UNANSWERED, VoiceScript
from union.gateways.simulator import CallOverError, Phones, create_schema
from union.gateways.simulator.store import phone_call
from union.kernel.clock import ManualClock

HERS, FIRST, OTHER, LAST = "+915830166131", "+915810000001", "+915810000002", "+915810000003"
GREETED = VoiceScript(say=("Namaste.",), gather=1, dial=(FIRST, OTHER), tell=True)
THROUGH = VoiceScript(say=("Stay.",), dial=(FIRST, OTHER), tell=True)
NEXT = VoiceScript(say=("Stay on.",), dial=(LAST,), tell=True)
BYE = VoiceScript(say=("We ring you.",))


class Door:
    """The union: two lines, one after the other."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def received(self, _inbound):
        return GREETED

    def pressed(self, inbound):
        self.told.append(inbound.body)
        if inbound.body == UNANSWERED:
            return NEXT if self.told.count(UNANSWERED) == 1 else BYE
        return THROUGH if inbound.body == "1" else BYE


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 10, 15, 18, 30, tzinfo=UTC))


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def phones(clock):
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    create_schema(engine)
    yield Phones(engine, clock)
    engine.dispose()


@pytest.fixture
def hers(phones, door):
    """She rang and was put through: her call, while ours ring."""
    phones.ring(HERS, door)
    phones.press(call_of(phones, HERS).id, "1", door)
    return call_of(phones, HERS).id


def call_of(phones, number):
    rows = select(phone_call).where(phone_call.c.number == number).order_by(phone_call.c.id.desc())
    with phones.engine.connect() as connection:
        return connection.execute(rows).first()


def rings(phones):
    return {call.number for call in phones.ringing()}


def test_whoever_presses_the_key_is_on_the_line_and_the_others_stop_ringing(phones, door, hers):
    assert rings(phones) == {FIRST, OTHER}
    leg = call_of(phones, FIRST)
    assert phones.answer(leg.id).say == joining.WORDS
    assert JOINED not in door.told, "picking up is nothing yet"
    phones.press_key(leg.id, joining.KEY, door)
    assert door.told == ["1", JOINED]
    assert rings(phones) == set()
    assert {call_of(phones, one).state for one in (HERS, FIRST)} == {"talking"}
    phones.press_key(leg.id, "5", door)
    phones.hang_up(leg.id, door)
    assert door.told == ["1", JOINED, ANSWERED]
    assert call_of(phones, HERS).state == "ended"


@pytest.mark.parametrize("how", ["another key", "silence", "puts down"])
def test_without_the_key_nobody_was_there_and_the_next_rings_at_once(phones, door, hers, how):
    phones.hang_up(call_of(phones, OTHER).id, door)
    leg = call_of(phones, FIRST)
    phones.answer(leg.id)
    assert rings(phones) == set()
    assert door.told == ["1"], "somebody still listens"
    acts = {
        "another key": lambda: phones.press_key(leg.id, "2", door),
        "silence": lambda: phones.wait(leg.id, door),
        "puts down": lambda: phones.hang_up(leg.id, door),
    }
    acts[how]()
    assert door.told == ["1", UNANSWERED]
    assert rings(phones) == {LAST}
    phones.hang_up(call_of(phones, LAST).id, door)
    assert call_of(phones, HERS).heard[-1] == "We ring you."


def test_what_rings_out_is_told_when_time_has_passed(phones, door, hers, clock):
    clock.advance(timedelta(minutes=1))
    phones.settle(door)
    assert door.told == ["1", UNANSWERED]
    assert rings(phones) == {LAST}


def test_she_only_waits_and_is_put_through(phones, door):
    phones.ring(HERS, door)
    phones.wait(call_of(phones, HERS).id, door)
    assert rings(phones) == {FIRST, OTHER}


def test_she_puts_down_and_nothing_rings_any_more(phones, door, hers):
    phones.hang_up(hers, door)
    assert rings(phones) == set()
    assert door.told == ["1"]
    with pytest.raises(CallOverError):
        phones.press(hers, "1", door)


def test_a_telephone_that_is_off_is_not_rung_for_her(phones, door):
    for number in (FIRST, OTHER):
        phones.place(number, "ours")
        phones.switch(number, on=False)
    phones.ring(HERS, door)
    phones.press(call_of(phones, HERS).id, "1", door)
    phones.settle(door)
    assert rings(phones) == {LAST}
