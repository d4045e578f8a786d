"""What the provider told: its events by id, its statement line by line, disputes and payouts.

No payload is kept: an event says only which thing to look at, and the thing is asked for anew.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class CardEvent(Base):
    """Something happened at the provider: told by a signed notice, or found by asking."""

    __tablename__ = "card_event"
    __table_args__ = (
        UniqueConstraint("provider", "event_id", name="card_event_event_id_key"),
        CheckConstraint("how IN ('told', 'asked')", name="how"),
        Index("card_event_due_ix", "due_at", postgresql_where="done_at IS NULL"),
    )

    id: Mapped[BigId]
    provider: Mapped[str] = mapped_column(String(16))
    event_id: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(128))
    happened_at: Mapped[Instant]
    stored_at: Mapped[Instant]
    how: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[Instant]
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    error_code: Mapped[str | None] = mapped_column(String(64))


class CardFeeBatch(Base):
    """Fees of a month looked at and taken as spent; source of one clearing entry."""

    __tablename__ = "card_fee_batch"
    __table_args__ = (CheckConstraint("amount_minor <> 0", name="amount"),)

    id: Mapped[BigId]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    happened_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class CardLine(Base):
    """One line of the provider's statement, in paise: money in positive, what it kept as fee.

    Booked in the transaction that learns of it, or refused (M5). ``charge_id`` ties a refund or
    dispute to its payment. ``cleared_how`` says where a refund or dispute went: on what she owes
    (``to_her``, and back ``from_her``), against its own return (``offset``), or on the union
    (``borne``).
    """

    __tablename__ = "card_line"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="card_line_provider_id_key"),
        CheckConstraint(
            "cleared_how IN ('to_her', 'from_her', 'offset', 'borne', 'unplaced')",
            name="cleared_how",
        ),
        Index("card_line_charge_ix", "charge_id"),
        Index("card_line_fee_batch_ix", "fee_batch_id"),
        Index("card_line_object_ix", "object_id"),
        Index("card_line_person_ix", "person_id"),
        Index("card_line_happened_ix", "happened_at"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    kept_minor: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    happened_at: Mapped[Instant]
    happened_on: Mapped[date] = mapped_column(Date)
    charge_id: Mapped[str | None] = mapped_column(String(128))
    object_id: Mapped[str | None] = mapped_column(String(128))
    read_at: Mapped[Instant]
    checkout_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("card_checkout.id"))
    instruction_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("card_instruction.id")
    )
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    cleared_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cleared_how: Mapped[str | None] = mapped_column(String(8))
    fee_batch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("card_fee_batch.id"))

    @property
    def payment_source(self) -> str:
        """What dues know this payment's source by."""
        return f"card:{self.ref}"


class CardAside(Base):
    """A line of the statement that the books could not take, and why (``code``), in paise.

    It is tried again by itself; ``over_how`` says how it ended: ``booked``, or in the books
    another way (``other``).
    """

    __tablename__ = "card_aside"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="card_aside_provider_id_key"),
        CheckConstraint("over_how IN ('booked', 'other')", name="over_how"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    happened_at: Mapped[Instant]
    code: Mapped[str] = mapped_column(String(64))
    set_aside_at: Mapped[Instant]
    tried_at: Mapped[Instant]
    over_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    over_how: Mapped[str | None] = mapped_column(String(8))
    over_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class CardDispute(Base):
    """The card's holder or bank asks for the money back; won, lost or still open."""

    __tablename__ = "card_dispute"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="card_dispute_provider_id_key"),
        CheckConstraint("state IN ('open', 'won', 'lost')", name="state"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str] = mapped_column(String(128))
    charge_id: Mapped[str] = mapped_column(String(128))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(32))
    answer_by: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    opened_at: Mapped[Instant]
    looked_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CardPayout(Base):
    """Money the provider sent to our bank; ``entry_id`` once it was seen on the bank's side."""

    __tablename__ = "card_payout"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="card_payout_provider_id_key"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("state IN ('under_way', 'paid', 'failed')", name="state"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str] = mapped_column(String(128))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16))
    arrives_on: Mapped[date] = mapped_column(Date)
    looked_at: Mapped[Instant]
    entry_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("journal_entry.id"), unique=True
    )


class CardReconciliation(Base):
    """One asking of the provider for one period, claimed by whoever wrote the row first.

    ``held_minor`` is what it said it holds for us, ``booked_minor`` what the books said then.
    """

    __tablename__ = "card_reconciliation"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    claimed_at: Mapped[Instant]
    lease_until: Mapped[Instant]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    missed: Mapped[int] = mapped_column(default=0)
    held_minor: Mapped[int | None] = mapped_column(BigInteger)
    booked_minor: Mapped[int | None] = mapped_column(BigInteger)
    error_code: Mapped[str | None] = mapped_column(String(64))
