"""Real processes of ours over real parts, killed by their own ids and gone with the test."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select

from tests.builders.members import make_member
from tests.builders.messages import make_page
from tests.conftest import Parts
from union.gateways.simulator.store import knock
from union.kernel.actor import Actor
from union.messages.models import Attempt
from union.messages.services import send_all
from union.wiring import House, build_house

TEST = Actor.system("test")


@dataclass
class Crew:
    """The processes that work behind the pages: their ids by name."""

    parts: Parts
    folder: Path
    running: dict[str, int] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start each: a queue's name, `ticker` or `fallback`."""
        for name in names:
            log = self.folder / f"{name}.log"
            self.running[name] = self.parts.nursery.begin(name, self.parts.environment, log)

    def kill(self, name: str) -> None:
        """SIGKILL, as a crash would, and wait until it is gone."""
        process = self.running.pop(name)
        if lives(process):
            os.kill(process, signal.SIGKILL)
        wait_for(lambda: not lives(process), 60)

    def said(self) -> str:
        """Everything that any of them has logged."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        """End all that still runs."""
        for name in list(self.running):
            self.kill(name)


def lives(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Stage:
    """A house to act in, and the crew that serves it."""

    house: House
    crew: Crew

    @property
    def outside(self) -> Engine:
        """The simulated outside world."""
        assert self.house.outside is not None
        return self.house.outside

    def page(self, count: int, **fields) -> list[int]:
        """Page so many new members in one commit; the messages' ids."""
        with self.house.unit.begin(TEST) as work:
            people = [make_member(work, phone=f"58301{n:05d}").person_id for n in range(count)]
            return [one.id for one in send_all(work, [make_page(one, **fields) for one in people])]

    def knocks(self) -> list[tuple[str, datetime]]:
        """Every key a gateway was asked with, and when."""
        with self.outside.connect() as connection:
            return [(row.key, row.at) for row in connection.execute(select(knock))]

    def attempts(self, message_ids: list[int]) -> list[Attempt]:
        """The attempts of these messages."""
        with self.house.unit.reading(TEST) as work:
            found = work.session.scalars(
                select(Attempt).where(Attempt.message_id.in_(message_ids)).order_by(Attempt.id)
            ).all()
            work.session.expunge_all()
            return list(found)

    def handed_over(self, message_ids: list[int]) -> set[int]:
        """Of these messages, those a gateway has taken."""
        return {one.message_id for one in self.attempts(message_ids) if one.state == "handed_over"}

    def lateness(self, message_ids: list[int]) -> list[float]:
        """For each message, seconds from when it was first due to its first taken knock."""
        attempts = self.attempts(message_ids)
        knocked = dict(self.knocks())
        late = []
        for message_id in message_ids:
            own = [one for one in attempts if one.message_id == message_id]
            first_due = min(one.due_at for one in own)
            taken = min(knocked[one.key] for one in own if one.state == "handed_over")
            late.append((taken - first_due).total_seconds())
        return late

    def no_key_came_twice(self) -> bool:
        """Whether every key was knocked with once."""
        keys = [key for key, _ in self.knocks()]
        return len(keys) == len(set(keys))


@contextmanager
def stage(parts: Parts, folder: Path) -> Iterator[Stage]:
    """A house and a crew over the parts; whatever happens, no process stays."""
    house = build_house(parts.settings)
    crew = Crew(parts, folder)
    try:
        yield Stage(house, crew)
    finally:
        crew.stop()
        house.close()


def wait_for(happened: Callable[[], bool], seconds: float) -> None:
    """Wait until it has happened; AssertionError if it has not in time."""
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)
