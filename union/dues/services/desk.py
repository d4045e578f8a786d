"""Money at the desk. Invariant: what looks like a slip is booked only if somebody said so twice."""

from __future__ import annotations

from dataclasses import replace

from union.dues.errors import LooksBookedError, UnusualSumError
from union.dues.models import Payment
from union.dues.queries.accounts import account_of, kept_ids
from union.dues.queries.desk import looks_booked
from union.dues.rules.payments import ReceivePayment, is_unusual
from union.dues.services.payments import receive_payment
from union.infra.work import Work
from union.members.queries import fee_on


def take_at_desk(
    work: Work, asked: ReceivePayment, *, again: bool = False, so_much: bool = False
) -> Payment:
    """Book a payment at the desk, as ``receive_payment``.

    LooksBookedError (with ``payment_id``) if the same hand booked the same sum from her for
    the same day before, unless it is ``again``: a page sent once more after going back.
    UnusualSumError if it is far more than she owes and pays in a year, unless it was ``so_much``:
    a nought too many is found by nobody afterwards.
    """
    kept = kept_ids(work.session, [asked.person_id])[asked.person_id]
    asked = replace(asked, person_id=kept)
    facts = (kept, asked.amount_minor, asked.happened_on)
    held = None if again else looks_booked(work.session, facts, work.actor.person_id)
    if held is not None:
        raise LooksBookedError(payment_id=held.id)
    owed_minor = account_of(work.session, kept).owed_minor
    fee_minor = fee_on(work.session, kept, asked.happened_on) or 0
    if not so_much and is_unusual(asked.amount_minor, owed_minor, fee_minor):
        raise UnusualSumError
    return receive_payment(work, asked)
