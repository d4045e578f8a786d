"""All the workers in one process, on a clock handed in; the very functions that run at night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select

from union.gateways.port import Gateways
from union.infra.outbox import OutboxDelivery, deliver_due
from union.infra.timers import Timer, fire_due
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.messages.models import Attempt
from union.messages.queries import due_lanes
from union.messages.services import end_leases, send_due
from union.wiring import HANDLERS, TIMERS

if TYPE_CHECKING:
    from union.kernel.clock import Clock

MOST_ROUNDS = 500
ACTOR = Actor.system("workers")


@dataclass(frozen=True, slots=True)
class Due:
    """When each kind of work is due next, or a lease ends; None where nothing waits."""

    facts: datetime | None
    timers: datetime | None
    attempts: datetime | None
    leases: datetime | None

    @property
    def next_at(self) -> datetime | None:
        """The earliest of them."""
        found = (self.facts, self.timers, self.attempts, self.leases)
        return min((at for at in found if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Workers:
    """Deliveries, timers and sending, each done when it is due."""

    unit: UnitOfWork
    clock: Clock
    gateways: Gateways

    def settle(self) -> datetime | None:
        """Do what is due until nothing is; says when something will be.

        RuntimeError if it never comes to rest.
        """
        for _ in range(MOST_ROUNDS):
            due = self.due()
            if due.next_at is None or due.next_at > self.clock.now():
                return due.next_at
            self._round(due)
        message = "the workers never come to rest"
        raise RuntimeError(message)

    def due(self) -> Due:
        """One look at everything that waits."""
        free_at = func.coalesce(OutboxDelivery.lease_until, OutboxDelivery.due_at)
        claim_at = func.coalesce(Timer.lease_until, Timer.due_at)
        with self.unit.reading(ACTOR) as work:
            row = work.session.execute(
                select(
                    _least(free_at, OutboxDelivery.done_at.is_(None)),
                    _least(claim_at, Timer.done_at.is_(None)),
                    _least(Attempt.due_at, Attempt.state == "due"),
                    _least(Attempt.lease_until, Attempt.state == "leased"),
                )
            ).one()
        return Due(*row)

    def _round(self, due: Due) -> None:
        if self._is_due(due.facts):
            deliver_due(self.unit, HANDLERS)
        if self._is_due(due.timers):
            fire_due(self.unit, TIMERS)
        if self._is_due(due.attempts):
            with self.unit.reading(ACTOR) as work:
                ways = {way for way, _provider in due_lanes(work)}
            for way in sorted(ways):
                send_due(self.unit, self.gateways, way)
        if self._is_due(due.leases):
            with self.unit.begin(ACTOR) as work:
                end_leases(work)

    def _is_due(self, at: datetime | None) -> bool:
        return at is not None and at <= self.clock.now()


def _least(at: SQLColumnExpression[Any], waits: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(func.min(at)).where(waits).scalar_subquery()
