"""Lines of statements, what was decided about each, and the entries it is in the books by."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class BankLine(Base):
    """One line as the bank wrote it; ``mark`` knows it again in any later file.

    ``words`` (narration, counterparty and reference as JSON) are encrypted under the statement's
    key, from the decision on under the key of whose money it is. Nothing else ever changes.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        UniqueConstraint("account_id", "mark", name="bank_line_mark_key"),
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("bank_line_statement_ix", "statement_id"),
        Index("bank_line_booked_on_ix", "account_id", "booked_on"),
        Index("bank_line_payer_ix", "payer_index", postgresql_where="payer_index IS NOT NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    statement_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_statement.id"))
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_account.id"))
    row_no: Mapped[int] = mapped_column(Integer)
    booked_on: Mapped[date] = mapped_column(Date)
    value_on: Mapped[date | None] = mapped_column(Date)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    balance_minor: Mapped[int | None] = mapped_column(BigInteger)
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    payer_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_ref: Mapped[KeyRef]
    words: Mapped[bytes] = mapped_column(LargeBinary)


class BankDecision(Base):
    """What a line is, as a rule (``made_by`` None) or a person said, with score and reasons.

    Append-only: when a booking is taken back, the next round decides anew. A line that is
    ``carried`` is not in the books yet, up to ``until_month``. What needs two hands stands on
    ``word_id``; what a card company took back names its own line (``card_line_id``).
    """

    __tablename__ = "bank_decision"
    __table_args__ = (
        UniqueConstraint("line_id", "round", name="bank_decision_round_key"),
        CheckConstraint("(kind = 'carried') = (until_month IS NOT NULL)", name="carried"),
        CheckConstraint("extract(day from until_month) = 1", name="until_month"),
        CheckConstraint("kind = 'chargeback' OR card_line_id IS NULL", name="card_line"),
    )

    id: Mapped[BigId]
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_line.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    score: Mapped[int | None] = mapped_column(SmallInteger)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(String(24)))
    until_month: Mapped[date | None] = mapped_column(Date)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    word_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("bank_word.id"), unique=True)
    card_line_id: Mapped[int | None] = mapped_column(BigInteger)


class BankLineEntry(Base):
    """An entry by which a line is in the books; without a decision it only waits there (2190)."""

    __tablename__ = "bank_line_entry"
    __table_args__ = (
        Index("bank_line_entry_line_ix", "line_id"),
        Index("bank_line_entry_decision_ix", "decision_id"),
    )

    entry_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("journal_entry.id"), primary_key=True
    )
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("bank_line.id"))
    decision_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("bank_decision.id"))
