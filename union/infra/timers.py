"""Timers are rows: what must happen at an instant, kept until it has.

A timer is claimed under a lease, so that killing whoever claimed it only delays it. The
handler locks its own subject first and then takes the timer (``take_timer``): always in that
order, or two transactions could each take one of two timers and leave none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import BigInteger, DateTime, Index, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork

TIMERS_QUEUE = "timers"
LEASE = timedelta(seconds=10)
LONGEST_WAIT = timedelta(seconds=30)


class Timer(Base):
    """Something of ``kind`` is due to happen to one subject at ``due_at``."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("timer_due_ix", "due_at", postgresql_where="done_at IS NULL"),
        Index("timer_subject_ix", "subject_type", "subject_id", postgresql_where="done_at IS NULL"),
    )

    id: Mapped[BigId]
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[Instant]
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None]
    made_at: Mapped[Instant]
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


TimerHandler = Callable[[Work, Timer], None]

_timer = Base.metadata.tables["timer"]

# Built once, of bare columns, for it is asked many times a second. What is due stands in a common
# table: a subquery with row locks may be run more than once.
_DUE = (
    select(_timer.c.id)
    .where(
        _timer.c.done_at.is_(None),
        _timer.c.due_at <= bindparam("now"),
        _timer.c.lease_until.is_(None) | (_timer.c.lease_until <= bindparam("now")),
    )
    .order_by(_timer.c.due_at, _timer.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(_timer)
    .where(_timer.c.id == _DUE.c.id)
    .values(lease_until=bindparam("until"))
    .returning(_timer.c.id, _timer.c.due_at)
)

log = structlog.get_logger()


def set_timer(
    work: Work, *, kind: str, subject_type: str, subject_id: int, due_at: datetime
) -> Timer:
    """Set a timer for an aware instant; one due already wakes the timers' queue at once."""
    return set_timers(
        work, kind=kind, subject_type=subject_type, subject_ids=[subject_id], due_at=due_at
    )[0]


def set_timers(
    work: Work, *, kind: str, subject_type: str, subject_ids: Sequence[int], due_at: datetime
) -> list[Timer]:
    """As ``set_timer``, for one instant and many subjects: written together."""
    now = work.clock.now()
    timers = [
        Timer(
            kind=kind,
            subject_type=subject_type,
            subject_id=subject_id,
            due_at=due_at,
            attempts=0,
            made_at=now,
        )
        for subject_id in subject_ids
    ]
    work.session.add_all(timers)
    work.session.flush()
    if timers and due_at <= now:
        work.nudge(TIMERS_QUEUE)
    return timers


def finish_timers(
    work: Work, subject_type: str, subject_id: int, kind: str | Collection[str] | None = None
) -> int:
    """Finish the subject's open timers, of one kind, of some or of all; say how many."""
    work.session.flush()
    statement = update(Timer).where(
        Timer.subject_type == subject_type,
        Timer.subject_id == subject_id,
        Timer.done_at.is_(None),
    )
    if kind is not None:
        statement = statement.where(Timer.kind.in_([kind] if isinstance(kind, str) else kind))
    finished = work.session.scalars(
        statement.values(done_at=work.clock.now(), lease_until=None).returning(Timer.id)
    )
    return len(finished.all())


def take_timer(work: Work, timer: Timer) -> bool:
    """Finish this one timer; False if somebody already has. Lock its subject first."""
    taken = work.session.scalar(
        update(Timer)
        .where(Timer.id == timer.id, Timer.done_at.is_(None))
        .values(done_at=work.clock.now(), lease_until=None)
        .returning(Timer.id)
    )
    return taken is not None


def next_due_at(work: Work) -> datetime | None:
    """When the next open timer may be claimed, for drivers with a clock of their own."""
    return work.session.scalar(
        select(Timer.due_at).where(Timer.done_at.is_(None)).order_by(Timer.due_at).limit(1)
    )


def has_due(work: Work, overdue_by: timedelta = timedelta(0)) -> bool:
    """Whether a timer has been due for so long and nobody holds it; below zero: falls due soon."""
    now = work.clock.now()
    found = work.session.scalar(
        select(Timer.id)
        .where(
            Timer.done_at.is_(None),
            Timer.due_at <= now - overdue_by,
            Timer.lease_until.is_(None) | (Timer.lease_until <= now),
        )
        .limit(1)
    )
    return found is not None


def fire_due(unit: UnitOfWork, handlers: Mapping[str, TimerHandler], limit: int = 50) -> int:
    """Fire what is due and not leased, earliest first, each in a transaction of its own.

    Returns how many were claimed. A handler that fails is tried again within 30 seconds;
    one that returns without taking its timer sees it again when the lease ends.
    """
    actor = Actor.system("timers")
    with unit.begin(actor) as work:
        claimed = _claim(work, limit)
    for timer_id in claimed:
        try:
            with unit.begin(actor) as work:
                timer = work.session.get_one(Timer, timer_id)
                if timer.done_at is None:
                    handlers[timer.kind](work, timer)
        except Exception as error:  # noqa: BLE001  one timer's failure must not stop the next
            code = error.code if isinstance(error, UnionError) else type(error).__name__
            log.warning("timer_failed", timer_id=timer_id, code=code)
            with unit.begin(actor) as work:
                _postpone(work, timer_id, code)
    return len(claimed)


def _claim(work: Work, limit: int) -> list[int]:
    now = work.clock.now()
    claimed = work.session.execute(_CLAIM, {"now": now, "until": now + LEASE, "most": limit})
    return [row.id for row in sorted(claimed, key=lambda row: (row.due_at, row.id))]


def _postpone(work: Work, timer_id: int, code: str) -> None:
    timer = work.session.get_one(Timer, timer_id)
    if timer.done_at is None:
        timer.attempts += 1
        timer.error_code = code
        wait = min(timedelta(seconds=2 ** min(timer.attempts, 5)), LONGEST_WAIT)
        timer.lease_until = work.clock.now() + wait
