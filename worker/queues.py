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
from union.infra.timers_ear import listening
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.messages.queries import due_lanes
from union.messages.rules.reach import Channel
from union.messages.services import queue_of, read_modem, send_due
from union.wiring import HANDLERS, TIMERS

if TYPE_CHECKING:
    from union.infra.ways_settings import WaysSettings
    from union.wiring import House

BATCH = 50
MODEM_QUEUE = "modem"
TURN_SECONDS = 30.0
"""One turn does not go on for ever: what is left is found again by the ticker."""

AHEAD = timedelta(seconds=1.5)
"""A timer that falls due so soon is waited for, so that none waits for the ticker's next second."""

HANDFUL = 10
"""So many timers are claimed at once: what a killed worker held waits for its lease to end."""

TOGETHER_SECONDS = 0.02
"""Timers that fall due within so long are claimed together."""

HELD_SECONDS = 0.2
"""Where one is due and somebody else has it in work, it is looked for no oftener than this."""

WATCH = Actor.system("ticker")


class UnknownQueueError(UnionError):
    """A queue that nobody works off: a mistake in the code or in the command line."""

    code = "unknown_queue"


def _facts(house: House) -> int:
    return outbox.deliver_due(house.unit, HANDLERS, BATCH)


def _timers(house: House) -> int:
    """Fire what is due, and what falls due before the ticker looks again."""
    fired, ends = _fire(house), time.monotonic() + AHEAD.total_seconds()
    pause = TOGETHER_SECONDS
    with listening(house.engine, house.clock) as ear:
        while fired < BATCH and time.monotonic() < ends and ear.wait(AHEAD, pause):
            found = _fire(house)
            fired, pause = fired + found, TOGETHER_SECONDS if found else HELD_SECONDS
    return fired


def _fire(house: House) -> int:
    fired, claimed = 0, HANDFUL
    while claimed == HANDFUL and fired < BATCH:
        claimed = timers.fire_due(house.unit, TIMERS, HANDFUL)
        fired += claimed
    return fired


def _send(channel: str, house: House, via: str | None = None) -> int:
    return send_due(house.unit, house.gateways, channel, via=via)


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
"""The queues of every deployment; each further provider has one of its own."""


def further_queues(house: House) -> Mapping[str, Callable[[House], int]]:
    """The queues of the providers after the first of each way, and of a modem, with their work."""
    found: dict[str, Callable[[House], int]] = {
        queue_of(channel, name): partial(_send, channel, via=name)
        for channel, names in house.gateways.further_ways().items()
        for name in names
    }
    if house.modem is not None:
        found[MODEM_QUEUE] = _modem
    return found


def named_queues(ways: WaysSettings | None) -> tuple[str, ...]:
    """The names of the same queues, for whoever starts workers and has no house."""
    if ways is None:
        return ()
    further = tuple(queue_of(Channel.SMS, name) for name in ways.sms[1:])
    return further if ways.gammu is None else (*further, MODEM_QUEUE)


def _modem(house: House) -> int:
    return 0 if house.modem is None else read_modem(house.unit, house.modem)


def work_off(house: House, queue: str) -> int:
    """Do what is due on a queue until a round is not full; say how much was taken up."""
    do = WORK.get(queue) or further_queues(house).get(queue)
    if do is None:
        raise UnknownQueueError
    taken, ends = 0, time.monotonic() + TURN_SECONDS
    while True:
        count = do(house)
        taken += count
        if count < BATCH or time.monotonic() > ends:
            return taken


def due_queues(
    house: House, overdue_by: timedelta = timedelta(0), ahead: timedelta = timedelta(0)
) -> list[str]:
    """The queues with work that has been due for so long and that nobody holds.

    ``ahead`` names the timers' queue also for what falls due so soon.
    """
    further = house.gateways.further_ways()
    with house.unit.reading(WATCH) as work:
        lanes = due_lanes(work, overdue_by)
        found = sorted(
            {queue_of(way, via if via in further.get(way, ()) else None) for way, via in lanes}
        )
        if outbox.has_due(work, overdue_by):
            found.append(outbox.FACTS_QUEUE)
        if house.modem is not None and house.modem.has_news():
            found.append(MODEM_QUEUE)
        if timers.has_due(work, overdue_by - ahead):
            found.append(timers.TIMERS_QUEUE)
        if house.payments is not None and (
            cards.has_due(work, overdue_by) or cards.reconciliation_due(work)
        ):
            found.append(cards.CARDS_QUEUE)
    return found
