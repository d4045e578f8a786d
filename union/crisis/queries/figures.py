"""What happened to the calls of a span, as the rules of figures read it: instants, no words.

And who stands behind each, so that nobody is told of by herself (P4): as numbers, never as names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.models import Contact, Incident, IncidentEvent, Page
from union.crisis.queries.waiting import branch_names
from union.crisis.rules.figures import Call, Stage
from union.crisis.rules.kinds import IN_CHARGE, Attachment, IncidentState, Kind
from union.infra.people import one_person
from union.kernel.figures import Someone

if TYPE_CHECKING:
    from union.infra.work import Work

Told = dict[int, datetime]

NO_CALL_OF_A_MEMBER = (Kind.RESPONDER_SAFETY, Kind.NUISANCE)


@dataclass(frozen=True, slots=True)
class Happened:
    """A call by its own number and its branch's, to be counted."""

    id: int
    branch_id: int | None
    call: Call


def calls_between(work: Work, since: datetime, until: datetime) -> list[Call]:
    """Every incident that began in a span, not those joined to another, the eldest first.

    One of our own not heard of is no call of a member, and is left out.
    """
    return [one.call for one in happened(work, _between(work, since, until))]


def happened(work: Work, incidents: Sequence[Incident]) -> list[Happened]:
    """What came of these incidents, in their order."""
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
        call = Call(
            branch=branches.get(one.branch_id or 0, ""),
            told_at=told_at,
            local_at=told_at.astimezone(work.clock.zone),
            km=first.km if first else None,
            reached={stage: at for stage, at in reached.items() if at is not None},
            as_she_wished=one.as_she_wished,
        )
        found.append(Happened(one.id, one.branch_id, call))
    return found


def people_behind(work: Work, ids: Sequence[int]) -> Mapping[int, Someone]:
    """Who first called about each of these incidents; nobody, where nothing is known of her.

    Whoever is known is one person under all her entries; whoever is not is one number, and the
    number of somebody known is hers.
    """
    rows = work.session.execute(
        select(Contact.incident_id, one_person(Contact.person_id), Contact.number_index)
        .where(Contact.incident_id.in_(ids), Contact.attachment != Attachment.PROVISIONAL)
        .order_by(Contact.incident_id, Contact.received_at, Contact.id)
    ).all()
    hers: dict[bytes, Someone] = {number: person for _, person, number in rows if person and number}
    behind: dict[int, Someone] = {}
    for incident_id, person, number in rows:
        someone = person or (hers.get(number, number) if number else None)
        if incident_id is not None and someone is not None:
            behind.setdefault(incident_id, someone)
    return behind


def _between(work: Work, since: datetime, until: datetime) -> Sequence[Incident]:
    return work.session.scalars(
        select(Incident)
        .where(
            Incident.opened_at >= since,
            Incident.opened_at < until,
            Incident.state != IncidentState.MERGED,
            Incident.kind.not_in(NO_CALL_OF_A_MEMBER),
        )
        .order_by(Incident.opened_at, Incident.id)
    ).all()


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
