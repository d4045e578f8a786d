"""How payments are written. Invariant: parts in one order, receipts with no gap, one entry each.

Called by ``payments`` alone, which holds the locks and knows that nothing was booked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text

from union.dues.models import Allocation, CashMovement, Collector, CreditMovement, Payment, Receipt
from union.dues.rules.allocation import Spread
from union.dues.rules.payments import Method, ReceivePayment
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.rules import AccountCode, EntryKind, FundCode, NewEntry, Source, credit, debit
from union.ledger.services import post_entries

PAYMENT_SOURCE = "dues_payment"
_MONEY_ACCOUNT = {
    Method.CASH: AccountCode.CASH_AT_DESK,
    Method.BANK: AccountCode.BANK,
    Method.UPI: AccountCode.BANK,
    Method.CARD: AccountCode.CARD_PROVIDER,
}
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


@dataclass(frozen=True, slots=True)
class Booking:
    """A payment on its way: what was asked, by whom it came, how it is spread."""

    asked: ReceivePayment
    collector: Collector | None
    spread: Spread
    payment: Payment


def write_bookings(work: Work, bookings: list[Booking]) -> list[Booking]:
    """Payments, receipts, shares, credit, cash: in this order, so that nobody locks crosswise."""
    now, session = work.clock.now(), work.session
    session.add_all([one.payment for one in bookings])
    session.flush()
    numbers, turns = _Numbers(work), _turns(work, bookings)
    rows: list[list[Receipt] | list[Allocation] | list[CreditMovement] | list[CashMovement]] = [
        [
            Receipt(
                ref=new_ref(),
                payment_id=one.payment.id,
                collector_id=one.payment.collector_id,
                number=numbers.of(one),
                turn=turns.get((one.payment.collector_id, one.asked.receipt_no), 0),
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


def _turns(work: Work, bookings: Sequence[Booking]) -> dict[tuple[int | None, int | None], int]:
    """How often each number of a book was booked before; whoever asked knows it was taken back."""
    numbers = {one.asked.receipt_no for one in bookings if one.collector and one.asked.receipt_no}
    if not numbers:
        return {}
    rows = work.session.execute(
        select(Receipt.collector_id, Receipt.number, func.max(Receipt.turn) + 1)
        .where(
            Receipt.collector_id.in_({one.payment.collector_id for one in bookings}),
            Receipt.number.in_(numbers),
        )
        .group_by(Receipt.collector_id, Receipt.number)
    )
    return {(collector_id, number): turn for collector_id, number, turn in rows}


class _Numbers:
    """Receipt numbers: what the book says, else the next free one of the desk, with no gap."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._last: dict[int | None, int] = {}

    def of(self, booking: Booking) -> int:
        collector_id = booking.payment.collector_id
        if collector_id is not None and booking.asked.receipt_no is not None:
            return booking.asked.receipt_no
        if collector_id not in self._last:
            hers = Receipt.collector_id == collector_id
            last = select(func.coalesce(func.max(Receipt.number), 0)).where(
                Receipt.collector_id.is_(None) if collector_id is None else hers
            )
            self._last[collector_id] = int(self._work.session.scalar(last) or 0)
        self._last[collector_id] += 1
        return self._last[collector_id]


def post_bookings(work: Work, bookings: Sequence[Booking]) -> None:
    """One entry each, those of one day together: money in, what was owed and what is kept out."""
    by_day: dict[date, list[NewEntry]] = {}
    for one in bookings:
        by_day.setdefault(one.payment.happened_on, []).append(_entry(one))
    for entries in by_day.values():
        post_entries(work, entries)


def _entry(booking: Booking) -> NewEntry:
    payment, spread, collector = booking.payment, booking.spread, booking.collector
    money: str = _MONEY_ACCOUNT[Method(payment.method)]
    if collector is not None:
        money = collector.account_code
    legs = [debit(money, payment.amount_minor)]
    if spread.settled_minor:
        legs.append(credit(AccountCode.DUES_RECEIVABLE, spread.settled_minor))
    if spread.surplus_minor:
        legs.append(credit(AccountCode.MEMBER_CREDIT, spread.surplus_minor))
    return NewEntry(
        kind=EntryKind.RECEIPT,
        happened_on=payment.happened_on,
        source=Source(PAYMENT_SOURCE, payment.id),
        legs=tuple(legs),
    )


def find_waiting(work: Work, bookings: Sequence[Booking]) -> None:
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
