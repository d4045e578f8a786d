"""Rest after a heavy night. Invariant: it only grows by itself; a person lifts it.

It puts somebody behind the others when people are chosen and never leaves nobody (C7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Incident, Page, TeamProfile
from union.crisis.policy import plans_rota
from union.crisis.queries.debrief import went
from union.crisis.rules.kinds import IN_CHARGE, IncidentState
from union.crisis.rules.rest import LOOKED_BACK, Out, rest_until
from union.crisis.services.timeline import a_person
from union.kernel.errors import NotAllowedError

if TYPE_CHECKING:
    from union.infra.work import Work


def give_rest(work: Work, ids: Mapping[str, int]) -> None:
    """``incident_closed``: whoever was out long, or by night, rests; twice is once."""
    incident = work.session.get_one(Incident, ids["incident_id"])
    if incident.state is not IncidentState.CLOSED or incident.closed_at is None:
        return
    for person_id in sorted(went(work, incident.id)):
        until = rest_until(_outs(work, person_id), incident.closed_at.astimezone(work.clock.zone))
        profile = work.session.get(TeamProfile, person_id, with_for_update=True)
        if until is None or profile is None:
            continue
        if profile.resting_until is None or profile.resting_until < until:
            profile.resting_until = until


def lift_rest(work: Work, person_id: int) -> None:
    """She needs none, or a coordinator needs her; NotAllowedError from anybody else.

    Whoever has no rest to lift is left as she is.
    """
    by = a_person(work)
    if by != person_id and not plans_rota(work.actor):
        raise NotAllowedError
    profile = work.session.get(TeamProfile, person_id, with_for_update=True)
    if profile is not None:
        profile.resting_until = None


def _outs(work: Work, person_id: int) -> list[Out]:
    """When she was out lately, from knowing where to the end of it; a desk is no road."""
    since = work.clock.now() - LOOKED_BACK
    rows = work.session.scalars(
        select(Page).where(
            Page.person_id == person_id,
            Page.briefed_at > since - LOOKED_BACK,
            Page.asked_as.not_in(IN_CHARGE),
        )
    )
    zone, now = work.clock.zone, work.clock.now()
    return [
        Out(page.briefed_at.astimezone(zone), (page.ended_at or now).astimezone(zone))
        for page in rows
        if page.briefed_at is not None
    ]
