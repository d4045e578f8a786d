"""Money received. Invariant: a payment is booked whole, once, oldest month first, and posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from zlib import crc32

from sqlalchemy import select

from union.dues.errors import (
    OwnPaymentError,
    PaidAheadOfTimeError,
    PaidLongAgoError,
    ReceiptTakenError,
)
from union.dues.models import Collector, Payment, Receipt, Reversal
from union.dues.queries.accounts import kept_ids, open_charges_of
from union.dues.rules.allocation import OpenCharge, PaymentNotPositiveError, Spread, allocate
from union.dues.rules.payments import Method, ReceivePayment
from union.dues.services.bookings import Booking, find_waiting, post_bookings, write_bookings
from union.dues.services.collectors import collector_for_person
from union.dues.services.locks import PERSON_LOCK, RECEIPT_LOCK, SOURCE_LOCK, hold_all
from union.infra.outbox import record_facts
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.ids import new_ref

LONGEST_AGO = timedelta(days=3 * 366)
"""A receipt found in a drawer may be old; one from before that is a slip of the pen."""

_DESK = 0


def receive_payment(work: Work, asked: ReceivePayment) -> Payment:
    """Book a payment: receipt, oldest charges first, the rest as her credit, one entry.

    Safe to repeat: the same receipt of the same book, or the same source, gives the payment
    booked before (a receipt whose payment was taken back is booked anew); with other facts it
    raises ReceiptTakenError. An amount of nothing raises PaymentNotPositiveError, a day still
    to come PaidAheadOfTimeError, the present person's own dues OwnPaymentError: another takes them.
    """
    return receive_payments(work, [asked])[0]


def receive_payments(work: Work, asked: Sequence[ReceivePayment]) -> list[Payment]:
    """As ``receive_payment``, for a sheet of them: each booked in turn, written in a few sets."""
    if not asked:
        return []
    for one in asked:
        if one.amount_minor <= 0:
            raise PaymentNotPositiveError
        if one.happened_on > work.clock.today():
            raise PaidAheadOfTimeError
        if one.happened_on < work.clock.today() - LONGEST_AGO:
            raise PaidLongAgoError
    _refuse_own(work, asked)
    kept = kept_ids(work.session, {one.person_id for one in asked})
    asked = [replace(one, person_id=kept[one.person_id]) for one in asked]
    collectors = {
        person_id: collector_for_person(work, person_id)
        for person_id in sorted({one.collector_person_id or 0 for one in asked} - {0})
    }
    _lock(work, asked, collectors.values())
    before = _booked_before(work, asked, collectors)
    fresh = [one for one, held in zip(asked, before, strict=True) if held is None]
    bookings = write_bookings(work, _spread(work, fresh, collectors))
    post_bookings(work, bookings)
    record_facts(work, "payment_received", [{"payment_id": one.payment.id} for one in bookings])
    find_waiting(work, bookings)
    made = iter(bookings)
    return [held if held is not None else next(made).payment for held in before]


def _refuse_own(work: Work, asked: Sequence[ReceivePayment]) -> None:
    """Cash, and what nobody else told of, is taken by another than who pays it."""
    taken = {one.person_id for one in asked if one.method == Method.CASH or one.source is None}
    if is_present(work, *taken):
        raise OwnPaymentError


def _lock(work: Work, asked: Sequence[ReceivePayment], collectors: Iterable[Collector]) -> None:
    """Two bookings of one receipt, source or woman wait for each other; always in this order."""
    wanted = [(RECEIPT_LOCK, collector.id) for collector in collectors]
    for one in asked:
        wanted.append((PERSON_LOCK, one.person_id))
        if one.receipt_no is None and one.collector_person_id is None:
            wanted.append((RECEIPT_LOCK, _DESK))
        if one.source is not None:
            wanted.append((SOURCE_LOCK, crc32(one.source.encode()) >> 1))
    hold_all(work, wanted)


def _booked_before(
    work: Work, asked: Sequence[ReceivePayment], collectors: Mapping[int, Collector]
) -> list[Payment | None]:
    """For each, the payment that stands under its receipt or source, if any."""
    books = {person_id: one.id for person_id, one in collectors.items()}
    by_receipt, by_source = _by_receipt(work, asked, books), _by_source(work, asked)
    held = []
    for one in asked:
        book = books.get(one.collector_person_id or 0)
        payment = by_receipt.get((book, one.receipt_no)) or by_source.get(one.source)
        held.append(None if payment is None else _same(payment, one))
    return held


def _by_receipt(
    work: Work, asked: Sequence[ReceivePayment], books: Mapping[int, int]
) -> dict[tuple[int | None, int | None], Payment]:
    numbers = {one.receipt_no for one in asked if one.receipt_no}
    if not books or not numbers:
        return {}
    rows = work.session.execute(
        select(Receipt.collector_id, Receipt.number, Payment)
        .join(Payment, Payment.id == Receipt.payment_id)
        .where(
            Receipt.collector_id.in_(books.values()),
            Receipt.number.in_(numbers),
            Payment.id.not_in(select(Reversal.payment_id)),
        )
    )
    return {(collector_id, number): payment for collector_id, number, payment in rows}


def _by_source(work: Work, asked: Sequence[ReceivePayment]) -> dict[str | None, Payment]:
    sources = {one.source for one in asked if one.source is not None}
    if not sources:
        return {}
    found = work.session.scalars(select(Payment).where(Payment.source.in_(sources)))
    return {payment.source: payment for payment in found}


def _same(payment: Payment, asked: ReceivePayment) -> Payment:
    facts = (payment.person_id, payment.amount_minor, payment.happened_on, payment.method)
    if facts != (asked.person_id, asked.amount_minor, asked.happened_on, asked.method):
        raise ReceiptTakenError(payment_id=payment.id)
    return payment


def _spread(
    work: Work, fresh: Sequence[ReceivePayment], collectors: Mapping[int, Collector]
) -> list[Booking]:
    due = open_charges_of(work.session, {one.person_id for one in fresh})
    bookings = []
    for asked in fresh:
        spread = allocate(asked.amount_minor, due[asked.person_id])
        due[asked.person_id] = _left(due[asked.person_id], spread)
        collector = collectors.get(asked.collector_person_id or 0)
        payment = Payment(
            ref=new_ref(),
            person_id=asked.person_id,
            amount_minor=asked.amount_minor,
            credit_minor=spread.surplus_minor,
            method=asked.method,
            collector_id=None if collector is None else collector.id,
            source=asked.source,
            happened_on=asked.happened_on,
            received_at=work.clock.now(),
            received_by=work.actor.person_id,
        )
        bookings.append(Booking(asked, collector, spread, payment))
    return bookings


def _left(due: Iterable[OpenCharge], spread: Spread) -> list[OpenCharge]:
    paid = {share.charge_id: share.amount_minor for share in spread.shares}
    return [replace(one, open_minor=one.open_minor - paid.get(one.charge_id, 0)) for one in due]
