"""Payments out in one file. Invariant: a voucher is in one open file, approved and unpaid (M6).

A file pays nobody: a voucher is paid when the bank's own line shows it.
"""

from __future__ import annotations

import random
from collections.abc import Collection

from sqlalchemy import select

from union.bank.errors import (
    BatchOpenError,
    BatchSentError,
    ItemSettledError,
    ItemUnfitError,
    NothingToPayError,
)
from union.bank.models import BankBatch, BankBatchItem, BankPayee
from union.bank.queries.out import BatchView, payable_vouchers, unfit_items
from union.bank.queries.tables import bank_account
from union.bank.rules.codes import new_code
from union.bank.rules.files import OutLine, payment_file
from union.bank.services.payees import open_details
from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.ledger.models import Voucher
from union.ledger.queries.hands import payment_that_stands

_LOT = random.SystemRandom()


def make_batch(work: Work, voucher_refs: Collection[str]) -> BankBatch:
    """Put approved vouchers into one file, in an order drawn by lot.

    What is no longer payable, or whose payee nobody confirmed, is left out; NothingToPayError
    if nothing is left. Two at once cannot take the same voucher.
    """
    account = bank_account(work.session)
    wanted = [
        one
        for one in payable_vouchers(work.session, account)
        if one.ready and one.voucher.ref in voucher_refs
    ]
    if not wanted:
        raise NothingToPayError
    _LOT.shuffle(wanted)
    batch = BankBatch(
        ref=new_ref(),
        code=new_code(),
        account_id=account.id,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(batch)
    work.session.flush()
    items = [
        BankBatchItem(
            ref=new_ref(),
            code=new_code(),
            batch_id=batch.id,
            voucher_id=one.voucher.id,
            payee_id=one.payee.id,
            amount_minor=one.voucher.amount_minor,
            position=position,
        )
        for position, one in enumerate(wanted, start=1)
        if one.payee is not None
    ]
    for item in sorted(items, key=lambda item: item.voucher_id):
        work.session.add(item)
        work.session.flush()
    audit.log(work, "payment_file_made", object_type="bank_batch", object_id=batch.id)
    return batch


def mark_sent(work: Work, batch_ref: str) -> BankBatch:
    """Write down that the file was handed to the bank; a second time changes nothing.

    ItemUnfitError if one of its payments may not go any more: hands under it were joined into
    one, or where its money goes has changed. From here on nobody withdraws or pays them by hand.
    """
    batch = _batch(work, batch_ref)
    if batch.sent_at is None:
        if unfit_items(work.session, [batch.id]):
            raise ItemUnfitError
        batch.sent_at, batch.sent_by = work.clock.now(), work.actor.person_id
        work.session.flush()
        audit.log(work, "payment_file_sent", object_type="bank_batch", object_id=batch.id)
    return batch


def take_out_item(work: Work, item_ref: str) -> BankBatchItem:
    """Take a payment out before the file goes; BatchSentError afterwards."""
    item = held_item(work, item_ref)
    if _batch_of(work, item).sent_at is not None:
        raise BatchSentError
    return end_item(work, item, "taken_out")


def file_of(work: Work, view: BatchView) -> bytes:
    """The file itself, made anew at each asking from what is encrypted; it is kept nowhere.

    BatchOpenError before it was said to go: no payment may leave one file for another once a
    copy exists. What was paid, refused or withdrawn meanwhile is in no later copy.
    """
    if view.batch.sent_at is None:
        raise BatchOpenError
    items = [one.item for one in view.items if one.may_go]
    payees = {
        payee.id: payee
        for payee in work.session.scalars(
            select(BankPayee).where(BankPayee.id.in_([item.payee_id for item in items]))
        )
    }
    work.vault.preload([payee.key_ref for payee in payees.values()])
    return payment_file(
        OutLine(open_details(work, payees[item.payee_id]), item.amount_minor, item.code)
        for item in items
    )


def end_item(work: Work, item: BankBatchItem, how: str) -> BankBatchItem:
    """End a payment of a file; ended so before, nothing changes. ItemSettledError otherwise."""
    if item.ended_how == how:
        return item
    if is_settled(work, item):
        raise ItemSettledError
    item.ended_at, item.ended_how = work.clock.now(), how
    work.session.flush()
    audit.log(work, f"payment_{how}", object_type="bank_batch_item", object_id=item.id)
    return item


def is_settled(work: Work, item: BankBatchItem) -> bool:
    """Whether a payment has ended, or stands in the books."""
    return (
        item.ended_at is not None or payment_that_stands(work.session, item.voucher_id) is not None
    )


def held_item(work: Work, ref: str) -> BankBatchItem:
    """A payment of a file, held with its voucher until the commit; NotFoundError."""
    voucher_id = work.session.scalar(
        select(BankBatchItem.voucher_id).where(BankBatchItem.ref == ref)
    )
    work.session.scalar(select(Voucher.id).where(Voucher.id == voucher_id).with_for_update())
    item = work.session.scalar(
        select(BankBatchItem)
        .where(BankBatchItem.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise NotFoundError
    return item


def _batch_of(work: Work, item: BankBatchItem) -> BankBatch:
    return work.session.scalars(
        select(BankBatch).where(BankBatch.id == item.batch_id).with_for_update()
    ).one()


def _batch(work: Work, ref: str) -> BankBatch:
    batch = work.session.scalar(select(BankBatch).where(BankBatch.ref == ref).with_for_update())
    if batch is None:
        raise NotFoundError
    return batch
