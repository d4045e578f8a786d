"""P5: what RQ keeps in Redis of a job that failed holds a code, whatever the failure said."""

from __future__ import annotations

from redis import Redis
from rq import Queue
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from tests.canary.failing import SAID, fails
from tests.canary.planting import PLANTED
from tests.canary.searching import find_all
from tests.redis_dump import everything_in
from union.infra.queueing import make_nudge
from worker import jobs
from worker.run import QueueWorker


def test_a_job_that_fails_leaves_a_code(keeper, monkeypatch):
    monkeypatch.setattr(jobs, "house", lambda: None)
    monkeypatch.setattr(jobs, "work_off", fails)
    with Redis.from_url(keeper.url) as redis:
        queue = Queue("canary", connection=redis, serializer=JSONSerializer)
        make_nudge(redis, "worker.jobs.wake")({queue.name})
        worked_off(queue, redis)
        assert FailedJobRegistry(queue=queue).get_job_ids(), "nothing failed"
        assert find_all(everything_in(redis), PLANTED) == set()
        queue.enqueue("tests.canary.failing.fails")
        worked_off(queue, redis)
        assert find_all(everything_in(redis), PLANTED) == {SAID}


def worked_off(queue: Queue, redis: Redis) -> None:
    worker = QueueWorker([queue], connection=redis, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL", with_scheduler=False)
