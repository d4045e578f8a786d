"""Redis and RQ: queues that carry ids only, woken after commits; losing one loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from union.infra.outbox import FACTS_QUEUE
from union.infra.timers import TIMERS_QUEUE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

JOB_TIMEOUT_S = 60
RESULT_TTL_S = 0
FAILURE_TTL_S = 3600
LAST = frozenset({FACTS_QUEUE, TIMERS_QUEUE})
"""Woken after the ways: what somebody waits for at a telephone stands behind no other waking."""

log = structlog.get_logger()


def connect(redis_url: str) -> Redis:
    """A client that gives up on a silent Redis within two seconds."""
    return Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=2)


def make_nudge(redis: Redis, job: str) -> Callable[[Collection[str]], None]:
    """A function that wakes queues by enqueueing ``job`` (dotted path) with the queue's name.

    A queue in which a job still waits is awake: whoever takes that job looks at all that is due
    then. It never raises: with Redis away the ticker and the fallback sender find what is due.
    """

    def nudge(queues: Collection[str]) -> None:
        for name in sorted(queues, key=lambda name: (name in LAST, name)):
            try:
                queue = Queue(name, connection=redis, serializer=JSONSerializer)
                if queue.count == 0:
                    queue.enqueue(
                        job,
                        name,
                        job_timeout=JOB_TIMEOUT_S,
                        result_ttl=RESULT_TTL_S,
                        failure_ttl=FAILURE_TTL_S,
                    )
            except RedisError:
                log.warning("nudge_lost", queue=name)
                return

    return nudge
