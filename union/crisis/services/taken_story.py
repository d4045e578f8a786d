"""What is written of one taken person. Invariant: a change says so, and whose word it is, at once.

Every service that touches one locks her incident first, then her row: two people who write at
once wait for each other and neither loses a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import TakenHourError
from union.crisis.models import Incident, Taken, TakenEvent
from union.crisis.rules.taken import Change, Source, Standing
from union.crisis.services.timeline import changed, lock_incident
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.infra.work import Work

NAME = "taken.name"
TYPED = "taken.typed"
EVENT = "taken_event.words"
LONGEST_AGO = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One line of her history: what changed, whose word it is (None: a clock's), and since when."""

    code: Change
    source: Source | None = None
    happened_at: datetime | None = None
    standing: Standing | None = None
    words: str | None = None


def lock_taken(work: Work, taken_id: int) -> tuple[Incident, Taken]:
    """Her incident and her row, locked and fresh, in this order."""
    incident_id = work.session.scalars(select(Taken.incident_id).where(Taken.id == taken_id)).one()
    incident = lock_incident(work, incident_id)
    taken = work.session.get_one(Taken, taken_id, with_for_update=True, populate_existing=True)
    return incident, taken


def write(work: Work, taken: Taken, line: Line, **facts: int) -> None:
    """Add a line to her history, with ids and counts; its words lie under her own key."""
    ref = new_ref()
    words = line.words
    work.session.add(
        TakenEvent(
            ref=ref,
            taken_id=taken.id,
            at=work.clock.now(),
            happened_at=line.happened_at or work.clock.now(),
            code=line.code,
            standing=line.standing,
            source=line.source,
            by_person_id=work.actor.person_id,
            facts=facts,
            words=work.vault.encrypt(taken.key_ref, EVENT, ref, words) if words else None,
        )
    )
    work.session.flush()
    changed(work)


def check_hour(work: Work, at: datetime) -> datetime:
    """An hour that can be: not to come, nor longer ago than anybody is held unheard."""
    if not work.clock.now() - LONGEST_AGO <= at <= work.clock.now():
        raise TakenHourError
    return at
