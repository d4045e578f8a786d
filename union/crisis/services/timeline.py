"""What happened, line by line. Invariant: a change of an incident says so in the same commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from union.crisis.errors import EndedError
from union.crisis.models import Contact, Incident, IncidentEvent, Page
from union.crisis.queries.open import EVENT_WORDS
from union.crisis.rules.kinds import OPEN_INCIDENT
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.infra.work import Work

BOARD = "crisis_board"
"""The database's channel on which boards hear that something changed; it carries nothing."""


def say(
    work: Work,
    incident: Incident,
    code: str,
    *,
    page: Page | None = None,
    contact: Contact | None = None,
    words: str | None = None,
    **facts: object,
) -> IncidentEvent:
    """Add a line to the timeline; ``words`` are encrypted under the incident's key."""
    ref = new_ref()
    event = IncidentEvent(
        ref=ref,
        incident_id=incident.id,
        at=work.clock.now(),
        code=code,
        actor_person_id=work.actor.person_id,
        page_id=page.id if page else None,
        contact_id=contact.id if contact else None,
        facts=facts,
        words=work.vault.encrypt(incident.key_ref, EVENT_WORDS, ref, words) if words else None,
    )
    work.session.add(event)
    changed(work)
    return event


def changed(work: Work) -> None:
    """Tell the boards, once this is committed, that there is something to look at."""
    transaction = work.session.get_transaction()
    if transaction is None or work.session.info.get(BOARD) is not transaction:
        work.session.execute(text(f"NOTIFY {BOARD}"))
        work.session.info[BOARD] = work.session.get_transaction()


def lock_incident(work: Work, incident_id: int, *, still_open: bool = False) -> Incident:
    """The incident, locked and fresh; with ``still_open`` an ended one raises EndedError."""
    incident = work.session.scalars(
        select(Incident)
        .where(Incident.id == incident_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if still_open and incident.state not in OPEN_INCIDENT:
        raise EndedError(incident_id=incident_id)
    return incident


def lock_contact(work: Work, contact_id: int) -> Contact:
    """The contact, locked and fresh."""
    return work.session.scalars(
        select(Contact)
        .where(Contact.id == contact_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def lock_page(work: Work, page_id: int) -> tuple[Incident, Page]:
    """The page and its incident, the incident locked first, as always."""
    while True:
        incident_id = work.session.scalars(select(Page.incident_id).where(Page.id == page_id)).one()
        incident = lock_incident(work, incident_id)
        page = work.session.get_one(Page, page_id, populate_existing=True, with_for_update=True)
        if page.incident_id == incident.id:
            return incident, page


def a_person(work: Work) -> int:
    """Who acts; a process raises NotAllowedError, for this is a person's act."""
    if work.actor.person_id is None:
        raise NotAllowedError
    return work.actor.person_id
