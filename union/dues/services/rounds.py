"""Collectors and the cash in their hands. Invariant: what is in her hands is her ledger account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from union.dues.errors import NothingInHandError, OwnCashError, PaidAheadOfTimeError
from union.dues.models import CashDifference, CashMovement, Collector, HandOver
from union.dues.queries.fresh import still_collecting
from union.dues.queries.rounds import cash_in_hand, round_count
from union.dues.rules.allocation import PaymentNotPositiveError
from union.dues.services.collectors import hold_collector
from union.dues.services.gaps import list_gaps
from union.infra import audit
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entry

HAND_OVER_SOURCE = "hand_over"
DIFFERENCE_SOURCE = "cash_difference"


@dataclass(frozen=True, slots=True)
class HandOverCash:
    """Cash counted when a collector hands it in, in paise.

    ``whole``: it is all she has, so what then differs is booked as a difference as soon as
    nothing of hers waits. ``source`` names a line of a list and never comes twice.
    """

    collector_id: int
    counted_minor: int
    happened_on: date
    whole: bool = True
    source: str | None = None


def hand_over(work: Work, cash: HandOverCash) -> HandOver:
    """Count cash against the collector's hands and move it to the desk.

    If it is all she has, numbers missing from the books issued to her are listed as lines that
    wait, and what differs is booked once nothing does. Nothing or less raises
    PaymentNotPositiveError, a day to come PaidAheadOfTimeError, her own counting OwnCashError. The
    same source again gives the hand-over booked before.
    """
    if cash.counted_minor <= 0:
        raise PaymentNotPositiveError
    if cash.happened_on > work.clock.today():
        raise PaidAheadOfTimeError
    collector = _counted_by_another(work, cash.collector_id)
    if cash.source is not None:
        before = work.session.scalar(select(HandOver).where(HandOver.source == cash.source))
        if before is not None:
            return before
    counted = HandOver(
        ref=new_ref(),
        collector_id=collector.id,
        counted_minor=cash.counted_minor,
        in_hand_minor=cash_in_hand(work.session, collector.id),
        whole=cash.whole,
        happened_on=cash.happened_on,
        source=cash.source,
        made_at=work.clock.now(),
        received_by=work.actor.person_id,
    )
    work.session.add(counted)
    work.session.flush()
    _move(
        work,
        CashMovement(
            collector_id=collector.id, amount_minor=-cash.counted_minor, hand_over_id=counted.id
        ),
    )
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.TRANSFER,
            happened_on=cash.happened_on,
            source=Source(HAND_OVER_SOURCE, counted.id),
            legs=(
                debit(AccountCode.CASH_AT_DESK, cash.counted_minor),
                credit(collector.account_code, cash.counted_minor),
            ),
        ),
    )
    if cash.whole:
        list_gaps(work, collector.id, f"gaps:{counted.ref}")
        close_if_certain(work, collector.id)
    return counted


def close_round(work: Work, collector_id: int) -> CashDifference:
    """Book what differs between the books and her hands, so that she starts from nothing.

    Short cash goes to the differences still to be settled (which hold up the month's close),
    cash too much comes from there. NothingInHandError if nothing differs, OwnCashError for the
    collector herself.
    """
    collector = _counted_by_another(work, collector_id)
    in_hand = cash_in_hand(work.session, collector.id)
    if in_hand == 0:
        raise NothingInHandError(collector_id=collector_id)
    last = _last_hand_over(work, collector.id)
    difference = CashDifference(
        ref=new_ref(),
        collector_id=collector.id,
        hand_over_id=None if last is None else last.id,
        amount_minor=-in_hand,
        happened_on=work.clock.today() if last is None else last.happened_on,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(difference)
    work.session.flush()
    _move(
        work,
        CashMovement(collector_id=collector.id, amount_minor=-in_hand, difference_id=difference.id),
    )
    to: str = AccountCode.CASH_DIFFERENCES_TO_SETTLE
    gives: str = collector.account_code
    if in_hand < 0:
        to, gives = gives, to
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.TRANSFER,
            happened_on=difference.happened_on,
            source=Source(DIFFERENCE_SOURCE, difference.id),
            legs=(debit(to, abs(in_hand)), credit(gives, abs(in_hand))),
        ),
    )
    audit.log(
        work,
        "cash_difference_booked",
        object_type="cash_difference",
        object_id=difference.id,
        subject_person_id=collector.person_id,
    )
    return difference


def close_if_certain(work: Work, collector_id: int) -> CashDifference | None:
    """Close her round if her last hand-over was all she had and nothing of hers waits any more."""
    last = _last_hand_over(work, collector_id)
    if last is None or not last.whole:
        return None
    if still_collecting(work.session, [collector_id]):
        return None
    if not round_count(work.session, collector_id).certain:
        return None
    if cash_in_hand(work.session, collector_id) == 0:
        return None
    return close_round(work, collector_id)


def _last_hand_over(work: Work, collector_id: int) -> HandOver | None:
    query = select(HandOver).where(HandOver.collector_id == collector_id)
    return work.session.scalar(query.order_by(HandOver.happened_on.desc(), HandOver.id.desc()))


def _counted_by_another(work: Work, collector_id: int) -> Collector:
    hold_collector(work, collector_id)
    collector = work.session.get_one(Collector, collector_id)
    if is_present(work, collector.person_id):
        raise OwnCashError
    return collector


def _move(work: Work, movement: CashMovement) -> None:
    work.session.add(movement)
    work.session.flush()
