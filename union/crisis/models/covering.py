"""Tables of what nobody covers yet: holes by half days, and who was asked to take one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.coverage import Part
from union.crisis.rules.rota import Duty
from union.infra.db import Base, BigId, Instant, Ref


class RotaHole(Base):
    """Half a day with hours in which nobody could be woken; no district means the whole state."""

    __tablename__ = "rota_hole"
    __table_args__ = (
        UniqueConstraint(
            "branch_id",
            "duty",
            "on_day",
            "part",
            name="rota_hole_block_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("duty IN ('responder', 'paralegal', 'counsellor')", "duty"),
        one_of("part", Part),
        CheckConstraint("ends_at > starts_at", "hours"),
        Index("rota_hole_open_ix", "starts_at", postgresql_where="filled_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    duty: Mapped[Duty] = mapped_column(column_of(Duty))
    on_day: Mapped[date]
    part: Mapped[Part] = mapped_column(column_of(Part))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    found_at: Mapped[Instant]
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told_again_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    filled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RotaOffer(Base):
    """One person was asked about one hole, "can you take Tuesday night?"; one press answers."""

    __tablename__ = "rota_offer"
    __table_args__ = (
        UniqueConstraint("hole_id", "person_id"),
        UniqueConstraint("token_hash"),
        CheckConstraint("shift_id IS NULL OR answered_at IS NOT NULL", "taken"),
        Index("rota_offer_person_ix", "person_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    hole_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("rota_hole.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("message.id"))
    made_at: Mapped[Instant]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    shift_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("rota_shift.id"))
