"""Tables of the rota: weekly patterns and their exceptions, shifts, absences, wishes, swaps."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.rota import TEAM_DUTIES, Duty, Origin, SwapState
from union.infra.db import Base, BigId, Instant, Ref

_TEAM = ", ".join(f"'{duty}'" for duty in TEAM_DUTIES)
_PLACE = f"(duty IN ({_TEAM})) = (branch_id IS NOT NULL)"


class RotaPattern(Base):
    """The same hours every week, on the clock of ``zone``; ``until_on`` is the last day."""

    __tablename__ = "rota_pattern"
    __table_args__ = (
        one_of("duty", Duty),
        CheckConstraint("weekday BETWEEN 1 AND 7", "weekday"),
        CheckConstraint(_PLACE, "place"),
        CheckConstraint("until_on >= since_on - 1", "days"),
        Index("rota_pattern_person_ix", "person_id", "until_on"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    duty: Mapped[Duty] = mapped_column(column_of(Duty))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    weekday: Mapped[int]
    from_time: Mapped[time]
    until_time: Mapped[time]
    zone: Mapped[str] = mapped_column(String(40))
    since_on: Mapped[date]
    until_on: Mapped[date | None]
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class RotaOff(Base):
    """One day on which a pattern does not hold."""

    __tablename__ = "rota_off"

    pattern_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("rota_pattern.id"), primary_key=True
    )
    on_day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class RotaShift(Base):
    """Hours of one time, beside the patterns: written down, taken by an offer, or swapped."""

    __tablename__ = "rota_shift"
    __table_args__ = (
        one_of("duty", Duty),
        one_of("origin", Origin),
        CheckConstraint(_PLACE, "place"),
        CheckConstraint("ends_at > starts_at", "hours"),
        Index("rota_shift_hours_ix", "ends_at", "starts_at", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    duty: Mapped[Duty] = mapped_column(column_of(Duty))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    origin: Mapped[Origin] = mapped_column(column_of(Origin))
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RotaAway(Base):
    """She is away, whatever she promised; why is nobody's business and is not kept."""

    __tablename__ = "rota_away"
    __table_args__ = (
        CheckConstraint("until_at > from_at", "hours"),
        Index("rota_away_hours_ix", "until_at", "from_at", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    from_at: Mapped[Instant]
    until_at: Mapped[Instant]
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RotaWish(Base):
    """What she wishes: the clock she lives by, drills at night, to be asked for free hours."""

    __tablename__ = "rota_wish"

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(40))
    drills_at_night: Mapped[bool]
    takes_offers: Mapped[bool]
    made_at: Mapped[Instant]


class RotaSwap(Base):
    """Hours of hers that she asks another to take, of a pattern's day or a single shift."""

    __tablename__ = "rota_swap"
    __table_args__ = (
        one_of("duty", Duty),
        one_of("state", SwapState),
        CheckConstraint(
            "num_nonnulls(shift_id, pattern_id) = 1 AND (pattern_id IS NULL) = (on_day IS NULL)",
            "source",
        ),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", "answered"),
        CheckConstraint("(state = 'taken') = (taken_shift_id IS NOT NULL)", "taken"),
        CheckConstraint("to_person_id <> person_id", "not_herself"),
        Index(
            "rota_swap_pattern_open_key",
            "pattern_id",
            "on_day",
            unique=True,
            postgresql_where="state = 'asked'",
        ),
        Index(
            "rota_swap_shift_open_key", "shift_id", unique=True, postgresql_where="state = 'asked'"
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    to_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    duty: Mapped[Duty] = mapped_column(column_of(Duty))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    pattern_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("rota_pattern.id"))
    on_day: Mapped[date | None]
    shift_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("rota_shift.id"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    state: Mapped[SwapState] = mapped_column(column_of(SwapState))
    asked_at: Mapped[Instant]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    taken_shift_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("rota_shift.id"))


class RotaFeed(Base):
    """The secret address of a calendar with one's own hours; kept is its fingerprint alone."""

    __tablename__ = "rota_feed"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("rota_feed_open_key", "person_id", unique=True, postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
