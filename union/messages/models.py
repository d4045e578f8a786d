"""Tables of words out and in: what is to be told, each try to tell it, and what came in.

No table here holds a name, a number or a text in the clear; a queue carries an attempt's id only.
"""

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
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref

MESSAGE_STATES = ("waiting", "handed_over", "unsent", "withheld", "withdrawn")
ATTEMPT_STATES = ("due", "leased", "handed_over", "failed", "dropped")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


class Message(Base):
    """Something one person, or one number, is to be told; her number is looked up when it goes.

    `params` (a token, a slip's number) and `to_number` lie under `key_ref`: the person's key,
    or for a bare number one of its own.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, to_number) = 1", "one_receiver"),
        CheckConstraint(_one_of("state", MESSAGE_STATES), "state"),
        Index("message_person_ix", "person_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    key_ref: Mapped[KeyRef]
    to_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    purpose: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(40))
    language: Mapped[str | None] = mapped_column(String(8))
    params: Mapped[bytes] = mapped_column(LargeBinary)
    channels: Mapped[list[str]] = mapped_column(ARRAY(String(10)))
    urgent: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(40))
    made_at: Mapped[Instant]
    due_at: Mapped[Instant]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Attempt(Base):
    """One try by one way: the durable queue of its channel, with a key it is sent under once."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("message_id", "number"),
        UniqueConstraint("key"),
        CheckConstraint(_one_of("state", ATTEMPT_STATES), "state"),
        CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", "leased_until"),
        Index("attempt_due_ix", "channel", "urgent", "due_at", postgresql_where="state = 'due'"),
        Index(
            "attempt_open_key",
            "message_id",
            unique=True,
            postgresql_where="state IN ('due', 'leased')",
        ),
        Index("attempt_leased_ix", "lease_until", postgresql_where="state = 'leased'"),
    )

    id: Mapped[BigId]
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("message.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    urgent: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(40))
    provider: Mapped[str | None] = mapped_column(String(30))
    provider_id: Mapped[str | None] = mapped_column(String(80))
    made_at: Mapped[Instant]
    due_at: Mapped[Instant]
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class InboundMessage(Base):
    """One thing that came in, kept once per provider and its id before anything is done with it.

    Numbers and words lie under a key of its own, so that one stranger can be forgotten without
    another; `from_index` finds what else came from the same number.
    """

    __tablename__ = "inbound_message"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        Index("inbound_message_from_ix", "from_index", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    provider: Mapped[str] = mapped_column(String(30))
    provider_id: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(12))
    attempt_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("attempt.id"))
    key_ref: Mapped[KeyRef]
    from_number: Mapped[bytes] = mapped_column(LargeBinary)
    from_index: Mapped[bytes] = mapped_column(LargeBinary)
    to_number: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[Instant]
    stored_at: Mapped[Instant]
