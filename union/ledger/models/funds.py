"""What was decided about moving money between funds, and what was given: rows only ever added."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    FetchedValue,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class InterFundTransfer(Base):
    """So much out of a free fund into another, as it was decided; somebody else agrees to it.

    ``takes_back_id``: it undoes an earlier one that was a mistake, exactly, in the same month.
    ``words`` say who decided it and why, under ``key_ref``.
    """

    __tablename__ = "inter_fund_transfer"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("from_fund <> to_fund", name="two_funds"),
        Index(
            "inter_fund_transfer_takes_back_ix",
            "takes_back_id",
            postgresql_where=text("takes_back_id IS NOT NULL"),
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    from_fund: Mapped[str] = mapped_column(String(16), ForeignKey("fund.code"))
    to_fund: Mapped[str] = mapped_column(String(16), ForeignKey("fund.code"))
    money_account_code: Mapped[str] = mapped_column(
        String(16), ForeignKey("account.code", name="inter_fund_transfer_money_account_fkey")
    )
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    decided_on: Mapped[date] = mapped_column(Date)
    key_ref: Mapped[KeyRef]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    takes_back_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("inter_fund_transfer.id", name="inter_fund_transfer_takes_back_fkey"),
    )
    proposed_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    proposed_at: Mapped[Instant]


class InterFundAnswer(Base):
    """The second hand: agreed, which books it, or not."""

    __tablename__ = "inter_fund_answer"

    transfer_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("inter_fund_transfer.id", name="inter_fund_answer_transfer_fkey"),
        primary_key=True,
    )
    agreed: Mapped[bool]
    answered_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    answered_at: Mapped[Instant]


class Donation(Base):
    """A gift or other income taken at the office, with the number of its receipt.

    The giver may stay unnamed; a name lies under ``key_ref``, a member's under her own key.
    The database gives the number.
    """

    __tablename__ = "donation"
    __table_args__ = (
        CheckConstraint("income_account_code IN ('4110', '4190')", name="income_account"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    number: Mapped[int] = mapped_column(unique=True, server_default=FetchedValue())
    income_account_code: Mapped[str] = mapped_column(
        String(16), ForeignKey("account.code", name="donation_income_account_fkey")
    )
    money_account_code: Mapped[str] = mapped_column(
        String(16), ForeignKey("account.code", name="donation_money_account_fkey")
    )
    fund_code: Mapped[str] = mapped_column(String(16), ForeignKey("fund.code"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    given_on: Mapped[date] = mapped_column(Date)
    giver_person_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("person.id", name="donation_giver_fkey")
    )
    key_ref: Mapped[KeyRef]
    giver: Mapped[bytes | None] = mapped_column(LargeBinary)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]
