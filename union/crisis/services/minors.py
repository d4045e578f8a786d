"""Who may be a child: her words are closed for the named officers, and people go all the same.

Invariant: what is sealed here no process, desk or list can open; the team still learns the place,
each after her own digits, for a child is not helped later than anybody else. Every opening is
written down first, and only a named officer's word opens a contact again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import StateError
from union.crisis.models import Contact, MinorDecision, SealedTelling
from union.crisis.queries.open import CONTACT_NUMBER, CONTACT_PLACE, CONTACT_WORDS, opened
from union.crisis.rules.minors import LOOK_AGAIN, SETTLED, Decision
from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.timeline import a_person, changed, lock_contact
from union.identity.queries import people_with_role
from union.infra import audit
from union.infra.readings import Reading, Reason, Why, write_down
from union.infra.sealing import MINORS, Circle, OpenCircle, SealedField, seal
from union.infra.timers import Timer, finish_timers, set_timer, take_timer
from union.kernel.actor import Role
from union.kernel.ids import new_ref
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work

SEALED = "sealed_telling.sealed"
MINOR = "minor"
MINOR_TIMER = "crisis_minor"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was told at one moment, opened for a named officer."""

    at: datetime
    place: str | None
    words: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """All that is kept from the desk, opened for a named officer."""

    tellings: list[Opened]
    number: str | None


def close_for_minor(work: Work, contact: Contact, *, now_told: bool) -> None:
    """Seal what lies open of somebody who may be a child; the officers are told at once.

    Without a circle nothing can be sealed: then it is kept out of every list, and that is all.
    """
    if not (now_told or contact.may_be_minor_at is not None):
        return
    if contact.may_be_minor_at is None:
        contact.may_be_minor_at = work.clock.now()
        _tell_officers(work, contact)
    place = opened(work, contact, CONTACT_PLACE, contact.place)
    words = opened(work, contact, CONTACT_WORDS, contact.words)
    if (place or words) and work.session.get(Circle, MINORS) is not None:
        _seal(work, contact, place, words)
    work.session.flush()


def open_tellings_of(work: Work, contact_id: int, passphrase: str, why: Why) -> list[Opened]:
    """All that was told, the latest first, each reading written down.

    Show the answer only after this work is committed. PassphraseWrongError, NotEntitledError.
    """
    contact = work.session.get_one(Contact, contact_id)
    circle = OpenCircle(work, MINORS, passphrase)
    rows = work.session.scalars(
        select(SealedTelling)
        .where(SealedTelling.contact_id == contact_id)
        .order_by(SealedTelling.id.desc())
    ).all()
    return [_opened(circle, contact, row, why) for row in rows]


def open_all_of(work: Work, contact_id: int, passphrase: str, why: Why) -> Told:
    """What was told and her number, which the desk sees masked; each reading is written down.

    Show the answer only after this work is committed. PassphraseWrongError, NotEntitledError.
    """
    tellings = open_tellings_of(work, contact_id, passphrase, why)
    contact = work.session.get_one(Contact, contact_id)
    reading = Reading("minor_number_opened", "contact", contact_id, contact.person_id, why)
    write_down(work, reading, contact.key_ref)
    return Told(tellings, opened(work, contact, CONTACT_NUMBER, contact.number))


def decide(work: Work, contact_id: int, decision: Decision, passphrase: str = "") -> None:  # nosec B107 # none was typed
    """A named officer writes down what became of it; the rest of it stays as it was.

    That she is grown opens the contact again and needs the officer's passphrase. StateError where
    nobody said that she may be a child.
    """
    by = a_person(work)
    contact = lock_contact(work, contact_id)
    if contact.may_be_minor_at is None:
        raise StateError(contact_id=contact_id)
    told = []
    if decision is Decision.GROWN:
        told = open_tellings_of(work, contact_id, passphrase, Why(Reason.SAFETY))
    work.session.add(
        MinorDecision(
            contact_id=contact_id, at=work.clock.now(), by_person_id=by, decision=decision
        )
    )
    audit.log(work, "minor_decided", object_type="contact", object_id=contact_id)
    if decision is Decision.GROWN:
        _open_again(work, contact, told)
    if decision in SETTLED:
        finish_timers(work, MINOR, contact_id)
    changed(work)


def on_minor(work: Work, timer: Timer) -> None:
    """Nobody has decided: the named officers are told again, over and over."""
    contact = lock_contact(work, timer.subject_id)
    if take_timer(work, timer) and contact.may_be_minor_at is not None:
        _tell_officers(work, contact)


def _tell_officers(work: Work, contact: Contact) -> None:
    """The named officers; without one those whose duty is the last step of everything."""
    people = people_with_role(work, Role.SAFEGUARDING_OFFICER)
    people = people or people_with_role(work, Role.DUTY_OFFICER)
    send_all(work, [look_at_the_desk(one) for one in people])
    finish_timers(work, MINOR, contact.id)
    set_timer(
        work,
        kind=MINOR_TIMER,
        subject_type=MINOR,
        subject_id=contact.id,
        due_at=work.clock.now() + LOOK_AGAIN,
    )


def _seal(work: Work, contact: Contact, place: str | None, words: str | None) -> None:
    ref = new_ref()
    field = SealedField(MINORS, contact.key_ref, SEALED, ref)
    content = json.dumps({"place": place, "words": words})
    row = SealedTelling(
        ref=ref,
        contact_id=contact.id,
        at=work.clock.now(),
        sealed=seal(work, field, content),
    )
    work.session.add(row)
    contact.place, contact.words = None, None
    contact.sealed_at = contact.sealed_at or work.clock.now()


def _opened(circle: OpenCircle, contact: Contact, row: SealedTelling, why: Why) -> Opened:
    field = SealedField(MINORS, contact.key_ref, SEALED, row.ref)
    reading = Reading("minor_opened", "contact", contact.id, contact.person_id, why)
    told = json.loads(circle.open(field, row.sealed, reading))
    return Opened(row.at, told["place"], told["words"])


def _open_again(work: Work, contact: Contact, told: list[Opened]) -> None:
    contact.may_be_minor_at, contact.sealed_at = None, None
    place = next((one.place for one in told if one.place), None)
    words = next((one.words for one in told if one.words), None)
    if place:
        contact.place = work.vault.encrypt(contact.key_ref, CONTACT_PLACE, contact.ref, place)
    if words:
        contact.words = work.vault.encrypt(contact.key_ref, CONTACT_WORDS, contact.ref, words)
    work.session.flush()
