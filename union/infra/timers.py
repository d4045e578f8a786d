"""Timers are rows: what must happen at an instant, kept until it has.

A timer is claimed under a lease, so that killing whoever claimed it only delays it. The
handler locks its own subject first and then takes the timer (``take_timer``): always in that
order, or two transactions could each take one of two timers and leave none. What was claimed may
be finished meanwhile: only who has taken it may act.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import BigInteger, DateTime, Index, String, any_, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from union.infra.db import Base, BigId, Instant
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork

TIMERS_QUEUE = "timers"
LEASE = timedelta(seconds=4)
"""What a killed worker held comes so late at most. Who has taken a timer and works longer holds its
row besides: nobody can claim that before the end."""

LONGEST_LOCK = timedelta(seconds=3)
"""So long a handler waits for a lock, then its timer is put off. Shorter than the lease: or a
second worker would claim it meanwhile, and wait behind the first for the same subject."""

LONGEST_WAIT = timedelta(seconds=30)

SOON = timedelta(seconds=2)
"""Whoever waits for the next timer hears of one set for so soon; later ones the ticker sees."""

SET_SOON = "timer_soon"
"""The database's channel on which that is said; it carries nothing."""


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
_CLAIM = select(Timer).from_statement(
    update(_timer)
    .where(_timer.c.id == _DUE.c.id)
    .values(lease_until=bindparam("until"))
    .returning(_timer)
)
_TAKE = (
    update(_timer)
    .where(_timer.c.id == bindparam("timer_id"), _timer.c.done_at.is_(None))
    .values(done_at=bindparam("now"), lease_until=None)
    .returning(_timer.c.id)
)
_FINISH = (
    update(_timer)
    .where(
        _timer.c.subject_type == bindparam("about"),
        _timer.c.subject_id == bindparam("about_id"),
        _timer.c.done_at.is_(None),
    )
    .values(done_at=bindparam("now"), lease_until=None)
    .returning(_timer.c.id)
)
_FINISH_SOME = _FINISH.where(_timer.c.kind == any_(bindparam("kinds", type_=ARRAY(String))))
_FREE = (
    select(_timer.c.id)
    .where(
        _timer.c.done_at.is_(None),
        _timer.c.due_at <= bindparam("due"),
        _timer.c.lease_until.is_(None) | (_timer.c.lease_until <= bindparam("free")),
    )
    .limit(1)
)
_TELL = text(f"NOTIFY {SET_SOON}")
_PATIENCE = text(f"SET LOCAL lock_timeout = {LONGEST_LOCK // timedelta(milliseconds=1)}")

log = structlog.get_logger()


def set_timer(
    work: Work,
    *,
    kind: str,
    subject_type: str,
    subject_id: int,
    due_at: datetime,
    flush: bool = True,
) -> Timer:
    """Set a timer for an aware instant; one due already wakes the timers' queue at once.

    Whoever waits for the next one is told after the commit where this may be it. Without ``flush``
    it is written with whatever is written next, at the commit at the latest.
    """
    about = {"kind": kind, "subject_type": subject_type}
    return set_timers(work, **about, subject_ids=[subject_id], due_at=due_at, flush=flush)[0]


def set_timers(
    work: Work,
    *,
    kind: str,
    subject_type: str,
    subject_ids: Sequence[int],
    due_at: datetime,
    flush: bool = True,
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
    if flush:
        work.session.flush()
    if timers and due_at <= now:
        work.nudge(TIMERS_QUEUE)
    if timers and due_at <= now + SOON:
        work.session.execute(_TELL)
    return timers


def finish_timers(
    work: Work, subject_type: str, subject_id: int, kind: str | Collection[str] | None = None
) -> int:
    """Finish the subject's open timers, of one kind, of some or of all; say how many."""
    work.session.flush()
    now = work.clock.now()
    about = {"about": subject_type, "about_id": subject_id, "now": now}
    if kind is None:
        finished = work.session.scalars(_FINISH, about).all()
    else:
        kinds = [kind] if isinstance(kind, str) else [*kind]
        finished = work.session.scalars(_FINISH_SOME, {**about, "kinds": kinds}).all()
    for timer_id in finished:
        known = work.session.identity_map.get(identity_key(Timer, timer_id))
        if known is not None:
            _is_done(known, now)
    return len(finished)


def take_timer(work: Work, timer: Timer) -> bool:
    """Finish this one timer; False if somebody already has. Lock its subject first."""
    now = work.clock.now()
    taken = work.session.scalar(_TAKE, {"timer_id": timer.id, "now": now})
    if taken is not None:
        _is_done(timer, now)
    return taken is not None


def _is_done(timer: Timer, now: datetime) -> None:
    """What is held of it in this session says so too, as if it had been read anew."""
    set_committed_value(timer, "done_at", now)
    set_committed_value(timer, "lease_until", None)


def next_due_at(work: Work) -> datetime | None:
    """When the next open timer may be claimed, for drivers with a clock of their own."""
    return work.session.scalar(
        select(Timer.due_at).where(Timer.done_at.is_(None)).order_by(Timer.due_at).limit(1)
    )


def has_due(work: Work, overdue_by: timedelta = timedelta(0)) -> bool:
    """Whether a timer has been due for so long and nobody holds it.

    Below zero: whether one falls due so soon, or is let go so soon by whoever held it.
    """
    now = work.clock.now()
    found = work.session.scalar(
        _FREE, {"due": now - overdue_by, "free": max(now, now - overdue_by)}
    )
    return found is not None


def fire_due(unit: UnitOfWork, handlers: Mapping[str, TimerHandler], limit: int = 50) -> int:
    """Fire what is due and not leased, earliest first, each in a transaction of its own.

    Returns how many were claimed. A handler that fails, be it for want of a lock, is tried again
    within 30 seconds; one that returns without taking its timer sees it again when the lease
    ends. What the lease would not last for, should it have to wait for a lock, is let go at once
    for whoever claims next.
    """
    actor = Actor.system("timers")
    with unit.begin(actor) as work:
        claimed = _claim(work, limit)
    for place, (timer_id, timer) in enumerate(claimed):
        if place and not _outlasts_a_lock(unit, timer):
            with unit.begin(actor) as work:
                _let_go(work, dict(claimed[place:]))
            break
        try:
            with unit.begin(actor) as work:
                work.session.execute(_PATIENCE)
                work.session.add(timer)
                handlers[timer.kind](work, timer)
        except Exception as error:  # noqa: BLE001  one timer's failure must not stop the next
            code = error.code if isinstance(error, UnionError) else type(error).__name__
            log.warning("timer_failed", timer_id=timer_id, code=code)
            with unit.begin(actor) as work:
                _postpone(work, timer_id, code)
    return len(claimed)


def _claim(work: Work, limit: int) -> list[tuple[int, Timer]]:
    """Lease what is due and nobody holds, whole rows, the earliest first.

    They are read with the claim and not again: what has been done since, ``take_timer`` knows.
    """
    now = work.clock.now()
    claimed = work.session.scalars(_CLAIM, {"now": now, "until": now + LEASE, "most": limit})
    ordered = sorted(claimed, key=lambda timer: (timer.due_at, timer.id))
    return [(timer.id, timer) for timer in ordered]


def _outlasts_a_lock(unit: UnitOfWork, timer: Timer) -> bool:
    until = timer.lease_until
    return until is not None and unit.clock.now() + LONGEST_LOCK <= until


def _let_go(work: Work, claimed: Mapping[int, Timer]) -> None:
    """Hold these no longer, but for what somebody else holds by now."""
    rows = select(Timer).where(Timer.id.in_(claimed), Timer.done_at.is_(None))
    for timer in work.session.scalars(rows.with_for_update(skip_locked=True)):
        if timer.lease_until == claimed[timer.id].lease_until:
            timer.lease_until = None
    work.nudge(TIMERS_QUEUE)


def _postpone(work: Work, timer_id: int, code: str) -> None:
    # Whoever holds the subject may hold the row too, to finish it: waiting here would hold up the
    # rest. It is seen again when the lease ends.
    open_one = select(Timer).where(Timer.id == timer_id, Timer.done_at.is_(None))
    timer = work.session.scalar(open_one.with_for_update(skip_locked=True))
    if timer is not None:
        timer.attempts += 1
        timer.error_code = code
        wait = min(timedelta(seconds=2 ** min(timer.attempts, 5)), LONGEST_WAIT)
        timer.lease_until = work.clock.now() + wait
