"""A clock, a queue of what people do next, and the check of C1 after each thing done."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from union.cli.replay.handsets import Handsets
from union.cli.replay.workers import Workers
from union.crisis.invariants import INVARIANTS
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock

WATCHER = Actor.system("replay")
C1 = " UNION ALL ".join(f"({query})" for name, query in INVARIANTS.items() if "c1_" in name)


@dataclass
class World:
    """The simulated world: ``at`` says what somebody does later; ``run`` lets it all happen."""

    unit: UnitOfWork
    clock: ManualClock
    seed: int
    handsets: Handsets = field(default_factory=Handsets)
    after_each: list[Callable[[], None]] = field(default_factory=list)
    violations: int = 0
    events: int = 0
    _due_at: datetime | None = None
    _queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        """The workers act on the same clock and telephones."""
        self.workers = Workers(self.unit, self.clock, self.handsets.gateways())

    def at(self, when: datetime, do: Callable[[], None]) -> None:
        """Somebody does something at an instant, now if that has passed."""
        heapq.heappush(self._queue, (when, next(self._numbers), do))

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Somebody does something in so many seconds."""
        self.at(self.clock.now() + timedelta(seconds=seconds), do)

    def chance(self, *names: object) -> random.Random:
        """Chance of its own for whatever is named; the same seed gives the same world."""
        return random.Random("-".join(str(name) for name in (self.seed, *names)))  # noqa: S311  # nosec B311 # made-up people, the same each time

    def run(self, over: Callable[[], bool], until: datetime) -> None:
        """Let everything happen in order until it is over, or until an instant."""
        self._settle()
        while True:
            due = self._next()
            if due is None or due > until or (not self._queue and over()):
                return
            self.clock.move_to(max(due, self.clock.now()))
            while self._queue and self._queue[0][0] <= self.clock.now():
                _, _, do = heapq.heappop(self._queue)
                do()
                self._settle()
            if self._due_at is not None and self._due_at <= self.clock.now():
                self._settle()

    def _next(self) -> datetime | None:
        times = [self._due_at, self._queue[0][0] if self._queue else None]
        return min((at for at in times if at is not None), default=None)

    def _settle(self) -> None:
        self._due_at = self.workers.settle()
        for notice in self.after_each:
            notice()
        self.events += 1
        with self.unit.reading(WATCHER) as work:
            self.violations += len(work.session.execute(text(C1)).all())
