"""What the desk is offered: months that can be charged, and a payment that looks booked before."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.dues.models import Payment, Reversal
from union.kernel.periods import Month
from union.ledger.models import AccountingPeriod

APRIL = 4


def months_to_charge(session: Session, today: date) -> list[Month]:
    """Months that can be charged, the present one first: back to the first of the books."""
    began = session.scalar(select(func.min(AccountingPeriod.first_on)))
    last = Month.of(today)
    first = _year_of(last) if began is None else min(Month.of(began), last)
    return list(first.through(last))[::-1]


def _year_of(month: Month) -> Month:
    """With what month the books would begin: April, as ``open_books`` begins them."""
    return Month(month.year if month.month >= APRIL else month.year - 1, APRIL)


def looks_booked(
    session: Session, payment: tuple[int, int, date], received_by: int | None
) -> Payment | None:
    """The latest desk payment with this person, amount (paise) and day, taken by this hand."""
    person_id, amount_minor, happened_on = payment
    query = select(Payment).where(
        Payment.person_id == person_id,
        Payment.amount_minor == amount_minor,
        Payment.happened_on == happened_on,
        Payment.received_by == received_by,
        Payment.collector_id.is_(None),
        Payment.source.is_(None),
        Payment.id.not_in(select(Reversal.payment_id)),
    )
    return session.scalar(query.order_by(Payment.id.desc()).limit(1))
