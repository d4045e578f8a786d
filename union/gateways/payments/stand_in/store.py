"""Where the stand-in's world lies: in memory for a test, in the simulator's database for a demo.

The whole world is one value, held by one hand at a time, so that any number of processes may serve.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import JSON, Column, Engine, Integer, MetaData, Table, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from union.kernel.ids import new_ref

State = dict[str, Any]

metadata = MetaData()

card_world = Table(
    "card_world",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", JSON, nullable=False),
)


def empty() -> State:
    """A world in which nothing has happened; its tag keeps its ids apart from any other world's."""
    return {"tag": new_ref()[:6], "seq": 0, "things": {}, "keys": {}, "outbox": [], "cards": {}}


class Store(Protocol):
    """Holds a world for one hand at a time."""

    def hold(self) -> contextlib.AbstractContextManager[State]:
        """The world to read and change; kept when the block ends, left as it was if it raises."""
        ...


@dataclass(slots=True)
class MemoryStore:
    """A world that goes with its process; what a failing act began is not taken back."""

    state: State = field(default_factory=empty)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @contextlib.contextmanager
    def hold(self) -> Iterator[State]:
        """The world, locked."""
        with self.lock:
            yield self.state


def create_schema(engine: Engine) -> None:
    """Make the table if it is missing."""
    metadata.create_all(engine)


@dataclass(frozen=True, slots=True)
class TableStore:
    """A world in one row of the simulator's database."""

    engine: Engine

    @contextlib.contextmanager
    def hold(self) -> Iterator[State]:
        """The world, its row locked."""
        with self.engine.begin() as connection:
            connection.execute(
                insert_or_leave(card_world).values(id=1, state=empty()).on_conflict_do_nothing()
            )
            state: State = connection.execute(
                select(card_world.c.state).where(card_world.c.id == 1).with_for_update()
            ).scalar_one()
            yield state
            connection.execute(update(card_world).where(card_world.c.id == 1).values(state=state))
