"""Where money is sent. Invariant: two people agreed to it, and neither of them is the payee."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from union.bank.errors import ChangedMeanwhileError, ReasonNeededError, SameHandError
from union.bank.models import BankPayee
from union.bank.rules.payees import PayeeDetails, read_payee
from union.infra import audit
from union.infra.people import Person, is_present
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref

DETAILS = "bank_payee.details"
REFUSED_NOTE = "bank_payee.refused_note"
PURPOSE = "bank_payee"


@dataclass(frozen=True, slots=True)
class NewPayee:
    """What was typed: a name, and an account with its IFSC or a UPI address."""

    person_id: int
    name: str
    number: str = ""
    ifsc: str = ""
    address: str = ""


def set_payee(work: Work, new: NewPayee) -> BankPayee:
    """Write where a person's money goes from now on; a second person has to confirm it.

    What ``read_payee`` cannot read, and SameHandError for whoever's money it is: two others say
    where it goes. The same once more changes nothing.
    """
    _is_somebody_else(work, new.person_id)
    details = read_payee(new.name, new.number, new.ifsc, new.address)
    person = work.session.get_one(Person, new.person_id, with_for_update=True)
    held = _open_payee(work, new.person_id)
    if held is not None:
        if open_details(work, held) == details:
            return held
        held.ended_at = work.clock.now()
        work.session.flush()
    ref = new_ref()
    payee = BankPayee(
        ref=ref,
        person_id=person.id,
        key_ref=person.key_ref,
        details=work.vault.encrypt(person.key_ref, DETAILS, ref, details.closed()),
        number_index=work.vault.blind_index(PURPOSE, details.where),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(payee)
    work.session.flush()
    audit.log(
        work,
        "payee_written",
        object_type="bank_payee",
        object_id=payee.id,
        subject_person_id=person.id,
    )
    return payee


def confirm_payee(work: Work, ref: str) -> BankPayee:
    """A second person's yes; SameHandError for whoever wrote it, or for the payee herself.

    ChangedMeanwhileError if other details were written since.
    """
    payee = work.session.scalar(select(BankPayee).where(BankPayee.ref == ref).with_for_update())
    if payee is None:
        raise NotFoundError
    if payee.ended_at is not None:
        raise ChangedMeanwhileError
    if payee.confirmed_at is not None:
        return payee
    _is_somebody_else(work, payee.person_id, payee.made_by)
    payee.confirmed_at, payee.confirmed_by = work.clock.now(), work.actor.person_id
    work.session.flush()
    audit.log(
        work,
        "payee_confirmed",
        object_type="bank_payee",
        object_id=payee.id,
        subject_person_id=payee.person_id,
    )
    return payee


def refuse_payee(work: Work, ref: str, why: str) -> BankPayee:
    """A second person's no: nothing goes there, and who said so and why stays.

    ReasonNeededError without a reason, SameHandError for whoever wrote it (she writes it anew),
    ChangedMeanwhileError if they were confirmed, refused or written anew since.
    """
    payee = work.session.scalar(select(BankPayee).where(BankPayee.ref == ref).with_for_update())
    if payee is None:
        raise NotFoundError
    if payee.ended_at is not None or payee.confirmed_at is not None:
        raise ChangedMeanwhileError
    if not why.strip():
        raise ReasonNeededError
    _is_somebody_else(work, payee.made_by)
    payee.ended_at = payee.refused_at = work.clock.now()
    payee.refused_by = work.actor.person_id
    payee.refused_note = work.vault.encrypt(payee.key_ref, REFUSED_NOTE, ref, why.strip())
    work.session.flush()
    audit.log(
        work,
        "payee_refused",
        object_type="bank_payee",
        object_id=payee.id,
        subject_person_id=payee.person_id,
    )
    return payee


def open_details(work: Work, payee: BankPayee) -> PayeeDetails:
    """Where the money goes, opened; KeyGoneError if she was erased."""
    text = work.vault.decrypt(payee.key_ref, DETAILS, payee.ref, payee.details)
    return PayeeDetails.opened(text)


def _is_somebody_else(work: Work, *others: int | None) -> None:
    if None in {work.actor.person_id, *others} or is_present(work, *others):
        raise SameHandError


def _open_payee(work: Work, person_id: int) -> BankPayee | None:
    return work.session.scalar(
        select(BankPayee).where(BankPayee.person_id == person_id, BankPayee.ended_at.is_(None))
    )
