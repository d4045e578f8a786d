"""What each queue's work is: the table from queue names to functions that do what is due.

The same functions serve an RQ job, the fallback sender and a test; none of them needs Redis, and
each may be run by any number of processes at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from union.checkout import services as cards
from union.infra import outbox, timers
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.messages.queries import due_channels
from union.messages.rules.reach import Channel
from union.messages.services import queue_of, send_due
from union.wiring import HANDLERS, TIMERS

if TYPE_CHECKING:
    from union.wiring import House

BATCH = 50
TURN_SECONDS = 30.0
"""One turn does not go on for ever: what is left is found again by the ticker."""

WATCH = Actor.system("ticker")


class UnknownQueueError(UnionError):
    """A queue that nobody works off: a mistake in the code or in the command line."""

    code = "unknown_queue"


def _facts(house: House) -> int:
    return outbox.deliver_due(house.unit, HANDLERS, BATCH)


def _timers(house: House) -> int:
    return timers.fire_due(house.unit, TIMERS, BATCH)


def _send(channel: str, house: House) -> int:
    return send_due(house.unit, house.gateways, channel, BATCH)


def _cards(house: House) -> int:
    if house.payments is None:
        return 0
    cards.reconcile_when_due(house.unit, house.payments)
    return cards.work_cards(house.unit, house.payments, BATCH)


WORK: Mapping[str, Callable[[House], int]] = {
    outbox.FACTS_QUEUE: _facts,
    timers.TIMERS_QUEUE: _timers,
    cards.CARDS_QUEUE: _cards,
    **{queue_of(channel): partial(_send, channel) for channel in Channel},
}

QUEUES = tuple(WORK)


def work_off(house: House, queue: str) -> int:
    """Do what is due on a queue until a round is not full; say how much was taken up."""
    if queue not in WORK:
        raise UnknownQueueError
    taken, ends = 0, time.monotonic() + TURN_SECONDS
    while True:
        count = WORK[queue](house)
        taken += count
        if count < BATCH or time.monotonic() > ends:
            return taken


def due_queues(house: House, overdue_by: timedelta = timedelta(0)) -> list[str]:
    """The queues with work that has been due for so long and that nobody holds."""
    with house.unit.reading(WATCH) as work:
        found = [queue_of(channel) for channel in due_channels(work, overdue_by)]
        if outbox.has_due(work, overdue_by):
            found.append(outbox.FACTS_QUEUE)
        if timers.has_due(work, overdue_by):
            found.append(timers.TIMERS_QUEUE)
        if house.payments is not None and (
            cards.has_due(work, overdue_by) or cards.reconciliation_due(work)
        ):
            found.append(cards.CARDS_QUEUE)
    return found
