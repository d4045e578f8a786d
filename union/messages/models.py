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
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref

MESSAGE_STATES = ("waiting", "handed_over", "unsent", "withheld", "withdrawn")
ATTEMPT_STATES = ("due", "leased", "handed_over", "failed", "dropped")
DELIVERY_WORDS = ("queued", "sent", "ringing", "answered", "delivered", "failed", "expired")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


class Message(Base):
    """Something one person, or one number, is to be told; her number is looked up when it goes.

    `params` (a token, a slip's number) and `to_number` lie under `key_ref`: the person's key,
    or for a bare number one of its own, unless it is told whose number that was.
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
    heard_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When somebody answered it; a machine's receipt is none."""


class Attempt(Base):
    """One try by one way: the durable queue of its channel, with a key it is sent under once.

    `via` names the provider it shall go by; without it that is the first of its way.
    """

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
        Index(
            "attempt_ended_ix",
            "channel",
            "ended_at",
            postgresql_where="state IN ('handed_over', 'failed')",
        ),
    )

    id: Mapped[BigId]
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("message.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    via: Mapped[str | None] = mapped_column(String(30))
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
    another; `from_index` finds what else came from the same number. `answer` is what a call was
    told then, so that the same keys told twice hear the same.
    """

    __tablename__ = "inbound_message"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        Index("inbound_message_from_ix", "from_index", "id"),
        Index("inbound_message_channel_ix", "channel", "stored_at"),
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
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[Instant]
    stored_at: Mapped[Instant]


class DeliveryReceipt(Base):
    """What a provider says became of an attempt: kept once, shown, and never believed (C3)."""

    __tablename__ = "delivery_receipt"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        CheckConstraint(_one_of("word", DELIVERY_WORDS), "word"),
        Index("delivery_receipt_attempt_ix", "attempt_id", "id"),
    )

    id: Mapped[BigId]
    attempt_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("attempt.id"))
    provider: Mapped[str] = mapped_column(String(30))
    provider_id: Mapped[str] = mapped_column(String(120))
    word: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(20))
    at: Mapped[Instant]
    stored_at: Mapped[Instant]


class PushKey(Base):
    """The union's own pair for notices of the app: one row, made once; half of it encrypted."""

    __tablename__ = "push_key"
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key_ref: Mapped[KeyRef]
    public: Mapped[bytes] = mapped_column(LargeBinary)
    private: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class ReachPoint(Base):
    """A browser or a mailbox a person may be told by: encrypted under her key, one row for each.

    `service` is whose push service it is, or "mail"; `label` her own word for it. Of one that
    ended nothing is kept but that it was there.
    """

    __tablename__ = "reach_point"
    __table_args__ = (
        CheckConstraint(_one_of("channel", ("push", "mail")), "channel"),
        CheckConstraint(_one_of("end_code", ("removed", "gone", "replaced")), "end_code"),
        CheckConstraint("(ended_at IS NULL) = (end_code IS NULL)", "ended"),
        CheckConstraint("(ended_at IS NULL) = (address IS NOT NULL)", "nothing_kept"),
        Index("reach_point_person_ix", "person_id", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(10))
    service: Mapped[str] = mapped_column(String(12))
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    label: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    end_code: Mapped[str | None] = mapped_column(String(12))


class WayOrder(Base):
    """By which ways she wants to be told, the first first: of duty, or of ordinary things.

    No ways for ordinary things means that she wants none.
    """

    __tablename__ = "way_order"
    __table_args__ = (
        CheckConstraint(_one_of("sort", ("duty", "ordinary")), "sort"),
        CheckConstraint("ways <@ ARRAY['push', 'sms', 'voice', 'mail']::varchar[]", "ways"),
        CheckConstraint("sort = 'ordinary' OR cardinality(ways) > 0", "duty_has_one"),
    )

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    sort: Mapped[str] = mapped_column(String(10), primary_key=True)
    ways: Mapped[list[str]] = mapped_column(ARRAY(String(10)))
    said_at: Mapped[Instant]


QUIET_CHANNELS = ("push", "sms", "voice", "mail", "in_sms", "in_call")
QUIET_WHY = ("unanswered", "refusing", "unreachable", "slow", "nothing_in")


class QuietSpell(Base):
    """A way, or a part of one, through which nothing seems to come: since when, why, and till when.

    `part` is empty for the whole way, else a provider, a number series or a kind of browser;
    `facts` are the counts it was judged by. `since` is the last sign before it.
    """

    __tablename__ = "quiet_spell"
    __table_args__ = (
        CheckConstraint(_one_of("channel", QUIET_CHANNELS), "channel"),
        CheckConstraint(_one_of("why", QUIET_WHY), "why"),
        CheckConstraint("since <= noticed_at AND noticed_at <= back_at", "order"),
        Index(
            "quiet_spell_open_key",
            "channel",
            "part",
            unique=True,
            postgresql_where="back_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    channel: Mapped[str] = mapped_column(String(10))
    part: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, int]] = mapped_column(JSONB)
    since: Mapped[Instant]
    noticed_at: Mapped[Instant]
    back_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
