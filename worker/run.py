"""One worker of one queue: `python -m worker.run QUEUE`. Starts a process, nothing else."""

from __future__ import annotations

import sys

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from union.infra import logs
from worker.jobs import house
from worker.queues import QUEUES, further_queues

USAGE = 64


class QueueWorker(SimpleWorker):
    """A worker in one process, soon back when Redis is.

    It forks for no job: what recovers a killed job is the lease in PostgreSQL, not RQ.
    """

    max_connection_wait_time = 2.0


def main(arguments: list[str]) -> int:
    """Work off one queue until told to stop; the exit code of the process."""
    queue = arguments[0] if len(arguments) == 1 else ""
    if queue not in QUEUES and queue not in further_queues(house()):
        sys.stderr.write(f"Say which queue: {', '.join((*QUEUES, *further_queues(house())))}\n")
        return USAGE
    logs.configure(f"worker-{queue}")
    settings = house().settings
    # RQ sets the time-out that its own waiting needs; a shorter one would break it off.
    connection = Redis.from_url(settings.redis_url, socket_connect_timeout=2)
    queues = [Queue(queue, connection=connection, serializer=JSONSerializer)]
    worker = QueueWorker(queues, connection=connection, serializer=JSONSerializer)
    worker.work(logging_level="WARNING", with_scheduler=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
