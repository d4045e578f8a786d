"""Money at the desk. Invariant: the same sum for the same day is booked again only if said so."""

from __future__ import annotations

from dataclasses import replace

from union.dues.errors import LooksBookedError
from union.dues.models import Payment
from union.dues.queries.accounts import kept_ids
from union.dues.queries.desk import looks_booked
from union.dues.rules.payments import ReceivePayment
from union.dues.services.payments import receive_payment
from union.infra.work import Work


def take_at_desk(work: Work, asked: ReceivePayment, *, again: bool = False) -> Payment:
    """Book a payment at the desk, as ``receive_payment``.

    LooksBookedError (with ``payment_id``) if the same hand booked the same sum from her for
    the same day before, unless it is ``again``: a page sent once more after going back.
    """
    kept = kept_ids(work.session, [asked.person_id])[asked.person_id]
    asked = replace(asked, person_id=kept)
    facts = (kept, asked.amount_minor, asked.happened_on)
    held = None if again else looks_booked(work.session, facts, work.actor.person_id)
    if held is not None:
        raise LooksBookedError(payment_id=held.id)
    return receive_payment(work, asked)
