"""The fallback sender: while Redis does not answer it does the work itself, from PostgreSQL.

While Redis answers it idles, but for work that has been due for seconds and that nobody holds:
then workers are away, and somebody must do it. One thread per queue, so that a stalled provider
holds up nobody else.
"""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from union.infra import logs
from union.kernel.errors import UnionError
from union.messages.services import end_leases
from worker.jobs import house
from worker.queues import WATCH, due_queues, work_off
from worker.ticker import stop_on_signals

if TYPE_CHECKING:
    from union.wiring import House

EVERY_SECONDS = 0.5
LEFT_LYING = timedelta(seconds=5)

log = structlog.get_logger()


def redis_answers(house: House) -> bool:
    """Whether Redis answers now."""
    try:
        return bool(house.redis.ping())
    except RedisError:
        return False


def step_in(house: House, busy: set[str]) -> list[str]:
    """Do the work that is ours now, each queue in a thread of its own; say which queues."""
    if redis_answers(house):
        ours = due_queues(house, overdue_by=LEFT_LYING)
    else:
        with house.unit.begin(WATCH) as work:
            end_leases(work)
        ours = due_queues(house)
    begun = [queue for queue in ours if queue not in busy]
    for queue in begun:
        busy.add(queue)
        threading.Thread(target=_work_off, args=(house, queue, busy), daemon=True).start()
    return begun


def _work_off(house: House, queue: str, busy: set[str]) -> None:
    try:
        work_off(house, queue)
    except (SQLAlchemyError, UnionError) as error:
        log.warning("fallback_failed", queue=queue, code=type(error).__name__)
    finally:
        busy.discard(queue)


def run(house: House, stop: threading.Event) -> None:
    """Look twice a second until told to stop."""
    busy: set[str] = set()
    while not stop.is_set():
        try:
            begun = step_in(house, busy)
            if begun:
                log.info("fallback_stepped_in", queues=len(begun))
        except SQLAlchemyError as error:
            log.warning("fallback_failed", code=type(error).__name__)
        stop.wait(EVERY_SECONDS)


def main() -> int:
    """Stand by until told to stop; the exit code of the process."""
    logs.configure("fallback")
    run(house(), stop_on_signals())
    return 0


if __name__ == "__main__":
    sys.exit(main())
