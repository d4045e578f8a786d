"""Cash counts: the newest of each box, who saw it, and what of a difference is left to settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from union.infra.people import one_person
from union.kernel.errors import NotFoundError
from union.ledger.models import CashCount, CountSettlement, CountWitness, Voucher
from union.ledger.rules.entries import COUNT_GIVEN_UP

SHOWN = 20

_later = aliased(CashCount)
_NEWEST_ID = (
    select(func.max(_later.id))
    .where(_later.account_code == CashCount.account_code)
    .correlate(CashCount)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class CountView:
    """A count, who saw it, and what of its difference is neither settled nor on a voucher."""

    count: CashCount
    witness: CountWitness | None
    left_minor: int
    newest: bool

    @property
    def waits(self) -> bool:
        """Whether somebody else has still to say that it is right."""
        return self.witness is None and self.newest

    @property
    def seen(self) -> bool:
        """Whether two people stand behind it."""
        return self.witness is not None and self.witness.agrees


def counts_of(session: Session, code: str) -> list[CountView]:
    """The latest counts of a box, newest first."""
    query = _asked().where(CashCount.account_code == code).order_by(CashCount.id.desc())
    return [_view(row) for row in session.execute(query.limit(SHOWN))]


def latest_counts(session: Session) -> dict[str, CountView]:
    """The newest count of each box."""
    return {view.count.account_code: view for view in map(_view, session.execute(_newest()))}


def counts_waiting(session: Session) -> list[CountView]:
    """The counts that nobody else has seen yet, the oldest first."""
    views = map(_view, session.execute(_newest().order_by(CashCount.id)))
    return [view for view in views if view.waits]


def counts_to_see(session: Session, person_id: int) -> int:
    """How many counts wait for a hand that this person may lend: not those she counted."""
    query = (
        select(func.count())
        .select_from(CashCount)
        .outerjoin(CountWitness, CountWitness.count_id == CashCount.id)
        .where(CashCount.id == _NEWEST_ID, CountWitness.count_id.is_(None))
        .where(one_person(CashCount.counted_by) != one_person(person_id))
    )
    return session.scalar(query) or 0


def counts_that_differ(session: Session) -> list[CountView]:
    """Counts with a difference that is not settled whole, the oldest first."""
    query = _asked().where(CashCount.counted_minor != CashCount.book_minor, CountWitness.agrees)
    views = map(_view, session.execute(query.order_by(CashCount.id)))
    return [view for view in views if view.left_minor]


def count_by_ref(session: Session, ref: str) -> CountView:
    """One count; NotFoundError."""
    row = session.execute(_asked().where(CashCount.ref == ref)).one_or_none()
    if row is None:
        raise NotFoundError
    return _view(row)


def settlements_of(session: Session, count: CashCount) -> Sequence[CountSettlement]:
    """How its parts ended, oldest first."""
    return session.scalars(
        select(CountSettlement)
        .where(CountSettlement.count_id == count.id)
        .order_by(CountSettlement.id)
    ).all()


def voucher_of(session: Session, count: CashCount) -> Voucher | None:
    """The voucher by which what is missing is given up, if one stands."""
    return session.scalars(
        select(Voucher).where(
            Voucher.source_kind == COUNT_GIVEN_UP,
            Voucher.source_id == count.id,
            Voucher.withdrawn_at.is_(None),
        )
    ).one_or_none()


def _newest() -> Select[CashCount, CountWitness, int, int]:
    return _asked().where(CashCount.id == _NEWEST_ID)


def _asked() -> Select[CashCount, CountWitness, int, int]:
    left = func.ledger_count_left(CashCount.id, type_=BigInteger)
    return select(CashCount, CountWitness, left, _NEWEST_ID).outerjoin(
        CountWitness, CountWitness.count_id == CashCount.id
    )


def _view(row: Row[CashCount, CountWitness, int, int]) -> CountView:
    count, witness, left, newest = row
    return CountView(count, witness, left, newest == count.id)
