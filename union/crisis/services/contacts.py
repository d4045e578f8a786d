"""Contacts: every ring, text, missed call, button and walk-in.

Invariant (C1): a row with a timer until a person has dealt with it; nothing that came in can be
lost by being unclear.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from union.crisis.errors import (
    NoIncidentError,
    NotReachedTooSoonError,
    OwnLifeError,
    StateError,
)
from union.crisis.models import Contact
from union.crisis.queries.open import CONTACT_NUMBER, CONTACT_PLACE, CONTACT_WORDS
from union.crisis.rules.escalation import overflow_wait
from union.crisis.rules.kinds import (
    Attachment,
    ContactChannel,
    ContactState,
    DealtHow,
    Kind,
)
from union.crisis.rules.understood import understand
from union.crisis.services.joining import place_contact
from union.crisis.services.lines import put_down, ring_back, thank_for_text
from union.crisis.services.minors import close_for_minor
from union.crisis.services.report import Report
from union.crisis.services.timeline import a_person, changed, lock_contact
from union.crisis.services.whereabouts import locate
from union.infra.timers import finish_timers, set_timer
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.infra.work import Work

CONTACT = "contact"
CONTACT_TIMER = "crisis_contact"
TRIES = 3
TAKEN_FOR = timedelta(minutes=10)
TRY_AGAIN_AFTER = timedelta(minutes=5)
DUE_AFTER = {
    ContactChannel.HOTLINE: timedelta(seconds=20),
    ContactChannel.MISSED_CALL: timedelta(seconds=90),
    ContactChannel.SMS: timedelta(seconds=90),
    ContactChannel.APP: timedelta(minutes=3),
    ContactChannel.OWN_RESPONDER: timedelta(minutes=3),
    ContactChannel.WALK_IN: timedelta(minutes=3),
    ContactChannel.OTHER_PIN: timedelta(seconds=90),
}
"""How soon a person should have it in hand; then the second phones ring, then the duty officer."""

NOT_FOR_OWN_LIFE = (DealtHow.NOT_REACHED, DealtHow.NO_NEED, DealtHow.NUISANCE)


def receive_contact(work: Work, report: Report, *, ask: bool = True) -> Contact:
    """Keep a contact with its timer; where a place is understood, people are asked at once (C2)."""
    key_ref, *further = work.vault.new_keys(2 if report.tells_where else 1)
    ref, now = new_ref(), work.clock.now()
    contact = Contact(
        ref=ref,
        key_ref=key_ref,
        channel=report.channel,
        received_at=report.received_at or now,
        inbound_id=report.inbound_id,
        person_id=report.person_id,
        cell_exact=False,
        kind=Kind.UNKNOWN,
        may_call_back=report.may_call_back,
        state=ContactState.OPEN,
        overflow=0,
        tries=0,
    )
    _learn(work, contact, report)
    if ask:
        place_contact(work, contact, report.coming_person_id, next(iter(further), None))
    if contact not in work.session:
        work.session.add(contact)
        work.session.flush()
    _timer_after(work, contact, DUE_AFTER[contact.channel])
    close_for_minor(work, contact, now_told=report.may_be_minor)
    if contact.channel is ContactChannel.MISSED_CALL or report.ring_back:
        ring_back(work, contact)
    elif contact.channel is ContactChannel.SMS:
        thank_for_text(work, contact)
    changed(work)
    return contact


def tell_more(work: Work, contact_id: int, report: Report, *, ask: bool = True) -> Contact:
    """What the person at the desk hears; a place asks people at once.

    Without ``ask`` it is only kept, as she types: nobody is sent out on half a word.
    """
    contact = lock_contact(work, contact_id)
    _learn(work, contact, report)
    if report.person_id is not None:
        contact.person_id = report.person_id
    contact.may_call_back = report.may_call_back
    work.session.flush()
    if ask:
        place_contact(work, contact, report.coming_person_id)
    close_for_minor(work, contact, now_told=report.may_be_minor)
    changed(work)
    return contact


def take_contact(work: Work, contact_id: int) -> Contact:
    """Somebody at the desk has it in hand; if she does not finish, it comes back."""
    by = a_person(work)
    contact = lock_contact(work, contact_id)
    if contact.state is ContactState.DEALT:
        raise StateError(contact_id=contact_id)
    contact.state, contact.taken_by_person_id = ContactState.TAKEN, by
    contact.taken_at = work.clock.now()
    time_contact(work, contact, TAKEN_FOR)
    changed(work)
    return contact


def note_try(work: Work, contact_id: int) -> Contact:
    """She was called back and did not answer; she is called again in a while."""
    a_person(work)
    contact = lock_contact(work, contact_id)
    if contact.state is ContactState.DEALT:
        raise StateError(contact_id=contact_id)
    contact.tries += 1
    contact.state = ContactState.OPEN
    time_contact(work, contact, TRY_AGAIN_AFTER)
    changed(work)
    return contact


def deal_with(work: Work, contact_id: int, how: DealtHow) -> Contact:
    """A person has dealt with it; a provisional attachment is thereby confirmed.

    Who never answered was called three times (NotReachedTooSoonError), and who told of
    something hangs on an incident (NoIncidentError).
    """
    by = a_person(work)
    contact = lock_contact(work, contact_id)
    if contact.state is ContactState.DEALT:
        return contact
    if contact.kind is Kind.THREAT_TO_OWN_LIFE and how in NOT_FOR_OWN_LIFE:
        raise OwnLifeError(contact_id=contact_id)
    if how is DealtHow.NOT_REACHED and contact.tries < TRIES:
        raise NotReachedTooSoonError(contact_id=contact_id, tries=contact.tries)
    if how in (DealtHow.SPOKEN, DealtHow.ATTACHED) and contact.incident_id is None:
        raise NoIncidentError(contact_id=contact_id)
    contact.state, contact.dealt_how = ContactState.DEALT, how
    contact.dealt_by_person_id, contact.dealt_at = by, work.clock.now()
    if contact.attachment is Attachment.PROVISIONAL:
        contact.attachment = Attachment.CONFIRMED
    finish_timers(work, CONTACT, contact.id)
    put_down(work, contact)
    changed(work)
    return contact


def overflow(work: Work, contact: Contact) -> timedelta:
    """Nobody took it in time: count it, give it back to the desk, and look again soon."""
    contact.overflow += 1
    contact.state = ContactState.OPEN
    wait = overflow_wait(contact.overflow, looked_after=contact.incident_id is not None)
    time_contact(work, contact, wait)
    changed(work)
    return wait


def _learn(work: Work, contact: Contact, report: Report) -> None:
    """Take over what is new; what was known and is not said again stays."""
    if report.channel is ContactChannel.SMS:
        report = _read(report)
    if report.number and contact.number is None:
        contact.number = work.vault.encrypt(
            contact.key_ref, CONTACT_NUMBER, contact.ref, report.number
        )
        contact.number_index = work.vault.blind_index("outside_number", report.number)
    if report.words:
        contact.words = work.vault.encrypt(
            contact.key_ref, CONTACT_WORDS, contact.ref, report.words
        )
    if report.place:
        contact.place = work.vault.encrypt(
            contact.key_ref, CONTACT_PLACE, contact.ref, report.place
        )
    if report.kind is not Kind.UNKNOWN:
        contact.kind = report.kind
    contact.people = report.people or contact.people
    contact.language = (report.language or "").casefold() or contact.language
    contact.gender_wish = report.gender_wish or contact.gender_wish
    where = locate(work, report)
    if where is not None and (contact.branch_id is None or where.exact or not contact.cell_exact):
        contact.branch_id, contact.cell = where.branch_id, where.cell
        contact.cell_exact = where.exact


def _read(report: Report) -> Report:
    """What her text tells, where nobody has said it yet; a person reads it all the same."""
    told = understand(report.words)
    return replace(
        report,
        kind=told.kind if report.kind is Kind.UNKNOWN else report.kind,
        people=report.people or told.people,
        language=report.language or told.language,
    )


def time_contact(work: Work, contact: Contact, after: timedelta) -> None:
    """Set the contact's one timer; the former ones are finished in the same commit (C1)."""
    finish_timers(work, CONTACT, contact.id)
    _timer_after(work, contact, after)


def _timer_after(work: Work, contact: Contact, after: timedelta) -> None:
    set_timer(
        work,
        kind=CONTACT_TIMER,
        subject_type=CONTACT,
        subject_id=contact.id,
        due_at=work.clock.now() + after,
        flush=False,
    )
