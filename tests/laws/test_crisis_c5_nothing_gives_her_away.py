"""C5: no name, phone, place or kind of event in a queue, a log, a text, a notice or an address.

Canaries are planted wherever a contact takes words; then everything that leaves is searched.
"""

from __future__ import annotations

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select, text

from tests.builders.crisis import make_responder, report
from tests.builders.members import make_member
from tests.builders.messages import make_inbound
from tests.conftest import Parts
from tests.faults.processes import Crew, wait_for
from tests.redis_dump import everything_in
from union.crisis.rules.kinds import Kind
from union.gateways.simulator import set_weather
from union.gateways.simulator.store import phone_call, shown_text
from union.kernel.actor import Actor
from union.messages.services import UnionDoor, store_inbound
from union.wiring import CALLS, build_house
from worker import jobs
from worker.queues import QUEUES, work_off

TEST = Actor.system("test")
NAME, PLACE, WORDS = "Canaryrani", "Canarylodge lane", "canarywords he has a knife"
CALLER, RESPONDER = "5442900234", "5830166131"
KIND = Kind.CLIENT_VIOLENCE
CANARIES = ("canary", "knife", "lodge", CALLER, KIND.value, "bidar")
"""What may stand in nothing that leaves; the responder's number may stand on her own phone only."""


@pytest.fixture
def house(parts: Parts):
    house = build_house(parts.settings)
    yield house
    house.close()


@pytest.fixture
def asked(house):
    """Somebody is in need, and a responder has been asked."""
    with house.unit.begin(TEST) as work:
        make_member(work, called=NAME, phone=CALLER)
        make_responder(work, phone=RESPONDER)
        report(work, number=f"+91{CALLER}", place=PLACE, words=WORDS, kind=KIND)
        store_inbound(work, make_inbound(work.clock.now(), body=WORDS))


def found_in(held: str | bytes) -> list[str]:
    said = (held if isinstance(held, str) else held.decode(errors="replace")).lower()
    return [canary for canary in CANARIES if canary in said]


def work_everything(house) -> None:
    for _ in range(3):
        for queue in QUEUES:
            work_off(house, queue)


def outside(house) -> list[str]:
    with house.outside.connect() as connection:
        texts = connection.execute(select(shown_text.c.body)).scalars().all()
        calls = connection.execute(select(phone_call.c.script, phone_call.c.heard)).all()
    return [*texts, *(str(tuple(call)) for call in calls)]


def test_what_lands_on_telephones_means_nothing(house, asked):
    work_everything(house)
    shown = outside(house)
    assert shown
    for one in shown:
        assert found_in(one) == []
        assert RESPONDER not in one


def test_redis_never_hears_of_it(house, asked, keeper):
    with Redis.from_url(keeper.url) as redis:
        held = everything_in(redis)
        work_everything(house)
        held += everything_in(redis)
    assert b"worker.jobs.wake" in held
    assert found_in(held) == []
    assert RESPONDER.encode() not in held


def test_a_failed_job_leaves_nothing_of_it_in_redis(house, asked, keeper, monkeypatch):
    def fail(_house, _queue):
        message = f"{PLACE} {WORDS} +91{CALLER}"
        raise RuntimeError(message)

    monkeypatch.setattr(jobs, "house", lambda: house)
    monkeypatch.setattr(jobs, "work_off", fail)
    with Redis.from_url(keeper.url) as redis:
        queue = Queue("send-sms", connection=redis, serializer=JSONSerializer)
        worker = SimpleWorker([queue], connection=redis, serializer=JSONSerializer)
        worker.log.disabled = True
        worker.work(burst=True)
        assert queue.failed_job_registry.count > 0
        held = everything_in(redis)
    assert b"RuntimeError" in held
    assert found_in(held) == []


def test_logs_carry_ids_only(house, asked, parts, tmp_path):
    set_weather(house.outside, "sms", "dead")
    crew = Crew(parts, tmp_path)
    try:
        crew.start("facts", "send-sms", "ticker")
        wait_for(lambda: "attempt_failed" in crew.said(), 60)
    finally:
        crew.stop()
    assert found_in(crew.said()) == []
    assert RESPONDER not in crew.said()


def test_tables_of_words_are_closed(house, asked):
    work_everything(house)
    with house.unit.reading(TEST) as work:
        for table in (
            "message",
            "attempt",
            "inbound_message",
            "outbox",
            "outbox_delivery",
            "timer",
        ):
            rows = work.session.scalars(text(f"SELECT t::text FROM {table} t")).all()
            assert rows
            assert found_in("\n".join(rows)) == []
            assert RESPONDER not in "\n".join(rows)


def test_a_stranger_on_the_line_hears_nothing_of_it(house, asked):
    """Whoever holds the phone presses something; only her own digits are told the place."""
    work_everything(house)
    with house.outside.connect() as connection:
        key = connection.execute(select(shown_text.c.key)).scalars().first()
    door = UnionDoor(house.unit, CALLS)
    for n, digits in enumerate(("11", "00", "99", "12")):
        inbound = make_inbound(
            house.clock.now(), key=key, body=digits, channel="keypad", provider_id=f"{key}-{n}"
        )
        assert found_in(str(door.pressed(inbound))) == []
