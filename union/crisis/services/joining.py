"""Contacts put where they belong. Invariant: joining and parting lose no line of any timeline.

A guess of ours only pages the shortfall, until a person says what is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, func, select

from union.crisis.errors import NoIncidentError, StateError
from union.crisis.models import Contact, Incident, Page
from union.crisis.queries.gazetteer import areas
from union.crisis.queries.open import open_tellings, pages_of, told_by
from union.crisis.rules.kinds import (
    LIVE_PAGE,
    OPEN_INCIDENT,
    Attachment,
    IncidentState,
    Kind,
    PageState,
)
from union.crisis.rules.likeness import Likely, most_likely
from union.crisis.rules.needs import grown
from union.crisis.services.custody import carry_custody
from union.crisis.services.growing import grow_incident
from union.crisis.services.incidents import add_coming, open_incident
from union.crisis.services.paging import release_page
from union.crisis.services.policies import follow_policy
from union.crisis.services.search import INCIDENT, look, needs_of
from union.crisis.services.timeline import a_person, lock_contact, lock_incident, say
from union.infra.timers import finish_timers

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work

_ONE_AT_A_TIME = 7_310_001
_ONE_OF_A_DISTRICT = 7_310_002
"""Advisory locks: two contacts about one event, told at once, must see each other."""

_TURN_IN_A_DISTRICT = select(
    func.pg_advisory_xact_lock_shared(_ONE_AT_A_TIME),
    func.pg_advisory_xact_lock(_ONE_OF_A_DISTRICT, bindparam("district", type_=Integer)),
)
"""Taken in this order, as they stand."""


def place_contact(
    work: Work,
    contact: Contact,
    coming_person_id: int | None = None,
    key_ref: UUID | None = None,
) -> None:
    """Attach a contact to what is likely the same, or open an incident where a place was told.

    A place alone is enough, also one nobody here knows (C2): then its district is asked for later.
    A contact that hangs on an incident already only makes it grow. Nuisance opens nothing. A new
    contact may be written together with its incident; ``key_ref`` is a key made for that one.
    """
    if contact.kind is Kind.NUISANCE:
        return
    if contact.incident_id is not None:
        _grow(work, contact)
        return
    _wait_for_a_turn(work, contact)
    incident_id, likely = likely_incident(work, contact)
    if incident_id is not None and likely.attaches:
        work.session.add(contact)
        work.session.flush()
        _attach(work, contact, incident_id, likely)
        if coming_person_id is not None:
            incident = lock_incident(work, incident_id, still_open=True)
            add_coming(work, incident, coming_person_id)
            look(work, incident)
    elif _tells_enough(contact):
        open_incident(work, contact, coming_person_id, key_ref)


def _tells_enough(contact: Contact) -> bool:
    """A place is enough (C2); for who may end her life not even that is asked."""
    somewhere = contact.branch_id is not None or contact.place is not None
    return somewhere or contact.kind is Kind.THREAT_TO_OWN_LIFE


def _wait_for_a_turn(work: Work, contact: Contact) -> None:
    """Those of one district come one after the other, and one that may be anywhere alone."""
    session = work.session
    if contact.branch_id is None:
        session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        return
    session.execute(_TURN_IN_A_DISTRICT, {"district": contact.branch_id})


def likely_incident(work: Work, contact: Contact) -> tuple[int | None, Likely]:
    """The open incident this contact most likely tells of, worth showing to the operator."""
    known = areas(work)
    tellings = open_tellings(work, contact, known)
    return most_likely(told_by(work, contact, known), tellings)


def attach_by_hand(work: Work, contact_id: int, incident_id: int) -> None:
    """A person says that this contact tells of that incident; an earlier guess is undone."""
    a_person(work)
    contact = lock_contact(work, contact_id)
    if contact.incident_id == incident_id:
        contact.attachment = Attachment.CONFIRMED
        return
    _detach(work, contact)
    incident = lock_incident(work, incident_id, still_open=True)
    contact.incident_id, contact.attachment = incident_id, Attachment.CONFIRMED
    say(work, incident, "attached", contact=contact, by="hand")
    grow_incident(work, incident, contact)


def split_off(work: Work, contact_id: int) -> Incident:
    """A person says that this contact tells of something else: it gets an incident of its own."""
    a_person(work)
    contact = lock_contact(work, contact_id)
    if contact.incident_id is None:
        raise NoIncidentError(contact_id=contact_id)
    if contact.attachment is Attachment.OPENED:
        raise StateError(contact_id=contact_id)
    former = contact.incident_id
    _detach(work, contact)
    incident = open_incident(work, contact)
    incident.split_from_id = former
    say(work, incident, "split_from", contact=contact, incident_id=former)
    return incident


def merge_incidents(work: Work, gone_id: int, kept_id: int) -> Incident:
    """A person says that two incidents are one: contacts and people move, both timelines stay."""
    a_person(work)
    if gone_id == kept_id:
        raise StateError(incident_id=gone_id)
    contacts = work.session.scalars(
        select(Contact).where(Contact.incident_id == gone_id).with_for_update()
    ).all()
    locked = {i: lock_incident(work, i, still_open=True) for i in sorted((gone_id, kept_id))}
    gone, kept = locked[gone_id], locked[kept_id]
    _move_pages(work, gone, kept)
    for contact in contacts:
        contact.incident_id, contact.attachment = kept.id, Attachment.CONFIRMED
    gone.state, gone.merged_into_id = IncidentState.MERGED, kept.id
    kept.last_contact_at = max(kept.last_contact_at, gone.last_contact_at)
    kept.people = max(kept.people or 0, gone.people or 0) or None
    if kept.branch_id is None:
        kept.branch_id, kept.cell, kept.cell_exact = gone.branch_id, gone.cell, gone.cell_exact
    needs = grown(needs_of(kept), needs_of(gone))
    kept.needs = {role.value: count for role, count in needs.items()}
    follow_policy(work, kept)
    carry_custody(work, kept)
    finish_timers(work, INCIDENT, gone.id)
    say(work, gone, "merged_into", incident_id=kept.id)
    say(work, kept, "merged_from", incident_id=gone.id)
    look(work, kept)
    return kept


def _attach(work: Work, contact: Contact, incident_id: int, likely: Likely) -> None:
    incident = lock_incident(work, incident_id)
    if incident.state not in OPEN_INCIDENT:
        return
    contact.incident_id, contact.attachment = incident.id, Attachment.PROVISIONAL
    contact.likelihood = round(likely.likelihood * 100)
    say(
        work,
        incident,
        "attached",
        contact=contact,
        by="likeness",
        percent=contact.likelihood,
        reasons=list(likely.reasons),
    )
    grow_incident(work, incident, contact)


def _grow(work: Work, contact: Contact) -> None:
    if contact.incident_id is None:
        return
    incident = lock_incident(work, contact.incident_id)
    if incident.state in OPEN_INCIDENT:
        grow_incident(work, incident, contact)


def _detach(work: Work, contact: Contact) -> None:
    if contact.incident_id is None:
        return
    former = lock_incident(work, contact.incident_id)
    say(work, former, "split_off", contact=contact)
    contact.incident_id, contact.attachment, contact.likelihood = None, None, None
    work.session.flush()


def _move_pages(work: Work, gone: Incident, kept: Incident) -> None:
    """Nobody is asked twice: where somebody lives in both, she keeps the further one."""
    there = {p.person_id: p for p in pages_of(work.session, kept.id) if p.state in LIVE_PAGE}
    for page in pages_of(work.session, gone.id):
        other = there.get(page.person_id)
        if page.state in LIVE_PAGE and other is not None:
            spare = page if _further(other, page) else other
            release_page(work, gone if spare is page else kept, spare, "merged")
            work.session.flush()
        page.incident_id = kept.id
        work.session.flush()


def _further(page: Page, other: Page) -> bool:
    order = list(PageState)
    return order.index(page.state) >= order.index(other.state)
