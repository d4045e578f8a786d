"""Where members pay by UPI. Invariant: what is printed was written by one and confirmed by another.

Who could change the address alone could turn every member's dues to himself.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from union.bank.errors import SameHandError
from union.bank.models import BankAddress, BankPayCode
from union.bank.queries.tables import bank_account
from union.bank.rules.codes import new_code
from union.bank.rules.payees import read_address, read_payee_name
from union.infra import audit
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref


def set_address(work: Work, address: str, payee_name: str) -> BankAddress:
    """Write a new address and the neutral name beside it; it counts once a second person agrees.

    AddressUnreadableError; SameHandError for a process, which is no hand.
    """
    if work.actor.person_id is None:
        raise SameHandError
    new = BankAddress(
        ref=new_ref(),
        account_id=bank_account(work.session).id,
        address=read_address(address),
        payee_name=read_payee_name(payee_name),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(new)
    work.session.flush()
    audit.log(work, "upi_address_written", object_type="bank_address", object_id=new.id)
    return new


def confirm_address(work: Work, ref: str) -> BankAddress:
    """A second person's yes; SameHandError for whoever wrote it."""
    held = work.session.scalar(select(BankAddress).where(BankAddress.ref == ref).with_for_update())
    if held is None:
        raise NotFoundError
    if held.confirmed_at is not None:
        return held
    if None in {work.actor.person_id, held.made_by} or is_present(work, held.made_by):
        raise SameHandError
    held.confirmed_at, held.confirmed_by = work.clock.now(), work.actor.person_id
    work.session.flush()
    audit.log(work, "upi_address_confirmed", object_type="bank_address", object_id=held.id)
    return held


def pay_code_of(work: Work, person_id: int) -> str:
    """A member's own code, made at the first asking and hers for good."""
    work.session.execute(
        insert(BankPayCode)
        .values(code=new_code(), person_id=person_id, made_at=work.clock.now())
        .on_conflict_do_nothing(index_elements=["person_id"])
    )
    return work.session.scalars(
        select(BankPayCode.code).where(BankPayCode.person_id == person_id)
    ).one()
