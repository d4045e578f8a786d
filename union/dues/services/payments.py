"""Money received. Invariant: a payment is booked whole, once, oldest month first, and posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select, text

from union.dues.errors import PaidAheadOfTimeError, ReceiptTakenError
from union.dues.models import (
    Allocation,
    CashMovement,
    Collector,
    CreditMovement,
    Payment,
    Receipt,
)
from union.dues.queries.accounts import kept_ids, open_charges_of
from union.dues.rules.allocation import OpenCharge, PaymentNotPositiveError, Spread, allocate
from union.dues.services.collectors import collector_for_person
from union.infra.outbox import record_fact
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.rules import AccountCode, EntryKind, FundCode, NewEntry, Source, credit, debit
from union.ledger.services import post_entry

PAYMENT_SOURCE = "dues_payment"
_RECEIPT_LOCK = 6001
_SOURCE_LOCK = 6002
_PERSON_LOCK = 6003
_LOCK_ALL = text(
    "SELECT pg_advisory_xact_lock(:kind, number) FROM"
    " (SELECT DISTINCT number FROM unnest(CAST(:numbers AS integer[])) number ORDER BY 1) n"
)

_FOUND = text("""
UPDATE collection_line l
   SET settled_at = :at, settled_by = CAST(:by AS bigint), settled_how = 'found',
       payment_id = paid.payment
  FROM unnest(CAST(:collectors AS bigint[]), CAST(:numbers AS bigint[]),
              CAST(:people AS bigint[]), CAST(:payments AS bigint[]))
       AS paid(collector, number, person, payment)
 WHERE l.collector_id = paid.collector AND l.receipt_no = paid.number AND l.settled_at IS NULL
   AND (l.verdict = 'missing' OR (l.verdict = 'refused' AND l.reason <> 'entered_twice'
                                  AND l.person_id = paid.person))
""")


class Method(StrEnum):
    """How the money came."""

    CASH = "cash"
    BANK = "bank"
    CARD = "card"
    UPI = "upi"


_MONEY_ACCOUNT = {
    Method.CASH: AccountCode.CASH_AT_DESK,
    Method.BANK: AccountCode.BANK,
    Method.UPI: AccountCode.BANK,
    Method.CARD: AccountCode.CARD_PROVIDER,
}


@dataclass(frozen=True, slots=True)
class ReceivePayment:
    """Money from a member, in paise; ``happened_on`` is the civil day she gave it.

    With a collector it is cash in her hands, under the number in her book. ``source`` names
    what it was read from ("bank_line:12") and never comes twice.
    """

    person_id: int
    amount_minor: int
    happened_on: date
    method: Method = Method.CASH
    collector_person_id: int | None = None
    receipt_no: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class _Booking:
    """A payment on its way: what was asked, by whom it came, how it is spread."""

    asked: ReceivePayment
    collector: Collector | None
    spread: Spread
    payment: Payment


def receive_payment(work: Work, asked: ReceivePayment) -> Payment:
    """Book a payment: receipt, oldest charges first, the rest as her credit, one entry.

    Safe to repeat: the same receipt of the same book, or the same source, gives the payment
    booked before; with other facts it raises ReceiptTakenError. An amount of nothing raises
    PaymentNotPositiveError, a day still to come PaidAheadOfTimeError.
    """
    return receive_payments(work, [asked])[0]


def receive_payments(work: Work, asked: Sequence[ReceivePayment]) -> list[Payment]:
    """As ``receive_payment``, for a sheet of them: each booked in turn, written in a few sets."""
    for one in asked:
        if one.amount_minor <= 0:
            raise PaymentNotPositiveError
        if one.happened_on > work.clock.today():
            raise PaidAheadOfTimeError
    kept = kept_ids(work.session, {one.person_id for one in asked})
    asked = [replace(one, person_id=kept[one.person_id]) for one in asked]
    collectors = {
        person_id: collector_for_person(work, person_id)
        for person_id in sorted({one.collector_person_id or 0 for one in asked} - {0})
    }
    _lock(work, asked, collectors.values())
    before = _booked_before(work, asked, collectors)
    fresh = [one for one, held in zip(asked, before, strict=True) if held is None]
    bookings = _write(work, _spread(work, fresh, collectors))
    for booking in bookings:
        _post(work, booking)
        record_fact(work, "payment_received", payment_id=booking.payment.id)
    _find_waiting(work, bookings)
    made = iter(bookings)
    return [held if held is not None else next(made).payment for held in before]


def _lock(work: Work, asked: Sequence[ReceivePayment], collectors: Iterable[Collector]) -> None:
    """Two bookings of one receipt, source or woman wait for each other; always in this order."""
    desk = any(one.receipt_no is None for one in asked)
    numbers = [collector.id for collector in collectors] + [0] * desk
    work.session.execute(_LOCK_ALL, {"kind": _RECEIPT_LOCK, "numbers": numbers})
    for source in sorted(one.source for one in asked if one.source is not None):
        work.session.execute(
            select(func.pg_advisory_xact_lock(_SOURCE_LOCK, func.hashtext(source)))
        )
    people = [one.person_id for one in asked]
    work.session.execute(_LOCK_ALL, {"kind": _PERSON_LOCK, "numbers": people})


def _booked_before(
    work: Work, asked: Sequence[ReceivePayment], collectors: Mapping[int, Collector]
) -> list[Payment | None]:
    """For each, the payment that stands under its receipt or source, if any."""
    by_receipt = {
        (collector_id, number): payment
        for collector_id, number, payment in work.session.execute(
            select(Receipt.collector_id, Receipt.number, Payment)
            .join(Payment, Payment.id == Receipt.payment_id)
            .where(Receipt.collector_id.in_([one.id for one in collectors.values()]))
            .where(Receipt.number.in_({one.receipt_no for one in asked if one.receipt_no}))
        )
    }
    sources = {one.source for one in asked if one.source is not None}
    by_source = {
        payment.source: payment
        for payment in work.session.scalars(select(Payment).where(Payment.source.in_(sources)))
    }
    held = []
    for one in asked:
        payment = by_source.get(one.source) if one.source is not None else None
        if one.collector_person_id is not None and one.receipt_no is not None:
            book = collectors[one.collector_person_id].id
            payment = by_receipt.get((book, one.receipt_no), payment)
        held.append(None if payment is None else _same(payment, one))
    return held


def _same(payment: Payment, asked: ReceivePayment) -> Payment:
    facts = (payment.person_id, payment.amount_minor, payment.happened_on, payment.method)
    if facts != (asked.person_id, asked.amount_minor, asked.happened_on, asked.method):
        raise ReceiptTakenError(payment_id=payment.id)
    return payment


def _spread(
    work: Work, fresh: Sequence[ReceivePayment], collectors: Mapping[int, Collector]
) -> list[_Booking]:
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
        bookings.append(_Booking(asked, collector, spread, payment))
    return bookings


def _left(due: Iterable[OpenCharge], spread: Spread) -> list[OpenCharge]:
    paid = {share.charge_id: share.amount_minor for share in spread.shares}
    return [replace(one, open_minor=one.open_minor - paid.get(one.charge_id, 0)) for one in due]


def _write(work: Work, bookings: list[_Booking]) -> list[_Booking]:
    """Payments, receipts, shares, credit, cash: in this order, so that nobody locks crosswise."""
    now, session = work.clock.now(), work.session
    session.add_all([one.payment for one in bookings])
    session.flush()
    numbers = _Numbers(work)
    rows: list[list[Receipt] | list[Allocation] | list[CreditMovement] | list[CashMovement]] = [
        [
            Receipt(
                ref=new_ref(),
                payment_id=one.payment.id,
                collector_id=one.payment.collector_id,
                number=numbers.of(one),
            )
            for one in bookings
        ],
        [
            Allocation(
                charge_id=share.charge_id,
                payment_id=one.payment.id,
                kind="payment",
                amount_minor=share.amount_minor,
                made_at=now,
            )
            for one in bookings
            for share in one.spread.shares
        ],
        [
            CreditMovement(
                person_id=one.payment.person_id,
                amount_minor=one.spread.surplus_minor,
                kind="surplus",
                payment_id=one.payment.id,
                fund_code=FundCode.GENERAL,
                made_at=now,
            )
            for one in bookings
            if one.spread.surplus_minor
        ],
        [
            CashMovement(
                collector_id=one.payment.collector_id,
                amount_minor=one.payment.amount_minor,
                payment_id=one.payment.id,
            )
            for one in bookings
            if one.collector is not None
        ],
    ]
    for kind in rows:
        session.add_all(kind)
        session.flush()
    return bookings


class _Numbers:
    """Receipt numbers: what the book says, else the next free one of the desk, with no gap."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._last: dict[int | None, int] = {}

    def of(self, booking: _Booking) -> int:
        collector_id = booking.payment.collector_id
        if collector_id is not None and booking.asked.receipt_no is not None:
            return booking.asked.receipt_no
        if collector_id not in self._last:
            last = select(func.coalesce(func.max(Receipt.number), 0)).where(
                Receipt.collector_id.is_not_distinct_from(collector_id)
            )
            self._last[collector_id] = int(self._work.session.scalar(last) or 0)
        self._last[collector_id] += 1
        return self._last[collector_id]


def _post(work: Work, booking: _Booking) -> None:
    payment, spread, collector = booking.payment, booking.spread, booking.collector
    money: str = _MONEY_ACCOUNT[Method(payment.method)]
    if collector is not None:
        money = collector.account_code
    legs = [debit(money, payment.amount_minor)]
    if spread.settled_minor:
        legs.append(credit(AccountCode.DUES_RECEIVABLE, spread.settled_minor))
    if spread.surplus_minor:
        legs.append(credit(AccountCode.MEMBER_CREDIT, spread.surplus_minor))
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.RECEIPT,
            happened_on=payment.happened_on,
            source=Source(PAYMENT_SOURCE, payment.id),
            legs=tuple(legs),
        ),
    )


def _find_waiting(work: Work, bookings: Sequence[_Booking]) -> None:
    """A receipt that was missing, or refused for the same woman, has been found by a payment."""
    of_books = [one for one in bookings if one.collector is not None and one.asked.receipt_no]
    if not of_books:
        return
    work.session.execute(
        _FOUND,
        {
            "collectors": [one.payment.collector_id for one in of_books],
            "numbers": [one.asked.receipt_no for one in of_books],
            "people": [one.payment.person_id for one in of_books],
            "payments": [one.payment.id for one in of_books],
            "at": work.clock.now(),
            "by": work.actor.person_id,
        },
    )
