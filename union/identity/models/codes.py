"""What makes and replaces an officer's codes, and the slip she sets her secrets by."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant


class Totp(Base):
    """The secret, under her key, of which her telephone makes codes; each is used once."""

    __tablename__ = "totp"
    __table_args__ = (
        Index(
            "totp_in_use_key",
            "account_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NOT NULL AND ended_at IS NULL"),
        ),
        Index(
            "totp_waits_key",
            "account_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RecoveryCode(Base):
    """One of ten codes for the day her telephone is lost; each is used once."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 10", name="number"),
        Index(
            "recovery_code_in_use_key",
            "account_id",
            "number",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    code_hash: Mapped[str]
    made_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class EnrolmentSlip(Base):
    """A slip of paper by which she sets her own secrets, once, within days."""

    __tablename__ = "enrolment_slip"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("enrolment_slip_account_ix", "account_id"),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
