"""Payments of a file that the bank refused. Invariant: two people say so, neither is paid by it.

Until both have, the payment counts as on its way: it is neither paid again nor withdrawn.
"""

from __future__ import annotations

from sqlalchemy import select

from union.bank.errors import BatchOpenError, ItemSettledError, SameHandError
from union.bank.models import BankBatch, BankBatchItem
from union.bank.models.paying import BankItemRefusal
from union.bank.services.paying import end_item, held_item, is_settled
from union.infra import audit
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.ledger.errors import AnsweredAlreadyError
from union.ledger.models import Voucher
from union.ledger.policy import may_approve


def say_refused(work: Work, item_ref: str) -> BankItemRefusal:
    """Say that the bank refused a payment and never debited it; a second person confirms it.

    Said already and unanswered, what stands is returned. BatchOpenError before the file went,
    ItemSettledError once it is paid or ended, SameHandError for whoever it pays. What was debited
    and came back is told by its line instead.
    """
    if not may_approve(work.actor) or work.actor.person_id is None:
        raise NotAllowedError
    item = held_item(work, item_ref)
    if is_settled(work, item):
        raise ItemSettledError
    if work.session.get_one(BankBatch, item.batch_id).sent_at is None:
        raise BatchOpenError
    _is_not_paid_by_it(work, item)
    said = work.session.scalar(
        select(BankItemRefusal).where(
            BankItemRefusal.item_id == item.id, BankItemRefusal.agreed.is_(None)
        )
    )
    if said is not None:
        return said
    refusal = BankItemRefusal(
        ref=new_ref(),
        item_id=item.id,
        said_by=work.actor.person_id,
        said_at=work.clock.now(),
    )
    work.session.add(refusal)
    work.session.flush()
    audit.log(work, "payment_called_refused", object_type="bank_batch_item", object_id=item.id)
    return refusal


def answer_refusal(work: Work, refusal_ref: str, *, agreed: bool) -> BankItemRefusal:
    """A second person's word: agreed, the payment has ended and its voucher may be paid anew.

    The same answer again changes nothing. NotAllowedError, SameHandError for whoever said it or
    is paid by it, AnsweredAlreadyError, ItemSettledError if the bank's line showed it meanwhile.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    item = held_item(work, _item_of(work, refusal_ref))
    refusal = work.session.scalars(
        select(BankItemRefusal)
        .where(BankItemRefusal.ref == refusal_ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if refusal.agreed is not None:
        if refusal.agreed == agreed and refusal.answered_by == work.actor.person_id:
            return refusal
        raise AnsweredAlreadyError
    _is_not_paid_by_it(work, item)
    if is_present(work, refusal.said_by):
        raise SameHandError
    refusal.answered_by, refusal.answered_at = work.actor.person_id, work.clock.now()
    refusal.agreed = agreed
    work.session.flush()
    if agreed:
        end_item(work, item, "failed")
    else:
        audit.log(work, "payment_not_refused", object_type="bank_batch_item", object_id=item.id)
    return refusal


def _item_of(work: Work, refusal_ref: str) -> str:
    found = work.session.scalar(
        select(BankBatchItem.ref)
        .join(BankItemRefusal, BankItemRefusal.item_id == BankBatchItem.id)
        .where(BankItemRefusal.ref == refusal_ref)
    )
    if found is None:
        raise NotFoundError
    return found


def _is_not_paid_by_it(work: Work, item: BankBatchItem) -> None:
    payee = work.session.get_one(Voucher, item.voucher_id).payee_person_id
    if work.actor.person_id is None or is_present(work, payee):
        raise SameHandError
