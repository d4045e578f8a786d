"""Reads behind the decisions: pages of an incident, open incidents as what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from union.crisis.models import Contact, Incident, Page
from union.crisis.rules import places
from union.crisis.rules.kinds import OPEN_INCIDENT, AskedAs, PageState
from union.crisis.rules.likeness import SHOW_WITHIN_MINUTES, Told

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from union.infra.work import Work

CONTACT_PLACE = "contact.place"
CONTACT_WORDS = "contact.words"
CONTACT_NUMBER = "contact.number"
INCIDENT_PLACE = "incident.place"
EVENT_WORDS = "incident_event.words"

_OTHER = aliased(Contact)


def pages_of(session: Session, incident_id: int) -> Sequence[Page]:
    """Every page of an incident, in the order of asking."""
    return session.scalars(
        select(Page).where(Page.incident_id == incident_id).order_by(Page.id)
    ).all()


def standing(pages: Sequence[Page]) -> list[tuple[AskedAs, PageState]]:
    """Role and state of each page that may fill a place: a certificate, or somebody's override."""
    return [
        (page.asked_as, page.state)
        for page in pages
        if page.certificate_id is not None or page.lapsed_override_by is not None
    ]


def told_by(work: Work, contact: Contact, known: Sequence[places.Area]) -> Told:
    """What one contact told, as the likeness rules read it."""
    place = opened(work, contact, CONTACT_PLACE, contact.place)
    words = opened(work, contact, CONTACT_WORDS, contact.words)
    return Told(
        at=contact.received_at,
        kind=contact.kind,
        branch_id=contact.branch_id,
        cell=contact.cell,
        cell_exact=contact.cell_exact,
        said=places.telling(f"{place or ''} {words or ''}", known),
        names_place=bool(place),
        people=contact.people,
    )


def open_tellings(
    work: Work, contact: Contact, known: Sequence[places.Area]
) -> Mapping[int, Sequence[Told]]:
    """What others told of each open incident that this contact may be about, by incident.

    Of those spoken of lately, and told to be in its district or nobody knows where.
    """
    since = contact.received_at - timedelta(minutes=SHOW_WITHIN_MINUTES)
    statement = (
        select(Contact)
        .join(Incident, Incident.id == Contact.incident_id)
        .where(
            Incident.state.in_(OPEN_INCIDENT),
            Incident.last_contact_at >= since,
            Contact.id != contact.id,
        )
        .order_by(Contact.id)
    )
    if contact.branch_id is not None:
        here = or_(_OTHER.branch_id == contact.branch_id, _OTHER.branch_id.is_(None))
        statement = statement.where(exists().where(_OTHER.incident_id == Incident.id, here))
    rows = work.session.scalars(statement).all()
    work.vault.preload({row.key_ref for row in rows})
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for row in rows:
        if row.incident_id is not None:
            found[row.incident_id].append(told_by(work, row, known))
    return found


def opened(work: Work, contact: Contact, field: str, blob: bytes | None) -> str | None:
    """A field of a contact in the clear; None where nothing was said."""
    return None if blob is None else work.vault.decrypt(contact.key_ref, field, contact.ref, blob)


def place_of(work: Work, incident: Incident) -> str | None:
    """Where it is, in the caller's words."""
    if incident.place is None:
        return None
    return work.vault.decrypt(incident.key_ref, INCIDENT_PLACE, incident.ref, incident.place)
