"""All the workers in one process, on a clock handed in; the very functions that run at night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select, union_all

from union.gateways.port import Gateways
from union.infra.outbox import OutboxDelivery, deliver_due
from union.infra.timers import Timer, fire_due
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.messages.models import Attempt
from union.messages.queries import due_channels
from union.messages.services import end_leases, send_due
from union.wiring import HANDLERS, TIMERS

if TYPE_CHECKING:
    from union.kernel.clock import Clock

MOST_ROUNDS = 500
ACTOR = Actor.system("workers")


@dataclass(frozen=True, slots=True)
class Workers:
    """Deliveries, timers and sending, each done when it is due."""

    unit: UnitOfWork
    clock: Clock
    gateways: Gateways

    def settle(self) -> None:
        """Do what is due until nothing is; RuntimeError if that never ends."""
        for _ in range(MOST_ROUNDS):
            at = self.next_at()
            if at is None or at > self.clock.now():
                return
            self._round()
        message = "the workers never come to rest"
        raise RuntimeError(message)

    def next_at(self) -> datetime | None:
        """When something is due next, or a lease ends."""
        due = union_all(
            select(func.min(func.coalesce(Timer.lease_until, Timer.due_at))).where(
                Timer.done_at.is_(None)
            ),
            select(func.min(Attempt.due_at)).where(Attempt.state == "due"),
            select(func.min(Attempt.lease_until)).where(Attempt.state == "leased"),
            select(
                func.min(func.coalesce(OutboxDelivery.lease_until, OutboxDelivery.due_at))
            ).where(OutboxDelivery.done_at.is_(None)),
        )
        with self.unit.reading(ACTOR) as work:
            found = work.session.scalars(due).all()
        return min((at for at in found if at is not None), default=None)

    def _round(self) -> None:
        deliver_due(self.unit, HANDLERS)
        fire_due(self.unit, TIMERS)
        with self.unit.reading(ACTOR) as work:
            ways = due_channels(work)
        for way in ways:
            send_due(self.unit, self.gateways, way)
        with self.unit.begin(ACTOR) as work:
            end_leases(work)
