"""Facts declared by whoever writes them, kept until every handler has heard of each.

A fact and one delivery row per handler commit with what they tell of. Delivery is at least
once and its effect exactly once: the handler's writes and ``done_at`` are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, UniqueConstraint, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork

FACTS_QUEUE = "facts"
LEASE = timedelta(seconds=8)
LONGEST_WAIT = timedelta(minutes=10)

Handler = Callable[[Work, Mapping[str, int]], None]

log = structlog.get_logger()


class Outbox(Base):
    """One fact: its name and the ids it is about."""

    __tablename__ = "outbox"

    id: Mapped[BigId]
    fact: Mapped[str]
    ids: Mapped[dict[str, int]] = mapped_column(JSONB)
    made_at: Mapped[Instant]


class OutboxDelivery(Base):
    """One handler's share of a fact; ``done_at`` is set in the handler's own transaction."""

    __tablename__ = "outbox_delivery"
    __table_args__ = (
        UniqueConstraint("outbox_id", "handler"),
        Index("outbox_delivery_due_ix", "due_at", postgresql_where="done_at IS NULL"),
    )

    id: Mapped[BigId]
    outbox_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("outbox.id"))
    handler: Mapped[str]
    due_at: Mapped[Instant]
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    error_code: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a claim hands over."""

    id: int
    handler: str
    ids: Mapping[str, int]


class UnknownFactError(UnionError):
    """A fact was declared that no table of routes knows: a mistake in the code."""

    code = "unknown_fact"


def handler_name(handler: Handler) -> str:
    """The name under which a handler's deliveries are kept."""
    return f"{handler.__module__}:{handler.__name__}"


def record_fact(work: Work, fact: str, **ids: int) -> None:
    """Declare a fact; it reaches its handlers after, and only after, the commit.

    A fact without a route raises UnknownFactError; a route of no handlers is allowed.
    """
    record_facts(work, fact, [ids])


def record_facts(work: Work, fact: str, told: Sequence[dict[str, int]]) -> None:
    """As ``record_fact``, for a fact about many things: written together."""
    if fact not in work.routes:
        raise UnknownFactError(fact=fact)
    now = work.clock.now()
    rows = [Outbox(fact=fact, ids=ids, made_at=now) for ids in told]
    work.session.add_all(rows)
    work.session.flush()
    work.session.add_all(
        OutboxDelivery(outbox_id=row.id, handler=handler, due_at=now, attempts=0)
        for row in rows
        for handler in work.routes[fact]
    )
    if rows and work.routes[fact]:
        work.nudge(FACTS_QUEUE)


def deliver_due(unit: UnitOfWork, handlers: Mapping[str, Handler], limit: int = 50) -> int:
    """Deliver what is due and not leased, oldest first; say how many were claimed.

    A handler that fails is tried again after 1, 2, 4 … seconds, ten minutes at most; only
    the error's code is kept.
    """
    actor = Actor.system("outbox")
    with unit.begin(actor) as work:
        claimed = _claim(work, limit)
    for delivery in claimed:
        try:
            with unit.begin(actor) as work:
                if _take(work, delivery.id):
                    handlers[delivery.handler](work, delivery.ids)
        except Exception as error:  # noqa: BLE001  one handler's failure must not stop the next
            code = error.code if isinstance(error, UnionError) else type(error).__name__
            log.warning("delivery_failed", delivery_id=delivery.id, code=code)
            with unit.begin(actor) as work:
                _postpone(work, delivery.id, code)
    return len(claimed)


def has_due(work: Work, overdue_by: timedelta = timedelta(0)) -> bool:
    """Whether a delivery has been due for so long and nobody holds it."""
    now = work.clock.now()
    found = work.session.scalar(
        select(OutboxDelivery.id)
        .where(
            OutboxDelivery.done_at.is_(None),
            OutboxDelivery.due_at <= now - overdue_by,
            OutboxDelivery.lease_until.is_(None) | (OutboxDelivery.lease_until <= now),
        )
        .limit(1)
    )
    return found is not None


def _claim(work: Work, limit: int) -> list[Delivery]:
    now = work.clock.now()
    due = (
        select(OutboxDelivery.id)
        .where(
            OutboxDelivery.done_at.is_(None),
            OutboxDelivery.due_at <= now,
            OutboxDelivery.lease_until.is_(None) | (OutboxDelivery.lease_until <= now),
        )
        .order_by(OutboxDelivery.due_at, OutboxDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(work.session.scalars(due))
    if not ids:
        return []
    work.session.execute(
        update(OutboxDelivery).where(OutboxDelivery.id.in_(ids)).values(lease_until=now + LEASE)
    )
    rows = work.session.execute(
        select(OutboxDelivery.id, OutboxDelivery.handler, Outbox.ids)
        .join(Outbox, Outbox.id == OutboxDelivery.outbox_id)
        .where(OutboxDelivery.id.in_(ids))
        .order_by(OutboxDelivery.id)
    )
    return [Delivery(row.id, row.handler, row.ids) for row in rows]


def _take(work: Work, delivery_id: int) -> bool:
    taken = work.session.scalar(
        update(OutboxDelivery)
        .where(OutboxDelivery.id == delivery_id, OutboxDelivery.done_at.is_(None))
        .values(done_at=work.clock.now(), lease_until=None, attempts=OutboxDelivery.attempts + 1)
        .returning(OutboxDelivery.id)
    )
    return taken is not None


def _postpone(work: Work, delivery_id: int, code: str) -> None:
    row = work.session.get_one(OutboxDelivery, delivery_id, with_for_update=True)
    row.attempts += 1
    row.error_code = code
    row.lease_until = None
    row.due_at = work.clock.now() + min(timedelta(seconds=2 ** min(row.attempts, 10)), LONGEST_WAIT)
