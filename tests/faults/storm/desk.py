"""The desk of a storm: asks nobody, ends what is there, and counts what is open at each look.

It works in the union's own services, as the pages do, and begins anew when the database falls
under it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from union.crisis.invariants import INVARIANTS
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import (
    OPEN_INCIDENT,
    AsSheWished,
    ClosedBy,
    IncidentState,
    Outcome,
)
from union.crisis.services import Closing, close_incident
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.errors import UnionError

EVERY = 1.0
AT_A_TIME = 40
SHARE = 20
"""The laws are asked again after so many times what asking them took: they grow with the night."""


@dataclass
class Desk:
    """Looks once a second; ``broken`` names the laws that were seen broken, at any look.

    What the laws' questions take grows with what has happened, so they have a share of the time.
    """

    unit: UnitOfWork
    operator: int
    open_now: int = 0
    closed: int = 0
    looked_at: float = 0.0
    laws_asked: int = 0
    ask_laws_at: float = 0.0
    broken: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def open(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._sit, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Go home."""
        self.over.set()
        if self._thread is not None:
            self._thread.join()

    def _sit(self) -> None:
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                self._look()
                self._end_what_is_there()
            except (SQLAlchemyError, UnionError):
                # The database fell, or somebody was quicker: the next look sees what is so.
                self.over.wait(EVERY)
            self.over.wait(max(0.0, EVERY - (time.monotonic() - begun)))

    @property
    def is_at_work(self) -> bool:
        """False once something befell it that no look can mend."""
        return self._thread is not None and self._thread.is_alive()

    def has_looked_since(self, instant: float) -> bool:
        """Whether what it counted was counted after this instant of the monotonic clock."""
        return self.looked_at > instant

    def _look(self) -> None:
        begun = time.monotonic()
        with self.unit.reading(self._herself) as work:
            self.open_now = work.session.scalars(
                select(func.count()).where(Incident.state.in_(OPEN_INCIDENT))
            ).one()
        if begun >= self.ask_laws_at:
            self.ask_laws()
            self.ask_laws_at = begun + max(EVERY, SHARE * (time.monotonic() - begun))
        self.looked_at = begun

    def ask_laws(self) -> None:
        """Ask each law once, in one look at the database."""
        with self.unit.reading(self._herself) as work:
            for law, query in INVARIANTS.items():
                if work.session.execute(text(query)).first() is not None:
                    self.broken.add(law)
        self.laws_asked += 1

    def _end_what_is_there(self) -> None:
        for incident_id, witness in self._settled():
            with self.unit.begin(self._herself) as work:
                close_incident(
                    work,
                    incident_id,
                    Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, witness),
                )
            self.closed += 1

    def _settled(self) -> list[tuple[int, int]]:
        """Open incidents whose team is filled and of whom somebody is there."""
        with self.unit.reading(self._herself) as work:
            rows = work.session.execute(
                select(Incident.id, func.min(Page.person_id))
                .join(Page, Page.incident_id == Incident.id)
                .where(Incident.state == IncidentState.FILLED, Page.arrived_at.is_not(None))
                .group_by(Incident.id)
                .order_by(Incident.id)
                .limit(AT_A_TIME)
            )
            return [(row[0], row[1]) for row in rows]

    @property
    def _herself(self) -> Actor:
        return Actor(self.operator, None, frozenset())
