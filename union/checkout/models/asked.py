"""What we asked of the provider: a payment, a monthly instruction, money given back.

Whom it is about and how much never changes; what has ended stays ended (the database holds both).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class CardInstruction(Base):
    """A standing monthly payment by card; ``provider_id`` None until it has begun there.

    ``end_due_at``: somebody ended it here and the provider has not confirmed it yet. ``rests`` is
    what the provider says; ``rest_wanted`` what was wished last, as wish number ``rest_round``,
    and ``rest_due_at`` stands while the provider has not heard that wish.
    """

    __tablename__ = "card_instruction"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="card_instruction_provider_id_key"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("state IN ('asked', 'active', 'failing', 'ended')", name="state"),
        CheckConstraint("rest_due_at IS NULL OR state <> 'ended'", name="rest_due"),
        CheckConstraint(
            "rest_round >= 0 AND (rest_round = 0) = (rest_asked_at IS NULL)", name="rest_round"
        ),
        Index("card_instruction_person_ix", "person_id"),
        Index(
            "card_instruction_rest_due_ix",
            "rest_due_at",
            postgresql_where="rest_due_at IS NOT NULL",
        ),
        Index(
            "card_instruction_end_due_ix",
            "end_due_at",
            postgresql_where="end_due_at IS NOT NULL AND state <> 'ended'",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str | None] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(8))
    ended_why: Mapped[str | None] = mapped_column(String(16))
    asked_at: Mapped[Instant]
    asked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    looked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_on: Mapped[date | None] = mapped_column(Date)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told_failures: Mapped[int] = mapped_column(default=0)
    end_asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    end_asked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    end_asked_why: Mapped[str | None] = mapped_column(String(16))
    end_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rests: Mapped[bool] = mapped_column(default=False, server_default="false")
    rest_wanted: Mapped[bool] = mapped_column(default=False, server_default="false")
    rest_round: Mapped[int] = mapped_column(default=0, server_default="0")
    rest_asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rest_asked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    rest_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CardCheckout(Base):
    """One visit to the provider's page; with an instruction it is the first of many payments."""

    __tablename__ = "card_checkout"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="card_checkout_provider_id_key"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint(
            "state IN ('asked', 'open', 'waiting', 'done', 'expired', 'failed')", name="state"
        ),
        Index("card_checkout_person_ix", "person_id"),
        Index(
            "card_checkout_open_ix",
            "asked_at",
            postgresql_where="state IN ('asked', 'open', 'waiting')",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    instruction_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("card_instruction.id")
    )
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str | None] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[Instant]
    asked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    looked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CardRefund(Base):
    """Money to be given back of one payment; booked only when the provider's statement says so.

    ``asked`` until the provider answers, however long that takes: it may have gone. Only its own
    word (``looked_at``) makes it ``failed``.
    """

    __tablename__ = "card_refund"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("reason IN ('twice', 'mistake', 'asked', 'gone')", name="reason"),
        CheckConstraint("state IN ('asked', 'sent', 'done', 'failed')", name="state"),
        Index("card_refund_line_ix", "line_id"),
        Index("card_refund_due_ix", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("card_line.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str | None] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[Instant]
    asked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    looked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
