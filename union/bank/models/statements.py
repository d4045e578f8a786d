"""Our accounts at a bank, files on their way in, and the statements that came."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class BankAccount(Base):
    """One account of ours at a bank, and which account of the books it is.

    ``number_index`` knows its number again, of which only the last four figures are kept.
    """

    __tablename__ = "bank_account"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_code: Mapped[str] = mapped_column(String(16), ForeignKey("account.code"), unique=True)
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_tail: Mapped[str | None] = mapped_column(String(4))
    made_at: Mapped[Instant]


class BankMapping(Base):
    """Which heading of this account's files means what, as a person said; the latest counts."""

    __tablename__ = "bank_mapping"

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_account.id"))
    columns: Mapped[dict[str, str]] = mapped_column(JSONB)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class BankUpload(Base):
    """A file between its preview and the word to take it in, encrypted, for a day at most.

    From ``ended_at`` on it is only there so that its key is destroyed before it goes.
    """

    __tablename__ = "bank_upload"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_account.id"))
    key_ref: Mapped[KeyRef]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    columns: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class BankStatement(Base):
    """A file that was taken in: its balances, and how many of its lines were new. Append-only.

    ``file_hash`` is the SHA-256 of the file as the bank gave it; ``made_in`` is the database's own
    number of the transaction, in which its lines come, or not at all.
    """

    __tablename__ = "bank_statement"
    __table_args__ = (
        CheckConstraint("period_from <= period_to", name="period"),
        CheckConstraint("fresh BETWEEN 0 AND lines", name="lines"),
        UniqueConstraint("account_id", "file_hash", name="bank_statement_file_hash_key"),
        Index("bank_statement_account_ix", "account_id", "period_to"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_account.id"))
    key_ref: Mapped[KeyRef]
    file_kind: Mapped[str] = mapped_column(String(8))
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    opening_minor: Mapped[int | None] = mapped_column(BigInteger)
    closing_minor: Mapped[int | None] = mapped_column(BigInteger)
    lines: Mapped[int] = mapped_column(Integer)
    fresh: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    file_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_in: Mapped[int | None] = mapped_column(BigInteger)


class BankStatementLine(Base):
    """A line that stood in a file, whether it came with it or with one before. Append-only."""

    __tablename__ = "bank_statement_line"
    __table_args__ = (Index("bank_statement_line_line_ix", "line_id"),)

    statement_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("bank_statement.id"), primary_key=True
    )
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_line.id"), primary_key=True)
