"""Rules of dues by date, what members pay as, ended waivers, differences; written once, kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref


class DuesRule(Base):
    """The union's rules of dues from a day on, until the next row; the latest row of a day holds.

    Who joins up to ``join_day`` pays that month. Months behind: up to ``grace_months`` is in
    grace, from ``suspend_months`` suspension is proposed, from ``lapse_months`` a suspended
    membership lapses. For ``rest_days`` after her register came in nothing is proposed.
    ``remind_months``: from how many months behind each of three reminders goes out.
    ``charge_lapsed``: a lapsed membership is charged all the same.
    """

    __tablename__ = "dues_rule"
    __table_args__ = (
        CheckConstraint("join_day BETWEEN 1 AND 31", name="join_day"),
        CheckConstraint(
            "grace_months >= 0 AND suspend_months > grace_months AND lapse_months > suspend_months",
            name="months",
        ),
        CheckConstraint("rest_days BETWEEN 1 AND 366", name="rest_days"),
        CheckConstraint(
            "cardinality(remind_months) = 3 AND remind_months[1] >= 1"
            " AND remind_months[2] > remind_months[1] AND remind_months[3] > remind_months[2]",
            name="remind_months",
        ),
    )

    id: Mapped[BigId]
    from_on: Mapped[date] = mapped_column(Date)
    join_day: Mapped[int] = mapped_column(SmallInteger)
    grace_months: Mapped[int] = mapped_column(SmallInteger)
    suspend_months: Mapped[int] = mapped_column(SmallInteger)
    lapse_months: Mapped[int] = mapped_column(SmallInteger)
    rest_days: Mapped[int] = mapped_column(SmallInteger)
    remind_months: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    charge_lapsed: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class PaysAs(Base):
    """The category a member pays as from a month on; a fee of her own from before ends with it."""

    __tablename__ = "dues_pays_as"
    __table_args__ = (
        CheckConstraint("extract(day from from_month) = 1", name="from_month"),
        Index("dues_pays_as_person_ix", "person_id", "from_month"),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    category: Mapped[str] = mapped_column(String(32))
    from_month: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    proposal_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("dues_proposal.id"), unique=True
    )


class DuesProposal(Base):
    """What one person says somebody need not pay, or shall pay as; it holds once another agreed.

    ``kind`` is ``let_off`` (with a reason, and months) or ``pays_as`` (with a category). ``note``
    is encrypted under her key by this ``ref``, which the waiver takes over. One of a kind waits
    for a member at a time. ``ended_how``:
    ``agreed``, ``refused``, or ``taken_back`` by whoever made it.
    """

    __tablename__ = "dues_proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('let_off', 'pays_as')", name="kind"),
        CheckConstraint("extract(day from from_month) = 1", name="from_month"),
        CheckConstraint("ended_how IN ('agreed', 'refused', 'taken_back')", name="ended_how"),
        CheckConstraint(
            "(kind = 'let_off') = (reason IS NOT NULL)"
            " AND (kind = 'pays_as') = (category IS NOT NULL)",
            name="words",
        ),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended",
        ),
        Index("dues_proposal_person_ix", "person_id"),
        Index(
            "dues_proposal_open_key",
            "person_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(8))
    from_month: Mapped[date] = mapped_column(Date)
    until_month: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(String(16))
    category: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_how: Mapped[str | None] = mapped_column(String(10))


class WaiverEnd(Base):
    """A waiver ended early: ``until_month`` is its last month, before its first if it never was."""

    __tablename__ = "dues_waiver_end"
    __table_args__ = (CheckConstraint("extract(day from until_month) = 1", name="until_month"),)

    waiver_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("dues_waiver.id"), primary_key=True
    )
    until_month: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Adjustment(Base):
    """By how much a month charged before turned out otherwise, in paise: + more, − less.

    What a month costs by the books is its charge and all its adjustments together.
    """

    __tablename__ = "dues_adjustment"
    __table_args__ = (
        UniqueConstraint("slice_id", "person_id", "month"),
        CheckConstraint("amount_minor <> 0", name="amount"),
        CheckConstraint("why IN ('fee', 'waived', 'joined', 'gone', 'lapsed')", name="why"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        Index("dues_adjustment_person_ix", "person_id", "month"),
    )

    id: Mapped[BigId]
    slice_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dues_slice.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    month: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[Instant]
