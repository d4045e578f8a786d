"""The unit of work: what every service is handed, and the one place where anything is committed."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sqlalchemy.orm import Session

    from union.infra.vault import Vault
    from union.kernel.actor import Actor
    from union.kernel.clock import Clock

DEADLOCK = "40P01"
"""PostgreSQL's code for having broken one."""

TRIES = 4

Result = TypeVar("Result")


@dataclass(slots=True)
class Work:
    """One transaction's worth of tools, handed to every service as its first argument.

    ``routes`` says which handlers hear of each fact; ``nudges`` collects the queues to be
    woken after the commit; ``further`` names the providers after the first of each way to
    people; ``known`` keeps what a query reads once in a work, under a name of the query's own.
    A service flushes when it must and never commits.
    """

    session: Session
    clock: Clock
    actor: Actor
    vault: Vault
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    further: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nudges: set[str] = field(default_factory=set)
    known: dict[str, Any] = field(default_factory=dict)

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
    further: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @contextlib.contextmanager
    def begin(self, actor: Actor) -> Iterator[Work]:
        """Yield a Work; commit if its block ends, roll back everything if it raises."""
        session = self.sessions()
        work = Work(session, self.clock, actor, self.vault.fresh(), self.routes, self.further)
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

    def run(self, actor: Actor, do: Callable[[Work], Result]) -> Result:
        """Do one thing in a unit of work of its own, again if a deadlock was broken at its cost.

        Two that post to the same accounts in another order may each wait for the other;
        PostgreSQL then rolls one of them back whole. Whatever else is raised is raised.
        """
        for _ in range(TRIES - 1):
            try:
                with self.begin(actor) as work:
                    return do(work)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) != DEADLOCK:
                    raise
        with self.begin(actor) as work:
            return do(work)

    @contextlib.contextmanager
    def reading(self, actor: Actor) -> Iterator[Work]:
        """Yield a Work whose changes are always thrown away; what was read stays readable."""
        session = self.sessions()
        try:
            yield Work(session, self.clock, actor, self.vault.fresh(), self.routes, self.further)
        finally:
            session.close()
