"""What happened to the calls of a span, as the rules of figures read it: instants, no words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.models import Contact, Incident, IncidentEvent, Page
from union.crisis.queries.waiting import branch_names
from union.crisis.rules.figures import Call, Stage
from union.crisis.rules.kinds import IN_CHARGE, Attachment, IncidentState, Kind

if TYPE_CHECKING:
    from union.infra.work import Work

Told = dict[int, datetime]


def calls_between(work: Work, since: datetime, until: datetime) -> list[Call]:
    """Every incident that began in a span, not those joined to another, the eldest first.

    One of our own not heard of is no call of a member, and is left out.
    """
    incidents = work.session.scalars(
        select(Incident)
        .where(
            Incident.opened_at >= since,
            Incident.opened_at < until,
            Incident.state != IncidentState.MERGED,
            Incident.kind.not_in((Kind.RESPONDER_SAFETY, Kind.NUISANCE)),
        )
        .order_by(Incident.opened_at, Incident.id)
    ).all()
    ids = [one.id for one in incidents]
    told, voices = _contacts(work, ids)
    enough = _first_filled(work, ids)
    there = _first_there(work, ids)
    branches = branch_names(work)
    found = []
    for one in incidents:
        first = there.get(one.id)
        told_at = min(told.get(one.id, one.opened_at), one.opened_at)
        reached = {
            Stage.VOICE: voices.get(one.id),
            Stage.ENOUGH: enough.get(one.id),
            Stage.THERE: first.arrived_at if first else None,
            Stage.SETTLED: one.closed_at,
        }
        found.append(
            Call(
                branch=branches.get(one.branch_id or 0, ""),
                told_at=told_at,
                local_at=told_at.astimezone(work.clock.zone),
                km=first.km if first else None,
                reached={stage: at for stage, at in reached.items() if at is not None},
                as_she_wished=one.as_she_wished,
            )
        )
    return found


def _contacts(work: Work, ids: Sequence[int]) -> tuple[Told, Told]:
    """When the first call of each came in, and when a person first took one."""
    rows = work.session.execute(
        select(Contact.incident_id, func.min(Contact.received_at), func.min(Contact.taken_at))
        .where(Contact.incident_id.in_(ids), Contact.attachment != Attachment.PROVISIONAL)
        .group_by(Contact.incident_id)
    ).all()
    return (
        {row[0]: row[1] for row in rows if row[0] is not None},
        {row[0]: row[2] for row in rows if row[0] is not None and row[2] is not None},
    )


def _first_filled(work: Work, ids: Sequence[int]) -> Told:
    rows = work.session.execute(
        select(IncidentEvent.incident_id, func.min(IncidentEvent.at))
        .where(IncidentEvent.incident_id.in_(ids), IncidentEvent.code == "filled")
        .group_by(IncidentEvent.incident_id)
    )
    return {row[0]: row[1] for row in rows}


def _first_there(work: Work, ids: Sequence[int]) -> dict[int, Page]:
    """The first of the team who was there, unforced; somebody at her desk is nobody there."""
    pages: Iterable[Page] = work.session.scalars(
        select(Page)
        .where(
            Page.incident_id.in_(ids),
            Page.arrived_at.is_not(None),
            Page.duress_at.is_(None),
            Page.asked_as.not_in(IN_CHARGE),
        )
        .order_by(Page.arrived_at, Page.id)
    )
    parted: defaultdict[int, list[Page]] = defaultdict(list)
    for page in pages:
        parted[page.incident_id].append(page)
    return {incident_id: found[0] for incident_id, found in parted.items()}
