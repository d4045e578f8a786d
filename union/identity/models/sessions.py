"""Sign-ins on browsers, each known by the keyed hash of its token, and tries that were spent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref
from union.kernel.ids import new_ref


class SignInSession(Base):
    """One sign-in on one browser, known by the hash of its token; ending it acts at once.

    ``kind`` is member or office; what it has proven is said when it begins. More proof is a new
    sign-in under a new token.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (
        Index("sign_in_session_account_ix", "account_id"),
        Index(
            "sign_in_session_open_ix",
            "account_id",
            "made_at",
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ref: Mapped[Ref] = mapped_column(default=new_ref)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(8))
    proofs: Mapped[list[str]] = mapped_column(ARRAY(String))
    proved_at: Mapped[Instant]
    made_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    duress: Mapped[bool]
    browser: Mapped[str] = mapped_column(String(8))
    device_id: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(String(16))


class TrySpent(Base):
    """A try in a bucket, written down before it is looked at; or that one of them passed."""

    __tablename__ = "try_spent"
    __table_args__ = (
        Index("try_spent_bucket_ix", "bucket", "at"),
        Index("try_spent_at_ix", "at"),
    )

    id: Mapped[BigId]
    what: Mapped[str] = mapped_column(String(16))
    bucket: Mapped[bytes] = mapped_column(LargeBinary)
    passed: Mapped[bool]
    at: Mapped[Instant]
