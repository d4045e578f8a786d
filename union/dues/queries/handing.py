"""Cash handed in and its second hand, and differences with what is left of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from union.dues.models import (
    CashDifference,
    Collector,
    DifferenceSettlement,
    HandOver,
    HandOverSignature,
)
from union.kernel.errors import NotFoundError
from union.ledger.models import Voucher

GIVEN_UP = "cash_difference"
"""What a voucher is for that gives a short sum up."""

OPEN_HANDS = frozenset({"waiting", "differs"})
"""The states of a hand-over somebody must still do something about."""


@dataclass(frozen=True, slots=True)
class HandOverView:
    """A hand-over with its second hand.

    Only what somebody of ours counted needs one: a list of an old paper round brought its own.
    """

    hand_over: HandOver
    collector: Collector
    signature: HandOverSignature | None

    @property
    def state(self) -> str:
        """``waiting``, ``signed``, ``differs``, ``settled``, or ``paper`` for an old list."""
        if self.signature is None:
            counted_here = self.hand_over.received_by is not None and not self.hand_over.source
            return "waiting" if counted_here else "paper"
        if self.signature.agrees:
            return "signed"
        return "differs" if self.signature.settled_at is None else "settled"


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A difference and what of it is settled, or promised by ``voucher``, which waits; in paise."""

    difference: CashDifference
    collector: Collector
    settled_minor: int
    promised_minor: int = 0
    voucher: str | None = None

    @property
    def left_minor(self) -> int:
        """What is left, with its sign: below nothing is short."""
        left = abs(self.difference.amount_minor) - self.settled_minor
        return -left if self.difference.amount_minor < 0 else left

    @property
    def free_minor(self) -> int:
        """What nobody has settled or promised yet, never below nothing."""
        return abs(self.left_minor) - self.promised_minor


def hand_overs_of(session: Session, collector_id: int | None = None) -> list[HandOverView]:
    """Hand-overs of one collector, or of all, the latest first."""
    query = (
        select(HandOver, Collector, HandOverSignature)
        .join(Collector, Collector.id == HandOver.collector_id)
        .outerjoin(HandOverSignature, HandOverSignature.hand_over_id == HandOver.id)
        .order_by(HandOver.happened_on.desc(), HandOver.id.desc())
    )
    if collector_id is not None:
        query = query.where(HandOver.collector_id == collector_id)
    return [HandOverView(*row) for row in session.execute(query).all()]


def hand_over_by_ref(session: Session, ref: str) -> HandOverView:
    """One hand-over; NotFoundError."""
    row = session.execute(
        select(HandOver, Collector, HandOverSignature)
        .join(Collector, Collector.id == HandOver.collector_id)
        .outerjoin(HandOverSignature, HandOverSignature.hand_over_id == HandOver.id)
        .where(HandOver.ref == ref)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return HandOverView(*row)


def differences(session: Session, collector_id: int | None = None) -> list[DifferenceView]:
    """Differences of one collector, or of all, the latest first."""
    promised = and_(
        Voucher.source_kind == GIVEN_UP,
        Voucher.source_id == CashDifference.id,
        Voucher.withdrawn_at.is_(None),
        ~func.ledger_voucher_paid(Voucher.id),
    )
    query = (
        select(
            CashDifference,
            Collector,
            func.dues_difference_free(CashDifference.id),
            func.coalesce(Voucher.amount_minor, 0),
            Voucher.ref,
        )
        .join(Collector, Collector.id == CashDifference.collector_id)
        .outerjoin(Voucher, promised)
        .order_by(CashDifference.id.desc())
    )
    if collector_id is not None:
        query = query.where(CashDifference.collector_id == collector_id)
    return [
        DifferenceView(one, who, abs(one.amount_minor) - int(free) - int(waits), int(waits), ref)
        for one, who, free, waits, ref in session.execute(query)
    ]


def settlements_of(session: Session, collector_id: int) -> list[DifferenceSettlement]:
    """How differences of a collector were settled, the latest first."""
    query = (
        select(DifferenceSettlement)
        .join(CashDifference, CashDifference.id == DifferenceSettlement.difference_id)
        .where(CashDifference.collector_id == collector_id)
        .order_by(DifferenceSettlement.id.desc())
    )
    return list(session.scalars(query))


def difference_by_ref(session: Session, ref: str) -> DifferenceView:
    """One difference; NotFoundError."""
    for one in differences(session):
        if one.difference.ref == ref:
            return one
    raise NotFoundError
