"""Money received. Invariant: a payment is booked whole, once, oldest month first, and posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, or_, select, update

from union.dues.errors import PaidAheadOfTimeError, ReceiptTakenError
from union.dues.models import (
    Allocation,
    CashMovement,
    CollectionLine,
    Collector,
    CreditMovement,
    Payment,
    Receipt,
)
from union.dues.queries.accounts import open_charges
from union.dues.rules.allocation import Spread, allocate
from union.dues.services.rounds import collector_for_person
from union.infra.outbox import record_fact
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.rules import AccountCode, EntryKind, FundCode, NewEntry, Source, credit, debit
from union.ledger.services import post_entry

PAYMENT_SOURCE = "dues_payment"
_LOCKS = 6001


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


def receive_payment(work: Work, asked: ReceivePayment) -> Payment:
    """Book a payment: receipt, oldest charges first, the rest as her credit, one entry.

    Safe to repeat: the same receipt of the same book, or the same source, gives the payment
    booked before; with other facts it raises ReceiptTakenError. An amount of nothing raises
    PaymentNotPositiveError, a day still to come PaidAheadOfTimeError.
    """
    if asked.happened_on > work.clock.today():
        raise PaidAheadOfTimeError
    collector = None
    if asked.collector_person_id is not None:
        collector = collector_for_person(work, asked.collector_person_id)
    before = _booked_before(work, asked, collector)
    if before is not None:
        return before
    spread = allocate(asked.amount_minor, open_charges(work.session, asked.person_id, locked=True))
    payment = _write(work, asked, collector, spread)
    _spread(work, payment, spread)
    _post(work, payment, collector, spread)
    if collector is not None:
        _find_waiting(work, payment, collector, asked.receipt_no)
    record_fact(work, "payment_received", payment_id=payment.id)
    return payment


def _booked_before(
    work: Work, asked: ReceivePayment, collector: Collector | None
) -> Payment | None:
    """The payment of this receipt or source; two at once wait for each other here."""
    session = work.session
    found = select(Payment)
    if collector is not None and asked.receipt_no is not None:
        session.execute(select(func.pg_advisory_xact_lock(_LOCKS, collector.id)))
        found = found.join(Receipt, Receipt.payment_id == Payment.id).where(
            Receipt.collector_id == collector.id, Receipt.number == asked.receipt_no
        )
    elif asked.source is not None:
        name = func.hashtext(asked.source)
        session.execute(select(func.pg_advisory_xact_lock(_LOCKS + 1, name)))
        found = found.where(Payment.source == asked.source)
    else:
        return None
    payment = session.scalar(found)
    if payment is None:
        return None
    facts = (payment.person_id, payment.amount_minor, payment.happened_on, payment.method)
    if facts != (asked.person_id, asked.amount_minor, asked.happened_on, asked.method):
        raise ReceiptTakenError(payment_id=payment.id)
    return payment


def _write(
    work: Work, asked: ReceivePayment, collector: Collector | None, spread: Spread
) -> Payment:
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
    work.session.add(payment)
    work.session.flush()
    in_book = collector is not None and asked.receipt_no is not None
    work.session.add(
        Receipt(
            ref=new_ref(),
            payment_id=payment.id,
            collector_id=payment.collector_id,
            number=asked.receipt_no if in_book else _next_number(work, payment.collector_id),
        )
    )
    work.session.flush()
    return payment


def _next_number(work: Work, collector_id: int | None) -> int:
    """The next free number of the desk (or of a collector who wrote none): no gaps, no doubles."""
    work.session.execute(select(func.pg_advisory_xact_lock(_LOCKS, collector_id or 0)))
    last = select(func.coalesce(func.max(Receipt.number), 0)).where(
        Receipt.collector_id.is_not_distinct_from(collector_id)
    )
    return int(work.session.scalar(last) or 0) + 1


def _spread(work: Work, payment: Payment, spread: Spread) -> None:
    """Write shares, credit, cash: always in this order, so that no two payments lock crosswise."""
    now, session = work.clock.now(), work.session
    if spread.shares:
        session.add_all(
            Allocation(
                charge_id=share.charge_id,
                payment_id=payment.id,
                kind="payment",
                amount_minor=share.amount_minor,
                made_at=now,
            )
            for share in spread.shares
        )
        session.flush()
    if spread.surplus_minor:
        session.add(
            CreditMovement(
                person_id=payment.person_id,
                amount_minor=spread.surplus_minor,
                kind="surplus",
                payment_id=payment.id,
                fund_code=FundCode.GENERAL,
                made_at=now,
            )
        )
        session.flush()
    if payment.collector_id is not None:
        session.add(
            CashMovement(
                collector_id=payment.collector_id,
                amount_minor=payment.amount_minor,
                payment_id=payment.id,
            )
        )
        session.flush()


def _post(work: Work, payment: Payment, collector: Collector | None, spread: Spread) -> None:
    money = _MONEY_ACCOUNT[Method(payment.method)]
    legs = [debit(money if collector is None else collector.account_code, payment.amount_minor)]
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


def _find_waiting(
    work: Work, payment: Payment, collector: Collector, receipt_no: int | None
) -> None:
    """A receipt that was missing, or refused for the same woman, has been found by this."""
    work.session.execute(
        update(CollectionLine)
        .where(
            CollectionLine.collector_id == collector.id,
            CollectionLine.receipt_no == receipt_no,
            CollectionLine.settled_at.is_(None),
            or_(
                CollectionLine.verdict == "missing",
                (CollectionLine.verdict == "refused")
                & (CollectionLine.person_id == payment.person_id)
                & (CollectionLine.reason != "entered_twice"),
            ),
        )
        .values(
            settled_at=work.clock.now(),
            settled_by=work.actor.person_id,
            settled_how="found",
            payment_id=payment.id,
        )
    )
