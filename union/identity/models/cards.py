"""Tables of a member's card, of what she opens it with, and of the phones that know her.

Secrets are kept as hashes only; the sixteen digits are kept nowhere, only a keyed hash by which
they are known again. What the database holds of them: revision 0043.
"""

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
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class NumberCard(Base):
    """A printed card: it waits, is opened once by the word of a second hand, and ends once.

    What is sensitive opens from ``hers_from`` on, a day after the card was opened (law P6).
    """

    __tablename__ = "number_card"
    __table_args__ = (
        CheckConstraint("octet_length(digits_index) = 32", "digits_index"),
        CheckConstraint("ended_how IN ('replaced', 'stopped', 'gone')", "ended_how"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", "ended"),
        CheckConstraint("(begun_at IS NULL) = (hers_from IS NULL)", "begun"),
        CheckConstraint("hers_from >= begun_at + interval '1 day'", "a_day"),
        Index(
            "number_card_in_use_key",
            "account_id",
            unique=True,
            postgresql_where="begun_at IS NOT NULL AND ended_at IS NULL",
        ),
        Index(
            "number_card_waits_key",
            "account_id",
            unique=True,
            postgresql_where="begun_at IS NULL AND ended_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    digits_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    printed_at: Mapped[Instant]
    printed_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    begun_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    hers_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(String(16))


class CardStart(Base):
    """The word said to her face by a second officer, by which a new card is opened: once, soon."""

    __tablename__ = "card_start"
    __table_args__ = (
        CheckConstraint("octet_length(word_index) = 32", "word_index"),
        CheckConstraint("ends_at > given_at AND ends_at <= given_at + interval '1 hour'", "soon"),
        CheckConstraint("used_at >= given_at AND used_at <= ends_at", "in_time"),
        Index("card_start_card_ix", "card_id"),
        Index(
            "card_start_used_key", "card_id", unique=True, postgresql_where="used_at IS NOT NULL"
        ),
    )

    id: Mapped[BigId]
    card_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("number_card.id"))
    word_index: Mapped[bytes] = mapped_column(LargeBinary)
    given_at: Mapped[Instant]
    given_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    ends_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Pin(Base):
    """What she opens her card with. There is always an ``other_hash``, of chance if she set none.

    So nobody reads in a copy of this table who has a second PIN.
    """

    __tablename__ = "pin"

    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("user_account.id"), primary_key=True
    )
    pin_hash: Mapped[str]
    other_hash: Mapped[str]
    word_hash: Mapped[str]
    made_at: Mapped[Instant]


class VoiceGrant(Base):
    """Somebody who knows her voice vouched for her: it opens a day later, for a day (law P6)."""

    __tablename__ = "voice_grant"
    __table_args__ = (
        CheckConstraint("from_at >= given_at + interval '1 day'", "a_day"),
        CheckConstraint("ends_at > from_at AND ends_at <= from_at + interval '1 day'", "ends"),
        Index("voice_grant_account_ix", "account_id"),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    given_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    given_at: Mapped[Instant]
    from_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OwnDevice(Base):
    """A browser that asks for her PIN alone, because her card was opened in it before."""

    __tablename__ = "own_device"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", "token_hash"),
        Index("own_device_account_ix", "account_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[Instant]
    last_used_on: Mapped[date]
    ends_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
