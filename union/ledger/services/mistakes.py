"""Payments booked by mistake: said by one, taken back by another, neither of them the payee.

Invariant: an entry leaves the books only by its exact opposite, and for a payment only when two
people agree, or the bank's line shows that the money came back. Its voucher may then be paid once
more, or withdrawn.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, select

from union.infra.audit import log
from union.infra.people import Person, is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.ledger.errors import (
    AnsweredAlreadyError,
    FloatOverspentError,
    OtherHandNeededError,
    VoucherSettledError,
    WordsMissingError,
)
from union.ledger.models import Account, AccountBalance, JournalEntry, Voucher
from union.ledger.models.vouchers import PaymentMistake
from union.ledger.policy import may_approve
from union.ledger.queries.hands import mistakes, payment_that_stands
from union.ledger.queries.keeping import next_to_close
from union.ledger.queries.vouchers import MISTAKE_PLACE
from union.ledger.services.posting import reverse_entry


def say_mistake(work: Work, voucher_ref: str, words: str) -> PaymentMistake:
    """Say that a voucher's payment was booked by mistake, and why; nothing is taken back yet.

    Said already and unanswered, the one that stands is returned. NotAllowedError,
    WordsMissingError, OtherHandNeededError for whoever is paid, VoucherSettledError if no payment
    stands.
    """
    if not may_approve(work.actor) or work.actor.person_id is None:
        raise NotAllowedError
    if not words.strip():
        raise WordsMissingError
    voucher = _held(work, Voucher.ref == voucher_ref)
    payment = payment_that_stands(work.session, voucher.id)
    if payment is None:
        raise VoucherSettledError(voucher_id=voucher.id)
    _is_not_paid_by_it(work, voucher)
    said = mistakes(work.session, [payment.id]).get(payment.id)
    if said is not None and said.agreed is None:
        return said
    key_ref = work.session.get_one(Person, voucher.payee_person_id).key_ref
    ref = new_ref()
    mistake = PaymentMistake(
        ref=ref,
        entry_id=payment.id,
        key_ref=key_ref,
        words=work.vault.encrypt(key_ref, MISTAKE_PLACE, ref, words.strip()),
        said_by=work.actor.person_id,
        said_at=work.clock.now(),
    )
    work.session.add(mistake)
    work.session.flush()
    log(work, "payment_called_mistake", object_type="voucher", object_id=voucher.id)
    return mistake


def answer_mistake(work: Work, mistake_ref: str, *, agreed: bool) -> PaymentMistake:
    """A second person's word: agreed, the payment is taken back exactly.

    In the month it was booked in while that is open, so that no month shows what never went; else
    today, for what is closed stays closed.

    The same answer again changes nothing. NotAllowedError, OtherHandNeededError for whoever said
    it or is paid, AnsweredAlreadyError, FloatOverspentError if the money given out is spent.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    payment, voucher = _of(work, mistake_ref)
    mistake = work.session.scalars(
        select(PaymentMistake)
        .where(PaymentMistake.ref == mistake_ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if mistake.agreed is not None:
        if mistake.agreed == agreed and mistake.answered_by == work.actor.person_id:
            return mistake
        raise AnsweredAlreadyError(voucher_id=voucher.id)
    _is_not_paid_by_it(work, voucher)
    if is_present(work, mistake.said_by):
        raise OtherHandNeededError(voucher_id=voucher.id)
    mistake.answered_by, mistake.answered_at = work.actor.person_id, work.clock.now()
    mistake.agreed = agreed
    work.session.flush()
    if agreed:
        _is_still_there(work, voucher)
        reverse_entry(work, payment.id, happened_on=_taken_back_on(work, payment))
    name = "payment_mistake_taken_back" if agreed else "payment_mistake_denied"
    log(work, name, object_type="voucher", object_id=voucher.id)
    return mistake


def _taken_back_on(work: Work, payment: JournalEntry) -> date:
    today, following = work.clock.today(), next_to_close(work.session)
    month = Month.of(payment.posted_on)
    return today if following is None or month < following else min(today, month.last_day)


def _of(work: Work, mistake_ref: str) -> tuple[JournalEntry, Voucher]:
    payment = work.session.scalar(
        select(JournalEntry)
        .join(PaymentMistake, PaymentMistake.entry_id == JournalEntry.id)
        .where(PaymentMistake.ref == mistake_ref)
    )
    if payment is None:
        raise NotFoundError
    return payment, _held(work, Voucher.id == payment.voucher_id)


def _held(work: Work, which: ColumnElement[bool]) -> Voucher:
    voucher = work.session.scalars(
        select(Voucher).where(which).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if voucher is None:
        raise NotFoundError
    return voucher


def _is_not_paid_by_it(work: Work, voucher: Voucher) -> None:
    if work.actor.person_id is None or is_present(work, voucher.payee_person_id):
        raise OtherHandNeededError(voucher_id=voucher.id)


def _is_still_there(work: Work, voucher: Voucher) -> None:
    account = work.session.get_one(Account, voucher.spend_account_code)
    if account.ceiling_minor is None:
        return
    held = work.session.scalar(
        select(func.sum(AccountBalance.balance_minor)).where(
            AccountBalance.account_code == account.code,
            AccountBalance.fund_code == voucher.fund_code,
        )
    )
    if int(held or 0) < voucher.amount_minor:
        raise FloatOverspentError(voucher_id=voucher.id)
