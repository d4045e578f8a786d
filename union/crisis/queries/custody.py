"""The clock of somebody taken as its page shows it: since when, until when, by which law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import CustodyClock
from union.crisis.queries.taken import taken_rows
from union.crisis.rules.custody import CustodyEnd, DatedLaw, law_on, must_be_produced_by

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


def custody_of(work: Work, incident_id: int) -> Custody | None:
    """The newest clock of an incident, running or stopped; None where nobody was taken.

    None too once the list of those taken tells each one's hours.
    """
    if taken_rows(work.session, incident_id):
        return None
    row = work.session.scalar(
        select(CustodyClock)
        .where(CustodyClock.incident_id == incident_id)
        .order_by(CustodyClock.id.desc())
        .limit(1)
    )
    if row is None:
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
