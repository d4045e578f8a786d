"""The clock of somebody taken as its page shows it: since when, until when, by which law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import CustodyClock
from union.crisis.queries.taken import family_of, taken_rows
from union.crisis.rules.custody import CustodyEnd, DatedLaw, law_on, must_be_produced_by
from union.crisis.rules.taken import clock_runs

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class Custody:
    """Since when she is held, and by when she must stand before a magistrate."""

    taken_at: datetime
    assumed: bool
    must_by: datetime
    law: DatedLaw
    over: bool
    ended_how: CustodyEnd | None


def anybody_has_hours(work: Work, incident_id: int) -> bool:
    """Whether somebody on its list, or on that of one joined to it, has hours of her own."""
    rows = taken_rows(work.session, incident_id)
    return any(clock_runs(one.standing, one.produced_at) for one in rows)


def newest_clock(work: Work, incident_id: int) -> CustodyClock | None:
    """The latest clock of an incident or of one joined to it; one that runs before all others."""
    return work.session.scalar(
        select(CustodyClock)
        .where(CustodyClock.incident_id.in_(family_of(work.session, incident_id)))
        .order_by(CustodyClock.ended_at.is_not(None), CustodyClock.id.desc())
        .limit(1)
    )


def custody_of(work: Work, incident_id: int) -> Custody | None:
    """The newest clock of an incident, running or stopped; None where nobody was taken.

    None too once it passed over to the list of those taken, which tells each one's hours.
    """
    row = newest_clock(work, incident_id)
    if row is None or row.ended_how is CustodyEnd.LISTED:
        return None
    if row.ended_at is not None and taken_rows(work.session, incident_id):
        return None
    must_by = must_be_produced_by(row.taken_at)
    return Custody(
        taken_at=row.taken_at,
        assumed=row.assumed,
        must_by=must_by,
        law=law_on(row.taken_at.astimezone(UTC).date()),
        over=row.ended_at is None and work.clock.now() > must_by,
        ended_how=row.ended_how,
    )
