"""What those who follow up may know of an ended incident, each part asked for by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from union.crisis.models import Contact, Incident, IncidentAvoid, IncidentEvent
from union.crisis.queries.open import CONTACT_NUMBER, EVENT_WORDS, opened
from union.crisis.rules.kinds import Attachment
from union.members.queries import member_views

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


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of what happened; ``facts`` are codes and counts, ``words`` what somebody wrote."""

    at: datetime
    code: str
    who: str
    facts: Mapping[str, Any]
    words: str | None


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


def timeline_of(work: Work, incident_id: int) -> list[TimelineLine]:
    """All that happened, in order. Whoever asks has made sure that she consented to it."""
    incident = work.session.get_one(Incident, incident_id)
    events = work.session.scalars(
        select(IncidentEvent)
        .where(IncidentEvent.incident_id == incident_id)
        .order_by(IncidentEvent.id)
    ).all()
    names = member_views(work, {one.actor_person_id for one in events if one.actor_person_id})
    return [
        TimelineLine(
            at=one.at,
            code=one.code,
            who=names[one.actor_person_id].label if one.actor_person_id in names else "",
            facts=one.facts,
            words=None
            if one.words is None
            else work.vault.decrypt(incident.key_ref, EVENT_WORDS, one.ref, one.words),
        )
        for one in events
    ]
