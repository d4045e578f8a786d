"""A machine talks with a caller until one of us does.

Invariant (C1): the contact is there before the first word is said, and each key sets its timer
anew; a caller who presses nothing, or puts down, is told of like any other. A telephone of ours
that was picked up and pressed no key counts as one that nobody answered: the next rings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Contact
from union.crisis.queries.gazetteer import areas
from union.crisis.rules import menu
from union.crisis.rules.kinds import ContactChannel, ContactState, Kind
from union.crisis.rules.menu import LINES, Asked
from union.crisis.services.contacts import DUE_AFTER, receive_contact, tell_more, time_contact
from union.crisis.services.lines import next_to_ring, numbers_for
from union.crisis.services.report import Report
from union.crisis.services.timeline import changed, lock_contact
from union.gateways.port import ANSWERED, JOINED, UNANSWERED, VoiceScript
from union.members.queries import persons_with_phone
from union.messages.services import Pressed, read_inbound

if TYPE_CHECKING:
    from union.infra.work import Work

PUT_THROUGH_FOR = timedelta(minutes=2)
"""Whoever pressed the key may be anybody who holds that telephone: she is not left to them long."""


def called(work: Work, pressed: Pressed) -> VoiceScript:
    """A call to us: the first time it is greeted, then each key is answered."""
    known = work.session.scalar(select(Contact.id).where(Contact.inbound_id == pressed.call_id))
    if known is not None:
        return _talk(work, lock_contact(work, known), pressed)
    contact = _begin(work, pressed.call_id)
    contact.menu = Asked.LANGUAGE
    time_contact(work, contact, menu.TALKS_FOR)
    return menu.greeting(_whoever_waits_hears(work, contact))


def rung_back(work: Work, pressed: Pressed) -> VoiceScript:
    """A call of ours to somebody who had rung: whoever picks up and presses a key is put through.

    A machine that picks up presses none.
    """
    known = work.session.scalar(
        select(Contact.id).where(Contact.call_message_id == pressed.message_id)
    )
    if known is None:
        return menu.thanks(pressed.language)
    return _talk(work, lock_contact(work, known), pressed)


def _talk(work: Work, contact: Contact, pressed: Pressed) -> VoiceScript:
    if contact.state is ContactState.DEALT:
        return menu.thanks(_tongue(contact, pressed))
    if pressed.digits == JOINED:
        contact.menu, contact.put_through_at = Asked.OVER, work.clock.now()
        changed(work)
    if pressed.digits in (JOINED, ANSWERED) and contact.menu is Asked.OVER:
        time_contact(work, contact, PUT_THROUGH_FOR)
        return menu.thanks(_tongue(contact, pressed))
    time_contact(work, contact, menu.TALKS_FOR)
    if pressed.digits in (ANSWERED, UNANSWERED):
        return _ring(work, contact, pressed, _line_that_rang(work, contact))
    return _STEPS.get(contact.menu or Asked.LANGUAGE, _put_through)(work, contact, pressed)


def _language(work: Work, contact: Contact, pressed: Pressed) -> VoiceScript:
    tongue = menu.TONGUE_OF_KEY.get(pressed.digits, pressed.language)
    contact.language = menu.LANGUAGE_OF[tongue]
    contact.menu = Asked.NEED
    return menu.needs(tongue, _whoever_waits_hears(work, contact))


def _need(work: Work, contact: Contact, pressed: Pressed) -> VoiceScript:
    tongue = _tongue(contact, pressed)
    if pressed.digits == menu.RING_ME:
        contact.menu = Asked.OVER
        time_contact(work, contact, DUE_AFTER[ContactChannel.MISSED_CALL])
        return menu.we_ring(tongue)
    kind = menu.KIND_OF_KEY.get(pressed.digits)
    if kind is None:
        return menu.needs(tongue, _whoever_waits_hears(work, contact))
    _tell(work, contact, kind=kind)
    if kind is Kind.THREAT_TO_OWN_LIFE:
        return _put_through(work, contact, pressed)
    contact.menu = Asked.DISTRICT
    return menu.district(tongue, _whoever_waits_hears(work, contact))


def _district(work: Work, contact: Contact, pressed: Pressed) -> VoiceScript:
    branch_id = district_keys(work).get(pressed.digits)
    if branch_id is not None:
        _tell(work, contact, kind=contact.kind, branch_id=branch_id)
    return _put_through(work, contact, pressed)


def _put_through(work: Work, contact: Contact, pressed: Pressed) -> VoiceScript:
    numbers = numbers_for(work, contact, Asked.FIRST)
    if not numbers:
        return _ring(work, contact, pressed, Asked.FIRST)
    contact.menu = Asked.FIRST
    return menu.put_through(_tongue(contact, pressed), numbers)


def _whoever_waits_hears(work: Work, contact: Contact) -> tuple[str, ...]:
    return _first_with_telephones(work, contact)[1]


def _first_with_telephones(work: Work, contact: Contact) -> tuple[Asked, tuple[str, ...]]:
    """The operators and their telephones; where none has one, the next line and its own."""
    first = numbers_for(work, contact, Asked.FIRST)
    return (Asked.FIRST, first) if first else next_to_ring(work, contact, Asked.FIRST)


def _line_that_rang(work: Work, contact: Contact) -> Asked:
    """Whose telephones rang last; for who pressed no key that is whoever she had been given."""
    if contact.menu in LINES:
        return contact.menu
    return _first_with_telephones(work, contact)[0]


def _ring(work: Work, contact: Contact, pressed: Pressed, after: Asked) -> VoiceScript:
    contact.menu, numbers = next_to_ring(work, contact, after)
    tongue = _tongue(contact, pressed)
    return menu.put_through(tongue, numbers) if numbers else menu.we_ring(tongue)


_STEPS: Mapping[Asked, Callable[[Work, Contact, Pressed], VoiceScript]] = {
    Asked.LANGUAGE: _language,
    Asked.NEED: _need,
    Asked.DISTRICT: _district,
}


def district_keys(work: Work) -> Mapping[str, int]:
    """The two figures of each district: its place in the order in which they came to us."""
    known = sorted(area.branch_id for area in areas(work))
    return {f"{place:02d}": branch_id for place, branch_id in enumerate(known[:99], start=1)}


def _begin(work: Work, call_id: int) -> Contact:
    inbound = read_inbound(work, call_id)
    people = persons_with_phone(work, inbound.from_number)
    return receive_contact(
        work,
        Report(
            channel=ContactChannel.HOTLINE,
            number=inbound.from_number,
            person_id=people[0] if len(people) == 1 else None,
            inbound_id=call_id,
            received_at=inbound.at,
        ),
    )


def _tell(work: Work, contact: Contact, *, kind: Kind, branch_id: int | None = None) -> None:
    """What a key tells; people are asked as soon as it is enough."""
    told = Report(channel=contact.channel, kind=kind, branch_id=branch_id, may_call_back=True)
    tell_more(work, contact.id, told)


def _tongue(contact: Contact, pressed: Pressed) -> str:
    codes = {name: code for code, name in menu.LANGUAGE_OF.items()}
    return codes.get(contact.language or "", pressed.language)
