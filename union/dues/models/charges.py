"""Rates, waivers, runs and charges; a month is kept as its first day, money in paise."""

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
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class Rate(Base):
    """The monthly fee of a category ("" is everybody's) from a month on, until the next one.

    Written wrongly it is written again for the same month: the latest row holds, both stay.
    """

    __tablename__ = "dues_rate"
    __table_args__ = (
        Index("dues_rate_category_ix", "category", "from_month", "id"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint("extract(day from from_month) = 1", name="from_month"),
    )

    id: Mapped[BigId]
    category: Mapped[str] = mapped_column(String(32))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    from_month: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Waiver(Base):
    """Months somebody need not pay; ``note`` (why, in words) is encrypted under her key."""

    __tablename__ = "dues_waiver"
    __table_args__ = (
        CheckConstraint("reason IN ('hardship', 'holiday', 'illness', 'detained')", name="reason"),
        CheckConstraint("until_month >= from_month", name="months"),
        CheckConstraint("extract(day from from_month) = 1", name="from_month"),
        CheckConstraint("extract(day from until_month) = 1", name="until_month"),
        Index("dues_waiver_person_ix", "person_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    from_month: Mapped[date] = mapped_column(Date)
    until_month: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    proposal_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("dues_proposal.id"), unique=True
    )


class DuesRun(Base):
    """One running of the dues for a month, one taking over of an old register, or its undoing."""

    __tablename__ = "dues_run"
    __table_args__ = (
        CheckConstraint("kind IN ('monthly', 'opening', 'withdrawal', 'adjustment')", name="kind"),
        CheckConstraint("extract(day from month) = 1", name="month"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    kind: Mapped[str] = mapped_column(String(16))
    month: Mapped[date] = mapped_column(Date)
    started_at: Mapped[Instant]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    started_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class DuesSlice(Base):
    """A branch's and fund's part of a run: charged, posted and committed as one.

    ``less_minor`` is what a run of differences took off charges made before.
    ``credit_used_minor`` is what members' credit paid of it at once. It is written once, with
    its sums, after its charges; its ledger entry has it as source.
    """

    __tablename__ = "dues_slice"
    __table_args__ = (
        CheckConstraint("charges >= 0 AND amount_minor >= 0", name="sums"),
        CheckConstraint("less_minor >= 0", name="less"),
        Index("dues_slice_run_ix", "run_id"),
    )

    id: Mapped[BigId]
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_run.id"))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    fund_code: Mapped[str] = mapped_column(String(16), ForeignKey("fund.code"))
    charges: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    credit_used_minor: Mapped[int] = mapped_column(BigInteger)
    less_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    posted_at: Mapped[Instant]


class Charge(Base):
    """What one person owes for one month; never changed but by what is paid on it.

    ``settled_minor`` is kept by the database from the allocations. Branch, fund and slice are
    checked in sets by the insert itself, so that a run checks one foreign key a row, not four.
    ``more`` is a difference posted forward, in the month it was found; ``part`` numbers those.
    """

    __tablename__ = "dues_charge"
    __table_args__ = (
        UniqueConstraint(
            "person_id", "month", "kind", "part", name="dues_charge_person_id_month_kind_key"
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("settled_minor BETWEEN 0 AND amount_minor", name="settled"),
        CheckConstraint("kind IN ('fee', 'joining', 'other', 'more')", name="kind"),
        CheckConstraint("part = 0 OR kind = 'more'", name="part"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        Index(
            "dues_charge_open_ix",
            "person_id",
            "month",
            postgresql_where="settled_minor < amount_minor",
        ),
        Index("dues_charge_slice_ix", "slice_id"),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    month: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(16), default="fee")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    settled_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    fund_code: Mapped[str] = mapped_column(String(16))
    slice_id: Mapped[int] = mapped_column(BigInteger)
    part: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class DuesOpening(Base):
    """How somebody stood when the old register was taken over; months to ``covered_to`` are done.

    ``paid_upto`` None: nobody could say, so nothing was charged and she is to be asked.
    """

    __tablename__ = "dues_opening"
    __table_args__ = (
        CheckConstraint("owed_minor >= 0 AND ahead_minor >= 0", name="sums"),
        CheckConstraint("owed_minor = 0 OR ahead_minor = 0", name="one_side"),
    )

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    covered_to: Mapped[date] = mapped_column(Date)
    paid_upto: Mapped[date | None] = mapped_column(Date)
    owed_minor: Mapped[int] = mapped_column(BigInteger)
    ahead_minor: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_run.id"))
