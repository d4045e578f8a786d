"""How and when a member may be reached, as she wished; numbers are encrypted, never unique."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref

CHANNELS = ("call", "sms", "link", "visit")


class ContactPoint(Base):
    """A telephone number of a member: encrypted, found by a blind index several may share.

    ``valid`` says whether its series is in use, ``shared`` whether others have the same one,
    ``rank`` which to try first (0). An ended one is kept and never used.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        Index("contact_point_number_index_ix", "number_index", postgresql_where="ended_at IS NULL"),
        Index("contact_point_person_ix", "person_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    number: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary)
    valid: Mapped[bool]
    shared: Mapped[bool] = mapped_column(default=False)
    rank: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MemberLanguage(Base):
    """A language she speaks, by its code (ISO 639), best first."""

    __tablename__ = "member_language"
    __table_args__ = (UniqueConstraint("person_id", "language"),)

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    language: Mapped[str] = mapped_column(String(3))
    rank: Mapped[int] = mapped_column(default=0)


class ReachRule(Base):
    """Her wish: which channels, between which hours, and whom to ask for.

    ``asked`` is False while nobody asked her: then nothing but what she herself started may
    be said without asking first. ``ask_for`` and ``wish`` (her own words) are encrypted.
    """

    __tablename__ = "reach_rule"

    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("member.person_id"), primary_key=True
    )
    asked: Mapped[bool]
    channels: Mapped[list[str]] = mapped_column(ARRAY(String))
    not_before: Mapped[time | None]
    not_after: Mapped[time | None]
    ask_for: Mapped[bytes | None] = mapped_column(LargeBinary)
    wish: Mapped[bytes | None] = mapped_column(LargeBinary)
    changed_at: Mapped[Instant]
