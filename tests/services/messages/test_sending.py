from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.builders.members import make_member
from tests.builders.messages import PUBLIC_URL, FakeProvider, gateways, make_page
from union.gateways.port import GatewayRefusedError, Gateways, GatewayUnreachableError
from union.infra.outbox import Outbox
from union.kernel.actor import Actor
from union.members.models import Member, ReachRule
from union.messages.models import Attempt, Message
from union.messages.rules.attempts import LEASE, MOST_URGENT
from union.messages.services import (
    Outgoing,
    claim_due,
    end_leases,
    send,
    send_due,
    try_another_way,
    withdraw,
)

TEST = Actor.system("test")
PHONE = "5830166131"
PATIENCE = 60.0


@pytest.fixture
def provider():
    return FakeProvider()


def page_somebody(unit, **fields):
    with unit.begin(TEST) as work:
        member = make_member(work, phone=PHONE)
        return member.person_id, send(work, make_page(member.person_id, **fields)).id


def message_of(unit, message_id):
    with unit.reading(TEST) as work:
        message = work.session.get_one(Message, message_id)
        attempts = work.session.scalars(
            select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.number)
        ).all()
        work.session.expunge_all()
        return message, attempts


def test_a_page_goes_out_with_its_link_and_is_written_down(unit, provider):
    _, message_id = page_somebody(unit)
    assert send_due(unit, gateways(provider), "sms") == 1
    way, key, to, words = provider.taken[0]
    assert (way, key, to) == ("sms", f"m{message_id}-a1", "+915830166131")
    assert f"{PUBLIC_URL}/s/abc-DEF_123" in words
    message, (attempt,) = message_of(unit, message_id)
    assert (message.state, attempt.state, attempt.provider) == ("handed_over",) * 2 + ("fake",)
    assert send_due(unit, gateways(provider), "sms") == 0


def test_a_call_asks_for_two_digits(unit, provider):
    page_somebody(unit, channels=("voice",))
    send_due(unit, gateways(provider), "voice")
    assert provider.taken[0][3].gather == 2


@pytest.mark.parametrize("failure", [GatewayRefusedError, GatewayUnreachableError, OSError])
def test_a_failed_attempt_is_followed_by_another_way_under_another_key(unit, provider, failure):
    provider.broken["sms"] = failure
    _, message_id = page_somebody(unit)
    send_due(unit, gateways(provider), "sms")
    send_due(unit, gateways(provider), "voice")
    assert provider.ways() == ["sms", "voice"]
    message, attempts = message_of(unit, message_id)
    assert message.state == "handed_over"
    assert [each.state for each in attempts] == ["failed", "handed_over"]
    assert attempts[0].key != attempts[1].key


def test_a_way_without_a_gateway_moves_on(unit, provider):
    _, message_id = page_somebody(unit)
    half = Gateways(voice=provider, public_url=PUBLIC_URL)
    send_due(unit, half, "sms")
    send_due(unit, half, "voice")
    assert message_of(unit, message_id)[0].state == "handed_over"


def test_a_page_nobody_takes_is_tried_so_often_and_then_told_of(unit, clock, provider):
    provider.broken.update(sms=GatewayUnreachableError, voice=GatewayUnreachableError)
    _, message_id = page_somebody(unit)
    for _ in range(30):
        for way in ("sms", "voice"):
            send_due(unit, gateways(provider), way)
        clock.advance(timedelta(seconds=10))
    message, attempts = message_of(unit, message_id)
    assert (message.state, message.code) == ("unsent", "gateway_unreachable")
    assert len(attempts) == MOST_URGENT
    assert len(set(provider.keys())) == len(provider.keys()) == MOST_URGENT
    with unit.reading(TEST) as work:
        facts = work.session.scalars(select(Outbox).where(Outbox.fact == "message_unsent")).all()
        assert [fact.ids for fact in facts] == [{"message_id": message_id}]


def test_what_a_provider_says_of_a_number_is_neither_kept_nor_logged(unit, provider):
    provider.broken["sms"] = type("Bad", (RuntimeError,), {"__str__": lambda _: "CANARY +91583"})
    _, message_id = page_somebody(unit)
    with capture_logs() as lines:
        send_due(unit, gateways(provider), "sms")
    _, attempts = message_of(unit, message_id)
    assert attempts[0].code == "gateway_failed"
    assert "CANARY" not in str(lines)


def test_a_lease_that_ends_gives_the_page_to_another_way(unit, clock, provider):
    _, message_id = page_somebody(unit)
    with unit.begin(TEST) as work:
        assert len(claim_due(work, "sms", PUBLIC_URL)) == 1
    send_due(unit, gateways(provider), "sms")
    assert provider.taken == []
    clock.advance(LEASE)
    with unit.begin(TEST) as work:
        assert end_leases(work) == 1
        assert work.nudges == {"send-voice"}
    send_due(unit, gateways(provider), "voice")
    assert provider.keys() == [f"m{message_id}-a2"]


def test_who_dies_between_page_and_sending_is_told_nothing(unit, provider):
    person_id, message_id = page_somebody(unit)
    with unit.begin(TEST) as work:
        row = work.session.get_one(Member, person_id)
        row.status, row.status_on = "died", date(2026, 10, 15)
    assert send_due(unit, gateways(provider), "sms") == 0
    message, attempts = message_of(unit, message_id)
    assert (message.state, attempts[0].state) == ("withheld", "dropped")


def test_who_was_erased_between_page_and_sending_is_told_nothing(unit, provider):
    person_id, message_id = page_somebody(unit)
    with unit.begin(TEST) as work:
        work.vault.destroy_key(work.session.get_one(Member, person_id).key_ref)
    for way in ("sms", "voice"):
        assert send_due(unit, gateways(provider), way) == 0
    assert provider.taken == []
    assert message_of(unit, message_id)[0].code in {"no_address", "key_gone"}


def test_withdrawn_between_claim_and_knock_is_not_sent_again(unit, clock, provider):
    _, message_id = page_somebody(unit)
    with unit.begin(TEST) as work:
        claim_due(work, "sms", PUBLIC_URL)
    with unit.begin(TEST) as work:
        withdraw(work, message_id)
    clock.advance(LEASE)
    with unit.begin(TEST) as work:
        end_leases(work)
    for way in ("sms", "voice"):
        send_due(unit, gateways(provider), way)
    assert provider.taken == []


def test_another_way_after_silence(unit, provider):
    _, message_id = page_somebody(unit)
    send_due(unit, gateways(provider), "sms")
    with unit.begin(TEST) as work:
        assert try_another_way(work, message_id)
    send_due(unit, gateways(provider), "voice")
    assert provider.ways() == ["sms", "voice"]


def test_quiet_hours_that_began_meanwhile_put_it_off(unit, clock, provider):
    clock.move_to(datetime(2026, 10, 16, 12, 0, tzinfo=UTC))
    with unit.begin(TEST) as work:
        member = make_member(work, phone=PHONE)
        work.session.merge(
            ReachRule(
                person_id=member.person_id,
                asked=True,
                channels=["sms"],
                changed_at=clock.now(),
            )
        )
        work.session.flush()
        send(work, Outgoing("reminder", "reminder", ["sms"], person_id=member.person_id))
    clock.move_to(datetime(2026, 10, 16, 20, 0, tzinfo=UTC))
    assert send_due(unit, gateways(provider), "sms") == 0
    clock.move_to(datetime(2026, 10, 17, 4, 30, tzinfo=UTC))
    assert send_due(unit, gateways(provider), "sms") == 1


def test_urgent_words_go_before_the_rest(unit, provider):
    with unit.begin(TEST) as work:
        number = "+915442900234"
        for urgent in (False, True):
            send(work, Outgoing("callback", "callback", ["sms"], to_ref=number, urgent=urgent))
    send_due(unit, gateways(provider), "sms", limit=1)
    with unit.reading(TEST) as work:
        sent = work.session.scalars(select(Attempt).where(Attempt.state == "handed_over")).all()
        assert [each.urgent for each in sent] == [True]


def test_forty_pages_are_all_at_the_door_before_one_is_answered(unit):
    """So a door that thinks for 300 ms has taken all of them within a second."""
    all_there = threading.Barrier(40)

    class Door(FakeProvider):
        def _take(self, way, key, to, words):
            all_there.wait(PATIENCE)
            return super()._take(way, key, to, words)

    with unit.begin(TEST) as work:
        for _ in range(40):
            member = make_member(work, phone=PHONE)
            send(work, make_page(member.person_id))
    door = Door()
    assert send_due(unit, gateways(door), "sms", seconds=PATIENCE) == 40
    assert len(door.taken) == 40


def test_a_provider_that_never_answers_is_given_up_and_another_way_found(unit):
    let_go = threading.Event()

    class Silent(FakeProvider):
        def _take(self, way, key, to, words):
            let_go.wait(PATIENCE)
            return super()._take(way, key, to, words)

    _, message_id = page_somebody(unit)
    silent = Silent()
    send_due(unit, gateways(silent), "sms", seconds=0.2)
    assert silent.taken == [], "it has not answered yet"
    let_go.set()
    _, attempts = message_of(unit, message_id)
    assert [(each.channel, each.state) for each in attempts] == [
        ("sms", "failed"),
        ("voice", "due"),
    ]
