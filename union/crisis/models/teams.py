"""Who may be asked, and where: certificates, a person's profile, landmarks."""

from __future__ import annotations

from datetime import date, datetime

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
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.kinds import Shift, TeamRole
from union.infra.db import Base, BigId, Instant


class Certificate(Base):
    """One training of one person that holds from a day to a day, and where and when she serves."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "starts_on"),
        CheckConstraint("ends_on >= starts_on", "dates"),
        one_of("role", TeamRole),
        one_of("shift", Shift),
        Index("certificate_branch_ix", "branch_id", "ends_on"),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    role: Mapped[TeamRole] = mapped_column(column_of(TeamRole))
    branch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("branch.id"))
    shift: Mapped[Shift] = mapped_column(column_of(Shift))
    home_cell: Mapped[str] = mapped_column(String(15))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[Instant]


class TeamProfile(Base):
    """What holds for a person whatever she is asked as: languages, ways, rest, her two pairs.

    The pairs are kept as keyed hashes only: her own, and the one that means she is under duress.
    """

    __tablename__ = "team_profile"
    __table_args__ = (
        CheckConstraint("digits_hash IS NULL OR digits_hash <> duress_hash", "two_pairs"),
    )

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    reached_by: Mapped[list[str]] = mapped_column(ARRAY(String(10)))
    gender: Mapped[str | None] = mapped_column(String(20))
    resting_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    digits_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    duress_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class Landmark(Base):
    """A spot everybody of a district knows, with the ways people write it; no secret.

    Some are where those who come meet before they go on together.
    """

    __tablename__ = "landmark"
    __table_args__ = (UniqueConstraint("branch_id", "name"),)

    id: Mapped[BigId]
    branch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("branch.id"))
    name: Mapped[str] = mapped_column(String(80))
    also_written: Mapped[list[str]] = mapped_column(ARRAY(String(80)))
    cell: Mapped[str] = mapped_column(String(15))
    is_meeting_point: Mapped[bool] = mapped_column(default=False)
