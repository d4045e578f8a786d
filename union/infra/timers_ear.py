"""Waiting for the next timer: until it is due, or until one is set that may be due sooner.

Holds one connection while it waits and claims nothing, so that whoever is killed while waiting
delays nothing.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import bindparam, func, select

from union.infra.db import Base
from union.infra.timers import SET_SOON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Engine

    from union.kernel.clock import Clock

_timer = Base.metadata.tables["timer"]

# A timer somebody holds may be claimed when it is let go; ``greatest`` overlooks what is null.
_NEXT = select(func.min(func.greatest(_timer.c.due_at, _timer.c.lease_until))).where(
    _timer.c.done_at.is_(None),
    _timer.c.due_at <= bindparam("until"),
    _timer.c.lease_until.is_(None) | (_timer.c.lease_until <= bindparam("until")),
)


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears that a timer was set for soon; made by ``listening``."""

    connection: Connection
    clock: Clock

    def next_at(self, within: timedelta) -> datetime | None:
        """When the next timer may be claimed, if that is within so long; else None."""
        found: datetime | None = self.connection.scalar(_NEXT, {"until": self.clock.now() + within})
        return found

    def wait(self, within: timedelta, pause: float = 0.0) -> bool:
        """Wait until the next timer may be claimed, or another is set for soon.

        Where the next may be claimed sooner than in ``pause`` seconds, so long is waited, so that
        those due close together are claimed together; one that is set meanwhile ends that too, for
        it may be due at once. False, at once, if none falls due within so long.
        """
        at = self.next_at(within)
        if at is None:
            return False
        seconds = max((at - self.clock.now()).total_seconds(), pause)
        driver = self.connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError(driver)
        # A database that falls meanwhile is found out by whoever asks it next.
        with contextlib.suppress(psycopg.OperationalError):
            next(driver.notifies(timeout=seconds, stop_after=1), None)
        return True


@contextlib.contextmanager
def listening(engine: Engine, clock: Clock) -> Iterator[Ear]:
    """An ear on a connection of the pool, given back deaf; what is set from now on is heard.

    Where anything was raised meanwhile, that is what is raised here, and the connection is thrown
    away: nobody shall be handed one that may still listen.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"LISTEN {SET_SOON}")
        try:
            yield Ear(connection, clock)
            connection.exec_driver_sql(f"UNLISTEN {SET_SOON}")
        except BaseException:
            connection.invalidate()
            raise
