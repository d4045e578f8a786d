"""Waiting lines settled by a person. Invariant: each is settled once, and its round stays exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from union.dues.errors import LineSettledError, OwnCashError, PayerUnknownError
from union.dues.models import CollectionLine, Collector
from union.dues.rules.payments import ReceivePayment
from union.dues.services.collectors import hold_collector
from union.dues.services.payments import receive_payment
from union.dues.services.rounds import close_if_certain
from union.infra import audit
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.members.queries import member_by_card


@dataclass(frozen=True, slots=True)
class SettleLine:
    """A line as it should have been, read off the carbon copy; the amount in paise."""

    line_ref: str
    card: str
    amount_minor: int
    happened_on: date
    receipt_no: int | None


def settle_line(work: Work, settled: SettleLine) -> int:
    """Book a waiting line as it should have been; the payment's id.

    PayerUnknownError for a card nobody has, LineSettledError if somebody was faster, OwnCashError
    for the collector herself, and all that ``receive_payment`` raises. Somebody who has left may
    be booked here: a person looked.
    """
    line = _waiting(work, settled.line_ref)
    member = member_by_card(work.session, settled.card)
    if member is None:
        raise PayerUnknownError
    collector = _collector(work, line)
    payment = receive_payment(
        work,
        ReceivePayment(
            person_id=member.person_id,
            amount_minor=settled.amount_minor,
            happened_on=settled.happened_on,
            collector_person_id=None if collector is None else collector.person_id,
            receipt_no=settled.receipt_no,
            source=None if collector is not None else f"line:{line.id}",
        ),
    )
    work.session.refresh(line)
    if line.settled_at is None:
        line.payment_id = payment.id
        _mark(work, line, "booked")
    audit.log(
        work,
        "line_booked",
        object_type="collection_line",
        object_id=line.id,
        subject_person_id=member.person_id,
    )
    if collector is not None:
        close_if_certain(work, collector.id)
    return payment.id


def drop_line(work: Work, line_ref: str) -> None:
    """Settle a line behind which there is no money: entered twice, a spoiled receipt."""
    line = _waiting(work, line_ref)
    _mark(work, line, "dropped")
    audit.log(work, "line_dropped", object_type="collection_line", object_id=line.id)
    if line.collector_id is not None:
        close_if_certain(work, line.collector_id)


def _waiting(work: Work, ref: str) -> CollectionLine:
    named = select(CollectionLine).where(CollectionLine.ref == ref)
    line = work.session.scalar(named)
    if line is not None and line.collector_id is not None:
        hold_collector(work, line.collector_id)
        if is_present(work, work.session.get_one(Collector, line.collector_id).person_id):
            raise OwnCashError
    line = work.session.scalar(
        named.with_for_update(of=CollectionLine).execution_options(populate_existing=True)
    )
    if line is None or line.verdict not in {"refused", "missing"}:
        raise NotFoundError
    if line.settled_at is not None:
        raise LineSettledError(line_id=line.id)
    return line


def _collector(work: Work, line: CollectionLine) -> Collector | None:
    return None if line.collector_id is None else work.session.get(Collector, line.collector_id)


def _mark(work: Work, line: CollectionLine, how: str) -> None:
    line.settled_at = work.clock.now()
    line.settled_by = work.actor.person_id
    line.settled_how = how
    work.session.flush()
