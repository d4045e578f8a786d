"""One caller who reached us several times, dealt with together.

Invariant (C1): only what the person at the desk has seen is dealt with; what came in meanwhile
stays open with its own timer.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import NoIncidentError
from union.crisis.models import Contact
from union.crisis.queries.waiting import same_caller
from union.crisis.rules.kinds import Attachment, ContactChannel, ContactState, DealtHow
from union.crisis.services.contacts import TRIES, deal_with, note_try, take_contact
from union.crisis.services.timeline import a_person, lock_contact, lock_incident, say

if TYPE_CHECKING:
    from union.infra.work import Work

IN_PERSON = (ContactChannel.HOTLINE, ContactChannel.WALK_IN)
TELLS = (DealtHow.SPOKEN, DealtHow.ATTACHED)


def take_together(work: Work, contact_id: int) -> None:
    """Somebody has all of them in hand."""
    for one in _of_one_caller(work, contact_id):
        take_contact(work, one.id)


def note_try_together(work: Work, contact_id: int) -> None:
    """She was rung back once for all of them, and did not answer."""
    for one in _of_one_caller(work, contact_id):
        note_try(work, one.id)


def deal_together(work: Work, contact_id: int, how: DealtHow, seen: Collection[str]) -> None:
    """Deal with a contact and with those of its line that were seen (their references).

    Where she was spoken with, all of them hang on the one call. Who was not reached is let rest
    only as far as she was rung three times since.
    """
    line = _of_one_caller(work, contact_id)
    first = next((one for one in line if one.id == contact_id), None)
    if first is None:
        return
    others = [one for one in line if one.ref in seen and one.id != contact_id]
    if how in TELLS:
        _hang_on_one(work, [first, *others])
    if how is DealtHow.NOT_REACHED:
        others = [one for one in others if one.tries >= TRIES]
    for one in (first, *others):
        deal_with(work, one.id, how)


def heard_in_person(work: Work, contact_id: int) -> None:
    """Whoever writes a call down while she talks has dealt with it, once it hangs on a call.

    A likeness that nobody has confirmed keeps it waiting: a person must say that first.
    """
    by = a_person(work)
    contact = lock_contact(work, contact_id)
    hers = contact.state is ContactState.TAKEN and contact.taken_by_person_id == by
    sure = contact.attachment in (Attachment.OPENED, Attachment.CONFIRMED)
    if hers and sure and contact.channel in IN_PERSON:
        deal_with(work, contact.id, DealtHow.SPOKEN)


def _of_one_caller(work: Work, contact_id: int) -> list[Contact]:
    """All of the line, locked in one order for everybody."""
    contact = work.session.get_one(Contact, contact_id)
    ids = sorted({contact_id, *(one.id for one in same_caller(work, contact))})
    locked = [lock_contact(work, one) for one in ids]
    return [one for one in locked if one.id == contact_id or one.state is not ContactState.DEALT]


def _hang_on_one(work: Work, contacts: list[Contact]) -> None:
    incident_id = next((one.incident_id for one in contacts if one.incident_id is not None), None)
    if incident_id is None:
        raise NoIncidentError(contact_id=contacts[0].id)
    incident = lock_incident(work, incident_id)
    for one in contacts:
        if one.incident_id is None:
            one.incident_id, one.attachment = incident_id, Attachment.CONFIRMED
            say(work, incident, "attached", contact=one, by="hand")


def undealt_of(work: Work, incident_id: int) -> list[Contact]:
    """Contacts surely of this incident that nobody has dealt with, locked in one order."""
    rows = work.session.scalars(
        select(Contact)
        .where(
            Contact.incident_id == incident_id,
            Contact.state != ContactState.DEALT,
            Contact.attachment != Attachment.PROVISIONAL,
        )
        .order_by(Contact.id)
        .with_for_update()
    )
    return list(rows)
