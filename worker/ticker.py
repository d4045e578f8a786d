"""The ticker: every second it looks what is due and hands it out; it does none of it itself.

Any number of tickers may run: what they claim they claim in PostgreSQL, and waking a queue twice
is harmless. It must live through the loss of Redis and of PostgreSQL.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from union.infra import logs
from union.infra.retention import begin_ageing
from union.messages.services import end_leases, watch_soon
from worker.jobs import house
from worker.queues import AHEAD, WATCH, due_queues

if TYPE_CHECKING:
    from union.wiring import House

EVERY_SECONDS = 1.0

log = structlog.get_logger()


def tick(house: House) -> list[str]:
    """End the leases that are over and wake every queue with work that waits; say which.

    One in which a job waits is awake already (``make_nudge``).
    """
    with house.unit.begin(WATCH) as work:
        end_leases(work)
    waiting = due_queues(house, ahead=AHEAD)
    if waiting:
        house.unit.nudge(waiting)
    return waiting


def _watch_ways(house: House) -> bool:
    with house.unit.begin(WATCH) as work:
        watch_soon(work)
    with house.unit.begin(WATCH) as work:
        begin_ageing(work)
    return True


def run(house: House, stop: threading.Event) -> None:
    """Tick every second until told to stop; the ways are watched from the first time it can.

    So are the records: from then on a timer goes through them each night.
    """
    watched = False
    while not stop.is_set():
        try:
            watched = watched or _watch_ways(house)
            tick(house)
        except SQLAlchemyError as error:
            log.warning("tick_failed", code=type(error).__name__)
        stop.wait(EVERY_SECONDS)


def stop_on_signals() -> threading.Event:
    """An event that is set when this process is told to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def main() -> int:
    """Tick until told to stop; the exit code of the process."""
    logs.configure("ticker")
    run(house(), stop_on_signals())
    return 0


if __name__ == "__main__":
    sys.exit(main())
