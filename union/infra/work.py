"""The unit of work: what every service is handed, and the one place where anything is committed."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sqlalchemy.orm import Session

    from union.infra.vault import Vault
    from union.kernel.actor import Actor
    from union.kernel.clock import Clock


@dataclass(slots=True)
class Work:
    """One transaction's worth of tools, handed to every service as its first argument.

    ``routes`` says which handlers hear of each fact; ``nudges`` collects the queues to be
    woken after the commit. A service flushes when it must and never commits.
    """

    session: Session
    clock: Clock
    actor: Actor
    vault: Vault
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nudges: set[str] = field(default_factory=set)

    def nudge(self, queue: str) -> None:
        """Ask that ``queue`` be woken once this is committed; a hint, which may be lost."""
        self.nudges.add(queue)


def no_nudge(_queues: Collection[str]) -> None:
    """Wake nobody: the ticker will find what is due."""


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """Opens units of work over one database.

    ``nudge`` is called after each commit with the names of the queues to wake. It must not
    raise: what it fails to wake, the ticker finds within a second.
    """

    sessions: Callable[[], Session]
    clock: Clock
    vault: Vault
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nudge: Callable[[Collection[str]], None] = no_nudge

    @contextlib.contextmanager
    def begin(self, actor: Actor) -> Iterator[Work]:
        """Yield a Work; commit if its block ends, roll back everything if it raises."""
        session = self.sessions()
        work = Work(session, self.clock, actor, self.vault.fresh(), self.routes)
        try:
            yield work
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        if work.nudges:
            self.nudge(work.nudges)

    @contextlib.contextmanager
    def reading(self, actor: Actor) -> Iterator[Work]:
        """Yield a Work whose changes are always thrown away; what was read stays readable."""
        session = self.sessions()
        try:
            yield Work(session, self.clock, actor, self.vault.fresh(), self.routes)
        finally:
            session.close()
