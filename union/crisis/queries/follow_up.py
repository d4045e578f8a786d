"""What those who follow up may know of an ended incident, each part asked for by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Contact, Incident, IncidentAvoid
from union.crisis.queries.desk import TimelineEvent, timeline_of
from union.crisis.queries.open import CONTACT_NUMBER, opened
from union.crisis.rules.kinds import Attachment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Where it was, on the coarse grid, whose it is if she said so, and who must stay away."""

    incident_id: int
    branch_id: int | None
    cell: str | None
    caller_person_id: int | None
    closed_by_person_id: int | None
    avoid: frozenset[int]


def follow_up_of(session: Session, incident_id: int) -> FollowUp | None:
    """What a case needs to begin; None if there is no such incident."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        return None
    avoid = session.scalars(
        select(IncidentAvoid.person_id).where(IncidentAvoid.incident_id == incident_id)
    )
    caller = session.scalar(
        select(Contact.person_id)
        .where(Contact.incident_id == incident_id, Contact.person_id.is_not(None))
        .where(Contact.attachment != Attachment.PROVISIONAL)
        .order_by(Contact.id)
        .limit(1)
    )
    return FollowUp(
        incident_id=incident.id,
        branch_id=incident.branch_id,
        cell=incident.cell,
        caller_person_id=caller,
        closed_by_person_id=incident.closed_by_person_id,
        avoid=frozenset(avoid),
    )


def numbers_to_call_back(work: Work, incident_id: int) -> list[str]:
    """The numbers in E.164 of callers who said that they may be called back."""
    contacts = work.session.scalars(
        select(Contact)
        .where(
            Contact.incident_id == incident_id,
            Contact.may_call_back,
            Contact.attachment != Attachment.PROVISIONAL,
        )
        .order_by(Contact.id)
    ).all()
    numbers = (opened(work, one, CONTACT_NUMBER, one.number) for one in contacts)
    return list(dict.fromkeys(number for number in numbers if number))


def what_happened(work: Work, incident_id: int) -> list[TimelineEvent]:
    """All that happened, in order, but silent alarms: whoever asks has her consent to it."""
    return timeline_of(work, work.session.get_one(Incident, incident_id), alarms=False)
