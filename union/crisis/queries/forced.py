"""Forced answers that no open incident shows; read for those in charge only, never for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Incident, Page
from union.crisis.queries.open import place_of
from union.crisis.queries.own_paths import sealed_incidents
from union.crisis.rules.kinds import OPEN_INCIDENT

if TYPE_CHECKING:
    from union.infra.work import Work

FORCED_SHOWN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ForcedAfter:
    """An ended incident in which somebody was forced to answer lately."""

    ref: str
    place: str | None
    at: datetime


def forced_after(work: Work) -> list[ForcedAfter]:
    """Forced answers of the last day whose incident has ended, the newest first."""
    rows = work.session.execute(
        select(Incident, Page.duress_at)
        .join(Page, Page.incident_id == Incident.id)
        .where(
            Incident.state.not_in(OPEN_INCIDENT),
            Page.duress_at > work.clock.now() - FORCED_SHOWN,
        )
        .order_by(Page.duress_at.desc())
    ).all()
    sealed = sealed_incidents(work, [one.id for one, _ in rows])
    return [
        ForcedAfter(one.ref, None if one.id in sealed else place_of(work, one), at)
        for one, at in rows
        if at
    ]
