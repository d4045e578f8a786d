"""Waking queues after a commit: the ways to a telephone first, and none that is awake already."""

from __future__ import annotations

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from union.infra.queueing import make_nudge

NAMES = ("facts", "send-sms", "send-voice", "timers")


def jobs_in(redis: Redis, name: str) -> list:
    return Queue(name, connection=redis, serializer=JSONSerializer).get_jobs()


def test_a_way_is_woken_before_what_is_done_for_the_books(keeper):
    with Redis.from_url(keeper.url) as redis:
        make_nudge(redis, "worker.jobs.wake")(NAMES)
        woken = {name: jobs_in(redis, name)[0].enqueued_at for name in NAMES}
        assert max(woken["send-sms"], woken["send-voice"]) < min(woken["facts"], woken["timers"])


def test_a_queue_that_is_awake_is_not_woken_again(keeper):
    with Redis.from_url(keeper.url) as redis:
        nudge = make_nudge(redis, "worker.jobs.wake")
        nudge({"send-sms"})
        nudge({"send-sms", "facts"})
        assert [len(jobs_in(redis, name)) for name in ("send-sms", "facts")] == [1, 1]


def test_redis_away_is_no_fault_of_who_reports(keeper):
    with Redis.from_url(keeper.url, socket_connect_timeout=1) as redis:
        nudge = make_nudge(redis, "worker.jobs.wake")
        keeper.stop()
        nudge(NAMES)
