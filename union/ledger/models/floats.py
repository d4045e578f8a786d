"""Money handed out beforehand for the night, how far, to whom, and what she told she spent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class FloatPurpose(Base):
    """What floats there are; ``most_minor`` bounds any holder's. The database owner's to change."""

    __tablename__ = "float_purpose"
    __table_args__ = (
        CheckConstraint("most_minor > 0", name="most"),
        CheckConstraint("settle_days > 0", name="settle_days"),
        ForeignKeyConstraint(
            ["fund_code", "spend_account_code"],
            ["fund_purpose.fund_code", "fund_purpose.account_code"],
            name="float_purpose_fund_purpose_fkey",
        ),
    )

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    fund_code: Mapped[str] = mapped_column(String(16))
    spend_account_code: Mapped[str] = mapped_column(String(16))
    most_minor: Mapped[int] = mapped_column(BigInteger)
    settle_days: Mapped[int]
    needs_paper: Mapped[bool]


class FloatAccount(Base):
    """One holder's float for one purpose; its limit is the account's ceiling."""

    __tablename__ = "float_account"
    __table_args__ = (
        UniqueConstraint("holder_person_id", "purpose_code", name="float_account_holder_key"),
    )

    account_code: Mapped[str] = mapped_column(
        String(16), ForeignKey("account.code"), primary_key=True
    )
    ref: Mapped[Ref]
    holder_person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("person.id", name="float_account_holder_fkey")
    )
    purpose_code: Mapped[str] = mapped_column(
        ForeignKey("float_purpose.code", name="float_account_purpose_fkey")
    )
    number: Mapped[int] = mapped_column(unique=True)


class FloatLimit(Base):
    """A limit as it was set, by somebody who does not hold the float; the newest counts."""

    __tablename__ = "float_limit"
    __table_args__ = (CheckConstraint("limit_minor >= 0", name="limit"),)

    id: Mapped[BigId]
    account_code: Mapped[str] = mapped_column(ForeignKey("float_account.account_code"))
    limit_minor: Mapped[int] = mapped_column(BigInteger)
    set_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    set_at: Mapped[Instant]


class FloatSettlement(Base):
    """What a holder tells she spent, in words under ``key_ref``; papers lie beside."""

    __tablename__ = "float_settlement"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("id", "told_by", name="float_settlement_told_key"),
        Index("float_settlement_account_ix", "account_code"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_code: Mapped[str] = mapped_column(ForeignKey("float_account.account_code"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    spent_on: Mapped[date] = mapped_column(Date)
    key_ref: Mapped[KeyRef]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    told_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    told_at: Mapped[Instant]


class FloatAnswer(Base):
    """Somebody else's yes or no to a settlement, once."""

    __tablename__ = "float_answer"
    __table_args__ = (
        CheckConstraint("answered_by <> told_by", name="not_her_own"),
        ForeignKeyConstraint(
            ["settlement_id", "told_by"],
            ["float_settlement.id", "float_settlement.told_by"],
            name="float_answer_settlement_fkey",
        ),
    )

    settlement_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    told_by: Mapped[int] = mapped_column(BigInteger)
    accepted: Mapped[bool]
    answered_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    answered_at: Mapped[Instant]
