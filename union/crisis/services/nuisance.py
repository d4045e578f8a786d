"""Numbers that are let rest: a person says so and takes it back; no machine does either.

Invariant (C1): a quiet number is never refused; each of its calls is a contact with a timer, and
only its place in the list is behind the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import NobodyToRingError
from union.crisis.models import Contact, QuietNumber
from union.crisis.queries.open import CONTACT_NUMBER, opened
from union.crisis.queries.quiet import QUIET_NUMBER, quiet_row
from union.crisis.services.timeline import a_person, changed
from union.infra import audit
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.infra.work import Work


def let_number_rest(work: Work, contact_id: int) -> None:
    """Calls of this contact's number wait behind the others from now on."""
    by = a_person(work)
    contact = work.session.scalars(
        select(Contact).where(Contact.id == contact_id).with_for_update()
    ).one()
    number = opened(work, contact, CONTACT_NUMBER, contact.number)
    if not number or contact.number_index is None:
        raise NobodyToRingError(contact_id=contact_id)
    if quiet_row(work, contact) is not None:
        return
    key_ref, ref = work.vault.new_key(), new_ref()
    row = QuietNumber(
        ref=ref,
        key_ref=key_ref,
        number=work.vault.encrypt(key_ref, QUIET_NUMBER, ref, number),
        number_index=contact.number_index,
        since=work.clock.now(),
        by_person_id=by,
    )
    work.session.add(row)
    work.session.flush()
    audit.log(work, "number_let_rest", object_type="contact", object_id=contact_id)
    changed(work)


def hear_number_again(work: Work, contact_id: int) -> None:
    """It counts like any other again."""
    by = a_person(work)
    row = quiet_row(work, work.session.get_one(Contact, contact_id))
    if row is None:
        return
    row.ended_at, row.ended_by_person_id = work.clock.now(), by
    work.session.flush()
    audit.log(work, "number_heard_again", object_type="contact", object_id=contact_id)
    changed(work)
