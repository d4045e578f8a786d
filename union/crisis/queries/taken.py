"""How many were taken, where they are, and what hangs on them; no name is opened here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Incident, MeetingPoint, Page, Taken, TakenMedicine
from union.crisis.models.teams import Landmark
from union.crisis.rules.kinds import COMING, OPEN_INCIDENT
from union.crisis.rules.taken import FREE, MedicineEnd, Standing, tally
from union.kernel.errors import NotFoundError
from union.kernel.geo import distance_km

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

NEAR_ENOUGH_KM = 5.0


def family_of(session: Session, incident_id: int) -> list[int]:
    """The incident and all that were joined to it, in any depth."""
    found, fresh = [incident_id], [incident_id]
    while fresh:
        fresh = list(session.scalars(select(Incident.id).where(Incident.merged_into_id.in_(fresh))))
        found.extend(fresh)
    return found


def root_of(session: Session, incident_id: int) -> int:
    """The incident this one was joined to, through however many, or itself."""
    into = session.scalar(select(Incident.merged_into_id).where(Incident.id == incident_id))
    return incident_id if into is None else root_of(session, into)


def taken_rows(session: Session, incident_id: int) -> Sequence[Taken]:
    """Everybody taken in an incident or in one joined to it, in the order of listing."""
    return session.scalars(
        select(Taken)
        .where(Taken.incident_id.in_(family_of(session, incident_id)))
        .order_by(Taken.id)
    ).all()


def taken_by_ref(session: Session, incident_id: int, ref: str) -> Taken:
    """One of them; NotFoundError for anybody of another incident."""
    found = session.scalar(select(Taken).where(Taken.ref == ref))
    if found is None or found.incident_id not in family_of(session, incident_id):
        raise NotFoundError
    return found


def tallies(session: Session, incident_ids: Collection[int]) -> dict[int, dict[Standing, int]]:
    """For each incident how many are where; nothing for one in which nobody was taken."""
    into = {one: one for one in incident_ids}
    fresh = list(incident_ids)
    while fresh:
        rows = session.execute(
            select(Incident.id, Incident.merged_into_id).where(Incident.merged_into_id.in_(fresh))
        ).all()
        into.update({row.id: into[row.merged_into_id] for row in rows})
        fresh = [row.id for row in rows]
    held: defaultdict[int, list[Standing]] = defaultdict(list)
    for incident_id, standing in session.execute(
        select(Taken.incident_id, Taken.standing).where(Taken.incident_id.in_(into))
    ):
        held[into[incident_id]].append(standing)
    return {one: tally(standings) for one, standings in held.items()}


def still_held(session: Session, incident_id: int) -> int:
    """How many of them somebody still holds."""
    found = tallies(session, [incident_id]).get(incident_id, {})
    return sum(many for standing, many in found.items() if standing not in FREE)


def medicines_of(session: Session, taken_ids: Collection[int]) -> dict[int, list[TakenMedicine]]:
    """What each needs or needed, the earliest first; what was put right only as it is now."""
    found: defaultdict[int, list[TakenMedicine]] = defaultdict(list)
    for one in session.scalars(
        select(TakenMedicine)
        .where(
            TakenMedicine.taken_id.in_(taken_ids),
            TakenMedicine.ended_how.is_distinct_from(MedicineEnd.CORRECTED),
        )
        .order_by(TakenMedicine.due_at, TakenMedicine.id)
    ):
        found[one.taken_id].append(one)
    return found


def on_the_spot(session: Session, incident_id: int) -> list[int]:
    """Who is on her way or there and was not forced to say so."""
    return list(
        session.scalars(
            select(Page.person_id)
            .where(
                Page.incident_id == incident_id,
                Page.state.in_(COMING),
                Page.duress_at.is_(None),
            )
            .order_by(Page.id)
        )
    )


def going_of(session: Session, page: Page) -> Incident:
    """The open incident a page leads to; NotFoundError if she was not told where, or was forced."""
    incident = session.get_one(Incident, page.incident_id)
    told = page.state in COMING and page.duress_at is None
    if not told or incident.state not in OPEN_INCIDENT:
        raise NotFoundError
    return incident


def medicine_by_ref(session: Session, incident_id: int, ref: str) -> TakenMedicine:
    """A medicine of somebody on an incident's list; NotFoundError for any other."""
    found = session.scalar(select(TakenMedicine).where(TakenMedicine.ref == ref))
    if found is None or found.taken_id not in {one.id for one in taken_rows(session, incident_id)}:
        raise NotFoundError
    return found


def meeting_point_of(session: Session, incident: Incident) -> str | None:
    """Where those who come meet: what the desk chose, else the nearest kept one close by."""
    chosen = session.scalar(
        select(Landmark.name)
        .join(MeetingPoint, MeetingPoint.landmark_id == Landmark.id)
        .where(MeetingPoint.incident_id == incident.id)
        .order_by(MeetingPoint.id.desc())
        .limit(1)
    )
    if chosen is not None or incident.cell is None or not incident.cell_exact:
        return chosen
    cell = incident.cell
    near = [
        (distance_km(one.cell, cell), one.name)
        for one in meeting_points(session, incident.branch_id)
    ]
    close = [(km, name) for km, name in near if km <= NEAR_ENOUGH_KM]
    return min(close)[1] if close else None


def meeting_points(session: Session, branch_id: int | None) -> Sequence[Landmark]:
    """The kept ones of a district."""
    return session.scalars(
        select(Landmark)
        .where(Landmark.branch_id == branch_id, Landmark.is_meeting_point)
        .order_by(Landmark.name)
    ).all()


def landmarks_of(session: Session, branch_id: int) -> Sequence[Landmark]:
    """Every spot of a district, those where one meets first."""
    return session.scalars(
        select(Landmark)
        .where(Landmark.branch_id == branch_id)
        .order_by(Landmark.is_meeting_point.desc(), Landmark.name)
    ).all()
