from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.builders.members import make_member
from tests.builders.messages import make_inbound, make_page
from union.gateways.port import VoiceScript
from union.infra.outbox import Outbox
from union.kernel.actor import Actor
from union.kernel.errors import NotAllowedError
from union.messages.models import InboundMessage
from union.messages.services import UnionDoor, read_inbound, send

TEST = Actor.system("test")


@pytest.fixture
def key(unit):
    """The key under which a call of ours is on the line."""
    with unit.begin(TEST) as work:
        member = make_member(work, phone="5830166131", languages=("hi",))
        message = send(work, make_page(member.person_id, channels=("voice",)))
        return f"m{message.id}-a1"


@pytest.fixture
def heard():
    return []


@pytest.fixture
def door(unit, heard):
    def answer(work, pressed):
        heard.append(pressed)
        return VoiceScript(say=("The old bus stand.",))

    return UnionDoor(unit, {"page": answer})


def rows(unit) -> tuple[int, int]:
    with unit.reading(TEST) as work:
        kept = work.session.scalar(select(func.count(InboundMessage.id)))
        told = select(func.count(Outbox.id)).where(Outbox.fact == "inbound_stored")
        return kept, work.session.scalar(told)


def keys(clock, key, digits="47", provider_id="p1"):
    return make_inbound(
        clock.now(), key=key, body=digits, channel="keypad", provider_id=provider_id
    )


def test_keys_in_a_call_of_ours_are_kept_and_answered_in_one_go(unit, clock, door, heard, key):
    assert door.pressed(keys(clock, key)).say == ("The old bus stand.",)
    (pressed,) = heard
    assert (pressed.digits, pressed.purpose, pressed.language) == ("47", "page", "hi")
    assert rows(unit) == (1, 0)
    with unit.reading(TEST) as work:
        assert read_inbound(work, pressed.inbound_id).key == key


def test_the_same_keys_told_twice_are_kept_once_and_answered_alike(unit, clock, door, heard, key):
    first = door.pressed(keys(clock, key))
    assert door.pressed(keys(clock, key)) == first
    assert {pressed.inbound_id for pressed in heard} == {heard[0].inbound_id}
    assert rows(unit) == (1, 0)


def test_a_handler_that_fails_keeps_nothing_so_that_the_provider_tells_again(unit, clock, key):
    def fail(_work, _pressed):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        UnionDoor(unit, {"page": fail}).pressed(keys(clock, key))
    assert rows(unit) == (0, 0)


def test_keys_that_are_refused_are_kept_and_told_on_and_she_hears_a_farewell(unit, clock, key):
    def refuse(_work, _pressed):
        raise NotAllowedError

    script = UnionDoor(unit, {"page": refuse}).pressed(keys(clock, key))
    assert script.gather == 0
    assert rows(unit) == (1, 1)


def test_keys_of_a_call_nobody_knows_are_kept_and_told_on(unit, clock, door, heard):
    script = door.pressed(keys(clock, "m0-a1"))
    assert script.gather == 0
    assert heard == []
    assert rows(unit) == (1, 1)


def test_a_purpose_nobody_answers_for_says_farewell(unit, clock, key):
    script = UnionDoor(unit, {}).pressed(keys(clock, key))
    assert script.gather == 0
    assert script.language == "hi"


def test_whoever_rings_hears_that_she_is_heard_and_a_missed_call_hears_nothing(unit, clock, door):
    rung = door.received(make_inbound(clock.now(), channel="call", body=""))
    assert len(rung.say) == 3
    assert door.received(make_inbound(clock.now(), channel="missed_call", body="")) is None
    assert rows(unit) == (2, 2)
