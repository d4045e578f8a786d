"""Contacts that no person has dealt with yet, in the order in which they need one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Contact, Incident
from union.crisis.queries.open import CONTACT_NUMBER, CONTACT_PLACE, opened
from union.crisis.queries.quiet import quiet_numbers
from union.crisis.rules.kinds import OPEN_INCIDENT, Attachment, ContactState, Kind
from union.crisis.rules.together import Caller, lines_of
from union.crisis.rules.turns import Waits, in_turn
from union.members.models import Branch
from union.members.queries import member_views

if TYPE_CHECKING:
    from union.infra.work import Work


Naming = Callable[["Work", Collection[int]], Mapping[int, str]]
"""Puts names to persons: pages hand in one that knows officers outside the register too."""


@dataclass(frozen=True, slots=True)
class WaitingContact:
    """One line of those who wait: a contact nobody has dealt with, or several of one number.

    ``ref`` opens it, ``channel`` and ``received_at`` are of the latest, ``first_at`` of the eldest.
    """

    ref: str
    refs: tuple[str, ...]
    channel: str
    received_at: datetime
    first_at: datetime
    taken: bool
    taken_by: str
    overflow: int
    tries: int
    branch: str
    place: str | None
    incident_ref: str | None
    ended: bool
    provisional: bool
    likelihood: int | None
    own_life: bool = False
    sealed: bool = False
    put_through_at: datetime | None = None

    @property
    def count(self) -> int:
        """How often she reached us."""
        return len(self.refs)


def waiting_contacts(work: Work, name: Naming | None = None) -> list[WaitingContact]:
    """Who waits, one line per known number, each event and district in its turn (``in_turn``)."""
    rows = work.session.execute(
        select(Contact, Incident)
        .outerjoin(Incident, Incident.id == Contact.incident_id)
        .where(Contact.state != ContactState.DEALT)
        .order_by(Contact.received_at, Contact.id)
    ).all()
    work.vault.preload([contact.key_ref for contact, _ in rows])
    incidents = {contact.id: incident for contact, incident in rows}
    contacts = {contact.id: contact for contact, _ in rows}
    taken = {one.taken_by_person_id for one in contacts.values() if one.taken_by_person_id}
    names, branches = (name or member_names)(work, taken), branch_names(work)
    groups = [
        [contacts[i] for i in ids]
        for ids in lines_of(_caller(work, one) for one in contacts.values())
    ]
    lines = {
        line.ref: (line, group)
        for group in groups
        for line in (_line(work, group, incidents, names, branches),)
    }
    quiet = quiet_numbers(work, {one.number_index for one in contacts.values() if one.number_index})
    turns = in_turn(_waits(work, line, group, quiet) for line, group in lines.values())
    return [lines[turn.ref][0] for turn in turns]


def same_caller(work: Work, contact: Contact) -> list[Contact]:
    """The undealt contacts of this one's line, itself among them, the eldest first."""
    if contact.number_index is None:
        return [contact]
    rows = work.session.scalars(
        select(Contact)
        .where(Contact.state != ContactState.DEALT, Contact.number_index == contact.number_index)
        .order_by(Contact.received_at, Contact.id)
    ).all()
    found = {one.id: one for one in (*rows, contact)}
    lines = lines_of(_caller(work, one) for one in found.values())
    return [found[i] for ids in lines if contact.id in ids for i in ids]


def _caller(work: Work, contact: Contact) -> Caller:
    return Caller(
        contact.id, opened(work, contact, CONTACT_NUMBER, contact.number), contact.incident_id
    )


def _line(
    work: Work,
    contacts: list[Contact],
    incidents: Mapping[int, Incident | None],
    names: Mapping[int, str],
    branches: Mapping[int, str],
) -> WaitingContact:
    """The one that hangs on a call stands for the others; else the latest does."""
    latest = contacts[-1]
    shown = next((one for one in contacts if one.incident_id is not None), latest)
    placed = next((one for one in reversed(contacts) if one.place), shown)
    sealed = any(one.may_be_minor_at for one in contacts)
    spoken = [one.put_through_at for one in contacts if one.put_through_at]
    incident = incidents[shown.id]
    return WaitingContact(
        ref=shown.ref,
        refs=tuple(one.ref for one in contacts),
        channel=latest.channel,
        received_at=latest.received_at,
        first_at=contacts[0].received_at,
        taken=all(one.state is ContactState.TAKEN for one in contacts),
        taken_by=names.get(shown.taken_by_person_id or 0, ""),
        overflow=max(one.overflow for one in contacts),
        tries=max(one.tries for one in contacts),
        branch="" if sealed else branches.get(placed.branch_id or shown.branch_id or 0, ""),
        place=None if sealed else opened(work, placed, CONTACT_PLACE, placed.place),
        incident_ref=incident.ref if incident else None,
        ended=incident is not None and incident.state not in OPEN_INCIDENT,
        provisional=shown.attachment is Attachment.PROVISIONAL,
        likelihood=shown.likelihood,
        own_life=any(one.kind is Kind.THREAT_TO_OWN_LIFE for one in contacts),
        sealed=sealed,
        put_through_at=max(spoken, default=None),
    )


def _waits(work: Work, line: WaitingContact, group: list[Contact], quiet: frozenset[str]) -> Waits:
    """A line as the order sees it: its event, else its district."""
    branch_id = next((one.branch_id for one in reversed(group) if one.branch_id), None)
    numbers = {opened(work, one, CONTACT_NUMBER, one.number) for one in group}
    return Waits(
        ref=line.ref,
        first_at=line.first_at,
        id=group[0].id,
        about=line.incident_ref or branch_id,
        own_life=line.own_life,
        helped=line.incident_ref is not None and not line.ended,
        quiet=bool(numbers & quiet),
        taken=line.taken,
    )


def member_names(work: Work, person_ids: Collection[int]) -> Mapping[int, str]:
    """Called name and card number of those who stand in the register."""
    return {person: view.label for person, view in member_views(work, person_ids).items()}


def branch_names(work: Work) -> dict[int, str]:
    """Every district's name by its id."""
    rows = work.session.execute(select(Branch.id, Branch.name))
    return {row.id: row.name for row in rows}
