"""Two hands where money went: what one says a line was, and how much one may say alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class BankWord(Base):
    """What one person says that a line was; open until a second one says yes or no.

    ``ended_note`` is why, encrypted like ``note``; a second person's no always has one.
    """

    __tablename__ = "bank_word"
    __table_args__ = (
        CheckConstraint("kind IN ('charge', 'card_fee', 'withdrawal', 'deposit')", name="kind"),
        CheckConstraint("ended_how IN ('confirmed', 'refused', 'taken_back')", name="ended_how"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended",
        ),
        Index(
            "bank_word_line_open_key",
            "line_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_line.id"))
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_how: Mapped[str | None] = mapped_column(String(12))
    ended_note: Mapped[bytes | None] = mapped_column(LargeBinary)


class BankCeiling(Base):
    """Up to how much one may call a line a charge alone, and of a month; two hands set it."""

    __tablename__ = "bank_ceiling"
    __table_args__ = (
        CheckConstraint("line_minor >= 0", name="line_minor"),
        CheckConstraint("month_minor >= line_minor", name="month_minor"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    line_minor: Mapped[int] = mapped_column(BigInteger)
    month_minor: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
