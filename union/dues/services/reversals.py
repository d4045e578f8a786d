"""Payments taken back. Invariant: a payment is taken back whole, once, and its months are owed.

Booked on the wrong card, twice, or never received: the ledger gets the exact opposite of its
entry, what it had settled falls open, what it had left as credit is taken; credit that was used
meanwhile is taken off the newest months it had paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from union.dues.errors import (
    AlreadyReversedError,
    OwnFavourError,
    PaidByCardError,
    PartGivenBackError,
    SameHandError,
)
from union.dues.models import (
    Allocation,
    CashMovement,
    Charge,
    Collector,
    MemberCredit,
    Payment,
    Return,
    Reversal,
)
from union.dues.queries.accounts import kept_ids, money_on
from union.dues.rules.allocation import Share
from union.dues.rules.payments import Method
from union.dues.rules.returning import PaidCharge, ReturnTooLargeError, undo
from union.dues.services.bookings import PAYMENT_SOURCE
from union.dues.services.credits import CreditMove, move_credit, use_credit
from union.dues.services.locks import PERSON_LOCK, hold
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.people import Person, is_present
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.ledger.models import JournalEntry
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entry, reverse_entry

NOTE = "dues_reversal.note"
REVERSAL_SOURCE = "dues_reversal"
CREDIT_SOURCE = "dues_reversal_credit"
CARD_SOURCE = "card:"
"""What the source of a payment begins with whose money a card company holds."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A payment that is to be taken back; reason as a code, ``note`` is kept under her key."""

    payment_id: int
    reason: str
    note: str = ""


def take_back(work: Work, asked: TakeBack) -> Reversal:
    """Take a payment back, as if it had never been; the receipt's number may be booked anew.

    AlreadyReversedError the second time. PartGivenBackError if some of its money, or credit it
    left, has gone back to her by another way. PaidByCardError for one that goes back by card
    alone. OwnFavourError for one's own; SameHandError for cash one took oneself.
    """
    payment = work.session.get_one(Payment, asked.payment_id)
    kept = kept_ids(work.session, [payment.person_id])[payment.person_id]
    hold(work, PERSON_LOCK, kept)
    _refuse(work, payment)
    reversal = _write(work, payment, asked)
    _reopen(work, _shares_of(work, payment), "reversed", payment.id)
    if payment.credit_minor:
        _free_credit(work, payment, reversal)
        move = CreditMove(payment.person_id, -payment.credit_minor, "reversed", payment.id)
        move_credit(work, [move])
    _post(work, payment, reversal)
    use_credit(work, [payment.person_id], Source(CREDIT_SOURCE, reversal.id))
    audit.log(
        work,
        "dues_payment_taken_back",
        object_type="dues_payment",
        object_id=payment.id,
        subject_person_id=payment.person_id,
    )
    return reversal


def _refuse(work: Work, payment: Payment) -> None:
    if is_present(work, payment.person_id):
        raise OwnFavourError
    before = select(Reversal.id).where(Reversal.payment_id == payment.id)
    if work.session.scalar(before) is not None:
        raise AlreadyReversedError(payment_id=payment.id)
    if payment.method == Method.CASH and is_present(work, _taker_of(work, payment)):
        raise SameHandError
    given = select(Return.id).where(Return.payment_id == payment.id)
    if work.session.scalar(given.limit(1)) is not None:
        raise PartGivenBackError(payment_id=payment.id)
    if (payment.source or "").startswith(CARD_SOURCE):
        raise PaidByCardError(payment_id=payment.id)


def _taker_of(work: Work, payment: Payment) -> int | None:
    """Who took the money of a payment in her hand."""
    if payment.collector_id is None:
        return payment.received_by
    return work.session.get_one(Collector, payment.collector_id).person_id


def _shares_of(work: Work, payment: Payment) -> list[Share]:
    """What of each charge it paid; PartGivenBackError if somebody opened one of them since."""
    rows = work.session.execute(
        select(Allocation.charge_id, func.sum(Allocation.amount_minor))
        .where(Allocation.payment_id == payment.id)
        .group_by(Allocation.charge_id)
    )
    shares = [Share(charge_id, int(paid)) for charge_id, paid in rows]
    money = money_on(work.session, [one.charge_id for one in shares])
    if any(one.amount_minor > money[one.charge_id] for one in shares):
        raise PartGivenBackError(payment_id=payment.id)
    return shares


def _write(work: Work, payment: Payment, asked: TakeBack) -> Reversal:
    ref = new_ref()
    key_ref = work.session.get_one(Person, payment.person_id).key_ref
    reversal = Reversal(
        ref=ref,
        payment_id=payment.id,
        reason=asked.reason,
        note=work.vault.encrypt(key_ref, NOTE, ref, asked.note) if asked.note else None,
        happened_on=work.clock.today(),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(reversal)
    work.session.flush()
    if payment.collector_id is not None:
        work.session.add(
            CashMovement(
                collector_id=payment.collector_id,
                amount_minor=-payment.amount_minor,
                reversal_id=reversal.id,
            )
        )
        work.session.flush()
    return reversal


def _reopen(work: Work, shares: list[Share], kind: str, payment_id: int | None = None) -> None:
    work.session.add_all(
        Allocation(
            charge_id=one.charge_id,
            payment_id=payment_id,
            kind=kind,
            amount_minor=-one.amount_minor,
            made_at=work.clock.now(),
        )
        for one in shares
    )
    work.session.flush()


def _free_credit(work: Work, payment: Payment, reversal: Reversal) -> None:
    """Take credit that was used off the newest months it paid, until there is enough to take."""
    held = work.session.scalar(
        select(MemberCredit.balance_minor).where(MemberCredit.person_id == payment.person_id)
    )
    short = payment.credit_minor - (held or 0)
    if short <= 0:
        return
    try:
        undoing = undo(short, 0, _paid_by_credit(work, payment.person_id))
    except ReturnTooLargeError:
        raise PartGivenBackError(payment_id=payment.id) from None
    _reopen(work, list(undoing.reopened), "unused")
    move_credit(work, [CreditMove(payment.person_id, short, "unused")])
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.ALLOCATION,
            happened_on=work.clock.today(),
            source=Source(REVERSAL_SOURCE, reversal.id),
            legs=(
                debit(AccountCode.DUES_RECEIVABLE, short),
                credit(AccountCode.MEMBER_CREDIT, short),
            ),
        ),
    )


def _paid_by_credit(work: Work, person_id: int) -> list[PaidCharge]:
    paid = func.sum(Allocation.amount_minor)
    rows = work.session.execute(
        select(Charge.month, Charge.id, func.least(paid, Charge.settled_minor))
        .join(Allocation, Allocation.charge_id == Charge.id)
        .where(Charge.person_id == person_id, Allocation.kind.in_(("credit", "unused")))
        .group_by(Charge.id)
        .having(paid > 0)
    )
    return [PaidCharge(Month.of(month), number, int(sum_)) for month, number, sum_ in rows]


def _post(work: Work, payment: Payment, reversal: Reversal) -> None:
    entry_id = work.session.scalar(
        select(JournalEntry.id).where(
            JournalEntry.source_kind == PAYMENT_SOURCE, JournalEntry.source_id == payment.id
        )
    )
    reverse_entry(work, entry_id or 0, happened_on=reversal.happened_on)
    if payment.method != Method.CASH:
        record_fact(work, "payment_taken_back", entry_id=entry_id or 0)
