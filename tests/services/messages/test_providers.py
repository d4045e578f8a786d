"""Several providers of one way: each has its own share of the attempts, in its own queue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.messages import PUBLIC_URL, FakeProvider, make_page
from union.gateways.port import GatewayRefusedError, Gateways
from union.kernel.actor import Actor
from union.messages.models import Attempt
from union.messages.queries import due_lanes
from union.messages.rules.attempts import lanes
from union.messages.services import send, send_due

TEST = Actor.system("test")


@pytest.fixture
def unit(unit):
    return replace(unit, further={"sms": ("second", "third")})


@pytest.fixture
def first():
    return FakeProvider()


@pytest.fixture
def second():
    return FakeProvider()


@pytest.fixture
def both(first, second):
    further = {name: Gateways(sms=second) for name in ("second", "third")}
    return Gateways(sms=first, voice=first, public_url=PUBLIC_URL, further=further)


def page_somebody(unit, *channels):
    with unit.begin(TEST) as work:
        member = make_member(work, phone="5830166131")
        send(work, make_page(member.person_id, channels=channels))


def attempts(unit):
    with unit.reading(TEST) as work:
        rows = work.session.execute(
            select(Attempt.channel, Attempt.via, Attempt.state).order_by(Attempt.id)
        )
        return [tuple(row) for row in rows]


def test_every_way_is_tried_by_its_first_provider_before_the_second():
    assert lanes(["sms", "voice", "sms"], {"sms": ["b", "c"], "voice": ["d"]}) == [
        ("sms", None),
        ("voice", None),
        ("sms", "b"),
        ("voice", "d"),
        ("sms", "c"),
    ]


def test_what_the_first_refuses_goes_by_the_second_at_once(unit, both, first, second):
    first.broken["sms"] = GatewayRefusedError
    page_somebody(unit, "sms")
    assert send_due(unit, both, "sms") == 1
    with unit.reading(TEST) as work:
        assert due_lanes(work) == [("sms", "second")]
    assert send_due(unit, both, "sms") == 0
    assert send_due(unit, both, "sms", via="third") == 0
    assert send_due(unit, both, "sms", via="second") == 1
    assert attempts(unit) == [("sms", None, "failed"), ("sms", "second", "handed_over")]
    assert first.keys() != second.keys()


def test_one_provider_never_takes_up_what_is_anothers(unit, both, first, second):
    first.broken["sms"] = GatewayRefusedError
    for _ in range(3):
        page_somebody(unit, "sms")
    send_due(unit, both, "sms", limit=2)
    assert send_due(unit, both, "sms", via="second", limit=50) == 2
    assert (len(first.taken), len(second.taken)) == (2, 2)
    assert send_due(unit, both, "sms", limit=50) == 1


def test_what_was_meant_for_a_provider_that_is_gone_goes_by_the_first(unit, both, first):
    first.broken["sms"] = GatewayRefusedError
    page_somebody(unit, "sms")
    send_due(unit, both, "sms")
    first.broken.clear()
    alone = Gateways(sms=first, public_url=PUBLIC_URL)
    assert send_due(unit, alone, "sms") == 1
    assert attempts(unit)[-1] == ("sms", "second", "handed_over")


def test_another_way_of_hers_comes_before_another_provider(unit, both, first):
    first.broken["sms"] = GatewayRefusedError
    page_somebody(unit, "sms", "voice")
    send_due(unit, both, "sms")
    assert attempts(unit)[-1] == ("voice", None, "due")


def test_who_wakes_the_queue_names_the_provider(unit, both, first):
    first.broken["sms"] = GatewayRefusedError
    woken: list[str] = []
    listening = replace(unit, nudge=woken.extend)
    page_somebody(listening, "sms")
    send_due(listening, both, "sms")
    assert woken == ["send-sms", "send-sms-second"]
