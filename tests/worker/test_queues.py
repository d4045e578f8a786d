"""What a queue's name makes happen, in one process and without Redis."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select, text

from tests.builders.members import make_member
from tests.builders.messages import FakeProvider, gateways, make_page
from tests.conftest import Parts
from tests.faults.processes import wait_for
from union.gateways.port import GatewayUnreachableError
from union.infra.db import owner_engine
from union.infra.timers import Timer, set_timer
from union.kernel.actor import Actor
from union.messages.models import Attempt
from union.messages.services import queue_of, send, send_all
from union.wiring import build_house
from worker import fallback, jobs, queues, ticker
from worker.queues import QUEUES, UnknownQueueError, due_queues, work_off

TEST = Actor.system("test")


@pytest.fixture
def house(parts: Parts):
    house = build_house(parts.settings)
    yield house
    house.close()


@pytest.fixture
def provider():
    return FakeProvider()


def page(house, count: int = 1, **fields) -> list[int]:
    with house.unit.begin(TEST) as work:
        people = [make_member(work, phone=f"58301{n:05d}").person_id for n in range(count)]
        return [one.id for one in send_all(work, [make_page(one, **fields) for one in people])]


def attempts(house) -> list[tuple[str, str]]:
    with house.unit.reading(TEST) as work:
        rows = work.session.execute(select(Attempt.channel, Attempt.state).order_by(Attempt.id))
        return [(row.channel, row.state) for row in rows]


def test_every_way_has_a_queue():
    assert {queue_of(way) for way in ("sms", "voice", "push", "mail")} < set(QUEUES)
    assert {"facts", "timers"} < set(QUEUES)


def test_a_queue_nobody_works_off_is_refused(house):
    with pytest.raises(UnknownQueueError):
        work_off(house, "everything")


def test_what_is_due_is_found_and_gone_once_done(house):
    page(house)
    assert due_queues(house) == ["send-sms"]
    assert due_queues(house, overdue_by=timedelta(minutes=10)) == []
    assert work_off(house, "send-sms") == 1
    assert due_queues(house) == []
    assert work_off(house, "send-sms") == 0


def test_one_turn_takes_more_than_one_batch(house):
    page(house, 120)
    assert work_off(house, "send-sms") == 120


def test_a_queue_in_which_a_job_waits_is_not_woken_again(house):
    queue = Queue("send-sms", connection=house.redis, serializer=JSONSerializer)
    page(house, 3)
    page(house)
    assert queue.count == 1
    queue.empty()
    house.unit.nudge(["send-sms"])
    assert queue.count == 1


def test_the_ticker_hands_out_and_does_nothing_itself(house, keeper):
    page(house)
    house.redis.flushall()
    assert ticker.tick(house) == ["send-sms"]
    assert attempts(house) == [("sms", "due")]
    assert ticker.tick(house) == ["send-sms"]
    queue = Queue("send-sms", connection=house.redis, serializer=JSONSerializer)
    assert queue.count == 1, "it waits still, and is not woken a second time"


def test_the_ticker_gives_up_leases_that_are_over(house):
    page(house)
    with house.unit.begin(TEST) as work:
        work.session.execute(
            text("UPDATE attempt SET state = 'leased', lease_until = due_at - interval '1 second'")
        )
    ticker.tick(house)
    assert attempts(house) == [("sms", "failed"), ("voice", "due")]


def test_the_ticker_has_ways_and_records_looked_at_once_however_many_there_are(house):
    for _ in range(2):
        stop = StopsAfterOne()
        ticker.run(house, stop)
    with house.unit.reading(TEST) as work:
        kinds = work.session.scalars(select(Timer.kind).where(Timer.done_at.is_(None))).all()
    assert kinds == ["ways_watch", "age_records"]
    assert work_off(house, "timers") == 1


class StopsAfterOne(threading.Event):
    """A stop that is asked for after the first round."""

    def wait(self, timeout=None):
        self.set()
        return True


def test_the_ticker_lives_through_the_loss_of_redis(house, keeper):
    page(house)
    keeper.stop()
    stop = Stopping(house)
    ticker.run(house, stop)
    keeper.start()
    assert stop.waits == 2


class Stopping:
    """A stop event that is set at the second wait."""

    def __init__(self, _house):
        self.waits = 0

    def is_set(self) -> bool:
        return self.waits >= 2

    def wait(self, _seconds: float) -> None:
        self.waits += 1


def test_the_fallback_idles_while_redis_answers(house):
    page(house)
    assert fallback.step_in(house, set()) == []


def test_the_fallback_does_what_has_lain_for_seconds_even_then(house):
    page(house)
    with house.unit.begin(TEST) as work:
        work.session.execute(text("UPDATE attempt SET due_at = due_at - interval '6 seconds'"))
    assert stepped_in(house) == ["send-sms"]
    assert attempts(house) == [("sms", "handed_over")]


def stepped_in(house) -> list[str]:
    """What the fallback began, once it is done with it."""
    busy: set[str] = set()
    begun = fallback.step_in(house, busy)
    wait_for(lambda: not busy, 60)
    return begun


def test_the_fallback_steps_in_when_redis_is_away_and_begins_nothing_twice(house, keeper):
    keeper.stop()
    page(house)
    assert fallback.step_in(house, {"send-sms"}) == []
    assert stepped_in(house) == ["send-sms"]
    assert attempts(house) == [("sms", "handed_over")]
    keeper.start()


def test_a_job_tells_redis_a_code_and_never_what_was_said(house, monkeypatch):
    def tell(_house, _queue):
        message = "CANARY +915830112345 at the bus stand"
        raise ValueError(message)

    monkeypatch.setattr(jobs, "house", lambda: house)
    monkeypatch.setattr(jobs, "work_off", tell)
    with pytest.raises(jobs.JobFailedError) as caught:
        jobs.wake("send-sms")
    assert str(caught.value) == "ValueError"
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_job_that_fails_keeps_the_code_of_our_own_errors(house, monkeypatch):
    monkeypatch.setattr(jobs, "house", lambda: house)
    with pytest.raises(jobs.JobFailedError, match="unknown_queue"):
        jobs.wake("nothing")


def test_a_database_started_anew_costs_no_page(parts, monkeypatch):
    house = build_house(parts.settings, ping=False)
    monkeypatch.setattr(jobs, "house", lambda: house)
    page(house)
    superuser = owner_engine(parts.database.superuser_url)
    with superuser.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
                " AND pid <> pg_backend_pid()"
            ),
            {"name": parts.database.name},
        )
    superuser.dispose()
    jobs.wake("send-sms")
    assert attempts(house) == [("sms", "handed_over")]
    house.close()


def test_a_timer_is_fired_by_its_queue(house, monkeypatch):
    fired = []
    handlers = {"kettle": lambda work, timer: fired.append(timer.id) or finish(work, timer)}
    monkeypatch.setattr(queues, "TIMERS", handlers)
    with house.unit.begin(TEST) as work:
        timer = set_timer(
            work, kind="kettle", subject_type="pot", subject_id=1, due_at=work.clock.now()
        )
        timer_id = timer.id
    assert due_queues(house) == ["timers"]
    work_off(house, "timers")
    assert fired == [timer_id]
    assert due_queues(house) == []


def finish(work, timer: Timer) -> None:
    timer.done_at = work.clock.now()


def test_one_process_can_drive_everything_in_turn(unit, clock, provider):
    """As the replay does: no Redis, a clock of its own, the same functions."""
    provider.broken["sms"] = GatewayUnreachableError
    with unit.begin(TEST) as work:
        member = make_member(work, phone="5830112345")
        send(work, make_page(member.person_id))
    for way in ("sms", "voice"):
        queues.send_due(unit, gateways(provider), way)
        clock.advance(timedelta(seconds=1))
    assert provider.ways() == ["sms", "voice"]
