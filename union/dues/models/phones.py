"""Rounds on a phone: whose list, which phones, and each line a phone ever sent, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class RoundMember(Base):
    """Somebody was put on a collector's round by hand, or taken off it; the latest row counts."""

    __tablename__ = "round_member"
    __table_args__ = (Index("round_member_collector_ix", "collector_id", "person_id", "id"),)

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    on_round: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class RoundDevice(Base):
    """A phone registered to one collector, until it is revoked.

    Lines are sealed on the phone to ``public_key`` (P-256, uncompressed point) as they are
    written; ``private_key`` is encrypted under ``key_ref`` and never leaves the machine.
    """

    __tablename__ = "round_device"
    __table_args__ = (
        CheckConstraint("octet_length(public_key) = 65", name="public_key"),
        Index("round_device_collector_ix", "collector_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    collector_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collector.id"))
    key_ref: Mapped[KeyRef]
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class RoundLine(Base):
    """One line of a phone, known for ever by its key: the same again is the same line (M4).

    ``content`` is a keyed hash of what it said; ``written_at`` is the phone's own clock.
    """

    __tablename__ = "round_line"
    __table_args__ = (
        UniqueConstraint("device_id", "line_key", name="round_line_once_key"),
        UniqueConstraint("line_id"),
    )

    id: Mapped[BigId]
    device_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("round_device.id"))
    line_key: Mapped[UUID] = mapped_column(Uuid)
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collection_line.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    stamped: Mapped[bool] = mapped_column(Boolean)
    written_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[Instant]
