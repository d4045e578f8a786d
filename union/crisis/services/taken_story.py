"""What is written of one taken person. Invariant: a change says so, and whose word it is, at once.

Every service that touches one locks her incident first, then her row: two people who write at
once wait for each other and neither loses a word.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

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


def lock_taken(work: Work, taken_id: int) -> tuple[Incident, Taken]:
    """Her incident and her row, locked and fresh, in this order."""
    incident_id = work.session.scalars(select(Taken.incident_id).where(Taken.id == taken_id)).one()
    incident = lock_incident(work, incident_id)
    taken = work.session.get_one(Taken, taken_id, with_for_update=True, populate_existing=True)
    return incident, taken


def write(  # noqa: PLR0913  one line of a history has these parts, each told by name
    work: Work,
    taken: Taken,
    code: Change,
    source: Source | None,
    *,
    happened_at: datetime | None = None,
    standing: Standing | None = None,
    words: str | None = None,
    **facts: Any,  # noqa: ANN401  ids, codes and counts, kept as JSON
) -> None:
    """Add a line to her history; words lie under her own key."""
    ref = new_ref()
    work.session.add(
        TakenEvent(
            ref=ref,
            taken_id=taken.id,
            at=work.clock.now(),
            happened_at=happened_at or work.clock.now(),
            code=code,
            standing=standing,
            source=source,
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
