"""Telephones that ring for a caller: hers when we ring back, ours when she rings us.

Invariant: that a telephone rang, or that a machine says somebody answered it, deals with nothing
(C1): the contact keeps its timer until a person has written down what became of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.errors import NobodyToRingError, StateError
from union.crisis.models import Contact
from union.crisis.queries.open import CONTACT_NUMBER, opened
from union.crisis.queries.rota import duty_officers_on, operators_on, second_phones_on
from union.crisis.rules.kinds import ContactChannel, ContactState
from union.crisis.rules.menu import Asked, next_line
from union.crisis.services.timeline import a_person, changed, lock_contact
from union.kernel.ids import new_digits
from union.messages.models import Message
from union.messages.queries import reach_of
from union.messages.services import Outgoing, send, withdraw

if TYPE_CHECKING:
    from collections.abc import Collection

    from union.infra.work import Work

VOICE = "voice"
RUNG_LATELY = timedelta(minutes=2)
THANKED_LATELY = timedelta(minutes=30)
TOLD_LATELY = timedelta(seconds=30)
SLIP_LENGTH = 4


def ring_back(work: Work, contact: Contact) -> bool:
    """Ring her who let it ring once; False if she may not be rung, or is rung already."""
    number = _may_ring(work, contact)
    if number is None or _lately(work, contact, RUNG_LATELY) > 0:
        return False
    _ring(work, contact, number)
    return True


def ring_her(work: Work, contact_id: int) -> None:
    """Somebody at the desk has it in hand and has the machine ring her and put her through.

    NobodyToRingError if there is no number, or she asked not to be rung.
    """
    a_person(work)
    contact = lock_contact(work, contact_id)
    if contact.state is not ContactState.TAKEN:
        raise StateError(contact_id=contact_id)
    number = _may_ring(work, contact)
    if number is None:
        raise NobodyToRingError(contact_id=contact_id)
    put_down(work, contact)
    contact.menu = None
    _ring(work, contact, number)
    changed(work)


def put_down(work: Work, contact: Contact) -> None:
    """A call back that has not gone out yet is not made any more."""
    if contact.call_message_id is not None:
        withdraw(work, contact.call_message_id)


def thank_for_text(work: Work, contact: Contact) -> None:
    """Tell her that her words arrived, in words that mean nothing; once, however much she writes.

    Two machines that thank each other would never end.
    """
    number = _may_ring(work, contact)
    if number is None or _lately(work, contact, THANKED_LATELY) > 0:
        return
    send(
        work,
        Outgoing(
            purpose="callback",
            template="receipt",
            channels=("sms",),
            to_ref=number,
            params={"slip": new_digits(SLIP_LENGTH)},
        ),
    )


def numbers_for(work: Work, contact: Contact, line: Asked) -> tuple[str, ...]:
    """The telephones of one line of ours; who has her in hand is the first line alone."""
    now = work.clock.now()
    if line is Asked.SECOND:
        people = second_phones_on(work, now)
    elif line is Asked.LAST:
        people = duty_officers_on(work, now)
    elif contact.taken_by_person_id is not None and contact.state is ContactState.TAKEN:
        people = [contact.taken_by_person_id]
    else:
        people = operators_on(work, now)
    return voices_of(work, [one for one in people if one != contact.person_id])


def next_to_ring(work: Work, contact: Contact, after: Asked) -> tuple[Asked, tuple[str, ...]]:
    """The next line with a telephone that has not just rung in vain; OVER and none at the end."""
    rung = numbers_for(work, contact, after)
    line = next_line(after)
    while line is not Asked.OVER:
        numbers = numbers_for(work, contact, line)
        if set(numbers) - set(rung):
            return line, numbers
        line = next_line(line)
    return Asked.OVER, ()


def voices_of(work: Work, person_ids: Collection[int]) -> tuple[str, ...]:
    """The telephones of these people, in their order."""
    reaches = reach_of(work, list(person_ids))
    found = (reaches[one].addresses.get(VOICE) for one in person_ids if one in reaches)
    return tuple(dict.fromkeys(number for number in found if number))


def to_be_told(work: Work, contact: Contact) -> list[int]:
    """Who is told that nobody took a contact in time: second phones, then duty officers besides.

    Who was sent to her list in the last half minute is not rung again for one for whom people go
    already: ten who tell of one raid must not take the telephones from the next. Who is forced to
    open her notebook hears nothing of it, whatever she is among us.
    """
    now = work.clock.now()
    people = second_phones_on(work, now)
    if contact.overflow > 1:
        people = [*duty_officers_on(work, now), *operators_on(work, now)]
    told: set[int | None] = set()
    if contact.channel is ContactChannel.OTHER_PIN:
        told.add(contact.person_id)
    if contact.incident_id is not None:
        told.update(_told_of_the_desk(work, people))
    return [one for one in dict.fromkeys(people) if one not in told]


def _told_of_the_desk(work: Work, people: Collection[int]) -> list[int]:
    rows = work.session.scalars(
        select(Message.person_id).where(
            Message.person_id.in_(people),
            Message.template == "desk",
            Message.made_at > work.clock.now() - TOLD_LATELY,
        )
    )
    return [one for one in rows if one is not None]


def _may_ring(work: Work, contact: Contact) -> str | None:
    """Her number if it is a whole one and she may be rung."""
    number = opened(work, contact, CONTACT_NUMBER, contact.number)
    return number if number and number.startswith("+") and contact.may_call_back else None


def _lately(work: Work, contact: Contact, within: timedelta) -> int:
    """How many contacts came from the same telephone within a time; the index may err, rarely."""
    return work.session.scalars(
        select(func.count(Contact.id)).where(
            Contact.number_index == contact.number_index,
            Contact.channel == contact.channel,
            Contact.received_at >= work.clock.now() - within,
            Contact.id != contact.id,
        )
    ).one()


def _ring(work: Work, contact: Contact, number: str) -> None:
    message = send(
        work,
        Outgoing(
            purpose="callback",
            template="callback",
            channels=(VOICE,),
            to_ref=number,
            urgent=True,
        ),
    )
    contact.call_message_id = message.id
    work.session.flush()
