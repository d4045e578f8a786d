"""Contacts that no person has dealt with yet, in the order in which they need one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Contact, Incident
from union.crisis.queries.open import CONTACT_PLACE
from union.crisis.rules.kinds import Attachment, ContactState
from union.members.models import Branch
from union.members.queries import member_views

if TYPE_CHECKING:
    from union.infra.work import Work


Naming = Callable[["Work", Collection[int]], Mapping[int, str]]
"""Puts names to persons: pages hand in one that knows officers outside the register too."""


@dataclass(frozen=True, slots=True)
class WaitingContact:
    """A contact that no person has dealt with yet."""

    ref: str
    channel: str
    received_at: datetime
    taken: bool
    taken_by: str
    overflow: int
    tries: int
    branch: str
    place: str | None
    incident_ref: str | None
    provisional: bool
    likelihood: int | None


def waiting_contacts(work: Work, name: Naming | None = None) -> list[WaitingContact]:
    """Contacts nobody has dealt with: those that hang on nothing first, then the eldest."""
    rows = work.session.execute(
        select(Contact, Incident.ref)
        .outerjoin(Incident, Incident.id == Contact.incident_id)
        .where(Contact.state != ContactState.DEALT)
        .order_by(Contact.incident_id.is_not(None), Contact.received_at, Contact.id)
    ).all()
    branches = branch_names(work)
    taken = {contact.taken_by_person_id for contact, _ in rows if contact.taken_by_person_id}
    names = (name or member_names)(work, taken)
    work.vault.preload([contact.key_ref for contact, _ in rows if contact.place])
    return [
        WaitingContact(
            ref=contact.ref,
            channel=contact.channel,
            received_at=contact.received_at,
            taken=contact.state is ContactState.TAKEN,
            taken_by=names.get(contact.taken_by_person_id or 0, ""),
            overflow=contact.overflow,
            tries=contact.tries,
            branch=branches.get(contact.branch_id or 0, ""),
            place=work.vault.decrypt(contact.key_ref, CONTACT_PLACE, contact.ref, contact.place)
            if contact.place
            else None,
            incident_ref=incident_ref,
            provisional=contact.attachment is Attachment.PROVISIONAL,
            likelihood=contact.likelihood,
        )
        for contact, incident_ref in rows
    ]


def member_names(work: Work, person_ids: Collection[int]) -> Mapping[int, str]:
    """Called name and card number of those who stand in the register."""
    return {person: view.label for person, view in member_views(work, person_ids).items()}


def branch_names(work: Work) -> dict[int, str]:
    """Every district's name by its id."""
    rows = work.session.execute(select(Branch.id, Branch.name))
    return {row.id: row.name for row in rows}
