"""The daily run over what is kept: each kind's hand is called until nothing of it is too old.

Owns the days on which the union saw to its records, the runs, and the keys that are ordered to be
destroyed; which kinds there are each domain says. It never decides what is too old or held: the
database does, and never destroys a key before the order to is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from union.infra.db import Base, BigId, Instant, Ref
from union.infra.holds import end_holds_run_out
from union.infra.timers import Timer, TimerHandler, set_timer, set_timers, take_timer
from union.infra.work import Work
from union.kernel.keeping import Rule

AT_ONCE = 1_000
"""Rows a unit of work; so many are gone before anybody else waits for the next."""

KEYS_AT_ONCE = 200
AT = time(3, 40)
"""When the night is stillest, in the union's zone."""

DAILY, ONE_KIND, DESTROY = "age_records", "age_kind", "destroy_aged_keys"
RECORDS = ("retention", 0)
"""Subject of the daily timer: there is one."""

RUN_LOCK = 5101
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


class RetentionKind(Base):
    """A kind and its bounds, as the database holds them."""

    __tablename__ = "retention_kind"
    __table_args__ = (
        CheckConstraint("kind ~ '^[a-z_]+$'", name="kind"),
        CheckConstraint("least_days >= 0", name="least"),
        CheckConstraint("most_days >= least_days", name="days"),
    )

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    least_days: Mapped[int]
    most_days: Mapped[int]


class RetentionDay(Base):
    """A day on which the union saw to its records; seven of them bear a clock out."""

    __tablename__ = "retention_day"
    __table_args__ = (
        UniqueConstraint("day", name="retention_day_day_key"),
        CheckConstraint("abs(day - (begun_at AT TIME ZONE 'UTC')::date) <= 1", name="on_its_day"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    begun_at: Mapped[Instant]


class RetentionRun(Base):
    """One kind on one day: how many rows or keys went, and whether it is through."""

    __tablename__ = "retention_run"
    __table_args__ = (UniqueConstraint("kind", "day", name="retention_run_kind_day_key"),)

    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(24), ForeignKey("retention_kind.kind"))
    day: Mapped[date] = mapped_column(Date)
    rows_aged: Mapped[int]
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RetentionWish(Base):
    """Other days for a kind, by two people, within its bounds."""

    __tablename__ = "retention_wish"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(answered_by, answered_at, agreed) IN (0, 3)", name="answered"
        ),
        Index(
            "retention_wish_open_ix", "kind", unique=True, postgresql_where="answered_at IS NULL"
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    kind: Mapped[str] = mapped_column(String(24), ForeignKey("retention_kind.kind"))
    days: Mapped[int]
    proposed_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    proposed_at: Mapped[Instant]
    answered_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    agreed: Mapped[bool | None]


class RetentionKey(Base):
    """A key that is to be destroyed, by the database's own order, and when it was."""

    __tablename__ = "retention_key"
    __table_args__ = (
        Index("retention_key_waits_ix", "ordered_at", postgresql_where="destroyed_at IS NULL"),
    )

    key_ref: Mapped[UUID] = mapped_column(postgresql.UUID(as_uuid=True), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), ForeignKey("retention_kind.kind"))
    ordered_at: Mapped[Instant]
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a hand is asked: at which instant, how many days are kept, how many rows at most."""

    now: datetime
    days: int
    most: int = AT_ONCE


Hand = Callable[[Work, Asked], int]
"""Lets go of at most so many of its kind and says how many; called again while they are many."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """A rule and the hand that keeps it; None where nothing has to be done by the daily run."""

    rule: Rule
    hand: Hand | None = None


def calls(function: str) -> Hand:
    """A hand that is a function of the database: (instant, days, most) to a number of rows."""
    ask = text(f"SELECT {function}(:now, :days, :most)")

    def hand(work: Work, asked: Asked) -> int:
        told = {"now": asked.now, "days": asked.days, "most": asked.most}
        return int(work.session.scalar(ask, told) or 0)

    return hand


def orders_keys(kind: str) -> Hand:
    """A hand that orders the keys of this kind to be destroyed."""
    ask = text("SELECT retention_order_keys(:kind, :now, :days, :most)")

    def hand(work: Work, asked: Asked) -> int:
        told = {"kind": kind, "now": asked.now, "days": asked.days, "most": asked.most}
        ordered = int(work.session.scalar(ask, told) or 0)
        if ordered:
            _set(work, DESTROY, asked.now)
        return ordered

    return hand


def bound(work: Work, kind: str, asked: Asked) -> datetime:
    """What is older than this may go; nothing while the union has not lived long enough to know."""
    ask = text("SELECT retention_bound(:kind, :now, :days)")
    told = {"kind": kind, "now": asked.now, "days": asked.days}
    found: datetime | None = work.session.scalar(ask, told)
    return LONG_AGO if found is None else found


def days_of(session: Session, rule: Rule) -> int:
    """The days that two people agreed on last, else the rule's own."""
    agreed = session.scalar(
        select(RetentionWish.days)
        .where(RetentionWish.kind == rule.kind, RetentionWish.agreed.is_(True))
        .order_by(RetentionWish.id.desc())
        .limit(1)
    )
    return rule.days if agreed is None else max(rule.least, min(agreed, rule.most))


def begin_ageing(work: Work) -> None:
    """Have the daily run, if nobody has it yet; the ticker asks whenever it starts.

    One that waits beyond the next night was set by a clock that had leapt: it is brought back.
    """
    work.session.execute(select(func.pg_advisory_xact_lock(RUN_LOCK)))
    subject_type, subject_id = RECORDS
    waiting = select(Timer).where(
        Timer.subject_type == subject_type,
        Timer.subject_id == subject_id,
        Timer.kind == DAILY,
        Timer.done_at.is_(None),
    )
    timer, night = work.session.scalar(waiting.limit(1).with_for_update()), _next_night(work)
    if timer is None:
        _set(work, DAILY, night)
    elif timer.due_at > night:
        timer.due_at = night
        work.session.flush()


def timers(keepings: Sequence[Keeping]) -> Mapping[str, TimerHandler]:
    """Who acts when a timer of the records is due, over these kinds."""
    by_kind = {one.rule.kind: one for one in keepings if one.hand is not None}

    def begin_day(work: Work, timer: Timer) -> None:
        work.session.execute(select(func.pg_advisory_xact_lock(RUN_LOCK)))
        if take_timer(work, timer):
            _set(work, DAILY, _next_night(work))
            end_holds_run_out(work)
            _begin(work, sorted(by_kind))

    def age_kind(work: Work, timer: Timer) -> None:
        run = work.session.get_one(RetentionRun, timer.subject_id, with_for_update=True)
        if take_timer(work, timer) and run.done_at is None:
            _age(work, run, by_kind[run.kind])

    return {DAILY: begin_day, ONE_KIND: age_kind, DESTROY: destroy_ordered}


def destroy_ordered(work: Work, timer: Timer) -> None:
    """Destroy keys whose order is committed, but for what is held; the rest comes back tomorrow."""
    work.session.execute(select(func.pg_advisory_xact_lock(RUN_LOCK)))
    if not take_timer(work, timer):
        return
    waiting = work.session.scalars(
        select(RetentionKey.key_ref)
        .where(RetentionKey.destroyed_at.is_(None), ~func.is_held_key(RetentionKey.key_ref))
        .order_by(RetentionKey.ordered_at)
        .limit(KEYS_AT_ONCE)
    ).all()
    for key_ref in waiting:
        work.vault.destroy_key(key_ref)
    work.session.execute(
        update(RetentionKey)
        .where(RetentionKey.key_ref.in_(waiting))
        .values(destroyed_at=func.greatest(RetentionKey.ordered_at, work.clock.now()))
    )
    if len(waiting) == KEYS_AT_ONCE:
        _set(work, DESTROY, work.clock.now())


def _begin(work: Work, kinds: Sequence[str]) -> None:
    """Write the day down and a run of each kind; a second time on a day changes nothing."""
    now, today = work.clock.now(), work.clock.today()
    day = insert(RetentionDay).values(day=today, begun_at=now).on_conflict_do_nothing()
    work.session.execute(day)
    rows = [{"kind": kind, "day": today, "rows_aged": 0} for kind in kinds]
    made = work.session.scalars(
        insert(RetentionRun).values(rows).on_conflict_do_nothing().returning(RetentionRun.id)
    ).all()
    set_timers(
        work, kind=ONE_KIND, subject_type="retention_run", subject_ids=list(made), due_at=now
    )
    _set(work, DESTROY, now)


def _age(work: Work, run: RetentionRun, keeping: Keeping) -> None:
    """One unit of one kind; it is through when a hand found less than it might have taken."""
    now = work.clock.now()
    gone = 0
    if keeping.hand is not None:
        gone = keeping.hand(work, Asked(now, days_of(work.session, keeping.rule)))
    run.rows_aged += gone
    if gone < AT_ONCE:
        run.done_at = now
    else:
        set_timer(work, kind=ONE_KIND, subject_type="retention_run", subject_id=run.id, due_at=now)
    work.session.flush()


def _next_night(work: Work) -> datetime:
    today = datetime.combine(work.clock.today(), AT, work.clock.zone)
    return today if today > work.clock.now() else today + timedelta(days=1)


def _set(work: Work, kind: str, due_at: datetime) -> None:
    subject_type, subject_id = RECORDS
    set_timer(work, kind=kind, subject_type=subject_type, subject_id=subject_id, due_at=due_at)
