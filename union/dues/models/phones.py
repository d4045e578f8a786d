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
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
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
        UniqueConstraint("id", "collector_id", name="round_device_collector_key"),
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


class RoundHold(Base):
    """The numbers a phone took along; no number is on two phones of one collector at a time.

    They are free again when it has sent all and put its book down, or was taken off.
    """

    __tablename__ = "round_hold"
    __table_args__ = (
        CheckConstraint("first_no > 0 AND last_no >= first_no", name="numbers"),
        CheckConstraint("left_at >= taken_at", name="left"),
        ExcludeConstraint(
            (text("int8range(collector_id, collector_id, '[]')"), "&&"),
            (text("int8range(first_no, last_no, '[]')"), "&&"),
            name="round_hold_numbers_excl",
            using="gist",
            where=text("left_at IS NULL"),
        ),
        ForeignKeyConstraint(
            ["device_id", "collector_id"],
            ["round_device.id", "round_device.collector_id"],
            name="round_hold_device_fkey",
        ),
        Index("round_hold_device_ix", "device_id"),
    )

    id: Mapped[BigId]
    device_id: Mapped[int] = mapped_column(BigInteger)
    collector_id: Mapped[int] = mapped_column(BigInteger)
    first_no: Mapped[int] = mapped_column(BigInteger)
    last_no: Mapped[int] = mapped_column(BigInteger)
    taken_at: Mapped[Instant]
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def numbers(self) -> range:
        """Every number it took along."""
        return range(self.first_no, self.last_no + 1)


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
