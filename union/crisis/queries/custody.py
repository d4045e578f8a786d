"""The clock of somebody taken as its page shows it: since when, until when, by which law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from union.crisis.models import CustodyClock
from union.crisis.queries.taken import family_of, root_of, taken_rows
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


def telling_clock(work: Work, incident_id: int) -> CustodyClock | None:
    """The clock that tells an incident's hour: of all joined into it the latest of each is asked.

    One that runs comes before one that passed over to a list, and that before one that was
    stopped; of several alike the best known hour, said before assumed and earlier before later.
    """
    latest = work.session.scalars(
        select(CustodyClock)
        .where(CustodyClock.incident_id.in_(family_of(work.session, incident_id)))
        .order_by(
            CustodyClock.incident_id, CustodyClock.ended_at.is_not(None), CustodyClock.id.desc()
        )
        .ext(distinct_on(CustodyClock.incident_id))
    )
    return min(latest, key=_tells, default=None)


def _tells(clock: CustodyClock) -> tuple[int, bool, datetime]:
    ways = (None, CustodyEnd.LISTED)
    place = ways.index(clock.ended_how) if clock.ended_how in ways else len(ways)
    return place, clock.assumed, clock.taken_at


def custody_of(work: Work, incident_id: int) -> Custody | None:
    """The clock of an incident, or of the one it was joined to, running or stopped.

    None where nobody was taken, and once it passed over to the list of those taken, which tells
    each one's hours.
    """
    incident_id = root_of(work.session, incident_id)
    row = telling_clock(work, incident_id)
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
