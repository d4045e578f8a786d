"""Passkeys, the number an account goes by inside them, and the questions that are asked of them.

Nothing here opens anything by itself: what is kept of a passkey is its public half.
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
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class PasskeyHandle(Base):
    """What an account is called inside its passkeys: 64 random bytes that say nothing of her."""

    __tablename__ = "passkey_handle"
    __table_args__ = (CheckConstraint("octet_length(handle) = 64", name="length"),)

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("user_account.id"), primary_key=True
    )
    handle: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[Instant]


class Passkey(Base):
    """A passkey of an account; once ended it is never changed again.

    ``label`` is the name she gave it, under her key; ``backed_up`` is whether her telephone's
    maker keeps copies; ``sign_count`` is the highest count it ever told.
    """

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("octet_length(credential_id) BETWEEN 1 AND 1023", name="credential_size"),
        CheckConstraint("octet_length(public_key) BETWEEN 1 AND 1024", name="key_size"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended"),
        CheckConstraint("ended_how IN ('herself', 'lost', 'closed')", name="ended_how"),
        Index("passkey_account_ix", "account_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("passkey_handle.account_id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    backed_up: Mapped[bool]
    label: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    last_used_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(String(8))


class PasskeyQuestion(Base):
    """A challenge for one browser and one purpose, answered once.

    ``browser_hash`` is the keyed hash of a secret that only the asking browser holds; who signs
    in has no account yet.
    """

    __tablename__ = "passkey_question"
    __table_args__ = (
        CheckConstraint("octet_length(challenge) = 32", name="challenge_size"),
        CheckConstraint("purpose IN ('add', 'open', 'prove')", name="purpose"),
        CheckConstraint("(purpose = 'open') = (account_id IS NULL)", name="whose"),
        CheckConstraint(
            "made_at < ends_at AND ends_at <= made_at + interval '10 minutes'", name="short"
        ),
        CheckConstraint("made_at <= used_at AND used_at < ends_at", name="used_in_time"),
        Index("passkey_question_ends_ix", "ends_at"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[str] = mapped_column(String(5))
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    made_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
