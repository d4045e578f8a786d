"""C4: PostgreSQL holds the truth, Redis only ids; what is claimed is claimed once.

The real kills and stops are in tests/faults/test_sending.py.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.members import make_member
from tests.builders.messages import PUBLIC_URL, make_page
from tests.conftest import Parts
from tests.redis_dump import everything_in
from union.infra.embedded.valkey import Keeper
from union.kernel.actor import Actor
from union.messages.models import Attempt
from union.messages.services import claim_due, send_all
from union.wiring import build_house
from worker.queues import due_queues

TEST = Actor.system("test")


@pytest.fixture
def house(parts: Parts):
    house = build_house(parts.settings)
    yield house
    house.close()


def page(unit, count: int = 1) -> list[int]:
    with unit.begin(TEST) as work:
        people = [make_member(work, phone=f"58301{n:05d}").person_id for n in range(count)]
        return [message.id for message in send_all(work, [make_page(one) for one in people])]


def test_redis_is_told_a_queue_and_nothing_else(house, keeper: Keeper):
    page(house.unit, 3)
    with Redis.from_url(keeper.url) as redis:
        held = everything_in(redis)
    assert b"send-sms" in held
    assert b"worker.jobs.wake" in held
    for content in (b"58301", b"abc-DEF_123", b"4821", b"KA/"):
        assert content not in held


def test_a_page_is_found_with_redis_empty(house, keeper: Keeper):
    page(house.unit)
    with Redis.from_url(keeper.url) as redis:
        redis.flushall()
    assert due_queues(house) == ["send-sms"]


def test_a_page_is_committed_and_found_with_redis_away(house, keeper: Keeper):
    keeper.stop()
    page(house.unit)
    assert due_queues(house) == ["send-sms"]
    keeper.start()


def _page_and_break(work) -> None:
    send_all(work, [make_page(make_member(work, phone="5830112345").person_id)])
    raise ZeroDivisionError


def test_what_rolls_back_pages_nobody(house):
    with pytest.raises(ZeroDivisionError), house.unit.begin(TEST) as work:
        _page_and_break(work)
    assert due_queues(house) == []


def test_eight_at_once_claim_each_page_once(committing):
    page(committing, 60)

    def claim(_: int) -> list[str]:
        keys: list[str] = []
        for _ in range(6):
            with committing.begin(TEST) as work:
                keys += [one.key for one in claim_due(work, "sms", PUBLIC_URL, limit=7)]
        return keys

    with ThreadPoolExecutor(8) as senders:
        claimed = [key for keys in senders.map(claim, range(8)) for key in keys]
    assert len(claimed) == len(set(claimed)) == 60


ATTACKS = {
    "a lease without an end": "UPDATE attempt SET state = 'leased'",
    "an end without a lease": "UPDATE attempt SET lease_until = due_at",
    "a state nobody knows": "UPDATE attempt SET state = 'lost'",
    "a key used twice": (
        "INSERT INTO attempt (message_id, number, key, channel, urgent, state, made_at, due_at)"
        " SELECT message_id, number + 1, key, channel, urgent, 'due', made_at, due_at FROM attempt"
    ),
    "two attempts with one number": (
        "INSERT INTO attempt (message_id, number, key, channel, urgent, state, made_at, due_at)"
        " SELECT message_id, number, 'other', channel, urgent, 'due', made_at, due_at FROM attempt"
    ),
    "two attempts at once": (
        "INSERT INTO attempt (message_id, number, key, channel, urgent, state, made_at, due_at)"
        " SELECT message_id, number + 1, 'other', channel, urgent, 'due', made_at, due_at"
        " FROM attempt"
    ),
    "a message to nobody": "UPDATE message SET person_id = NULL",
    "a page thrown away": "DELETE FROM attempt",
    "a message thrown away": "DELETE FROM message",
    "everything thrown away": "TRUNCATE attempt, message CASCADE",
    "what came in thrown away": "DELETE FROM inbound_message",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(committing, attack):
    page(committing)
    with pytest.raises((IntegrityError, DBAPIError)), committing.begin(TEST) as work:
        work.session.execute(text(ATTACKS[attack]))
    with committing.reading(TEST) as work:
        assert work.session.scalars(select(Attempt.state)).all() == ["due"]
