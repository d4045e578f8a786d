"""Members, their cards, the branches they belonged to and the fee they agreed; dated, never lost.

Whoever reads the database without its keys learns a card number and a branch, no more.
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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref

CATEGORIES = ("woman", "man", "trans")
STATUSES = ("active", "left", "died")
PRECISIONS = ("day", "month", "year")


class Member(Base):
    """One member under her card number; a merged one points to the entry that is kept.

    ``called``, ``born``, ``place``, ``nominee`` and ``remarks`` are encrypted under her key;
    ``legal_name`` is sealed into the circle of legal names. ``status_on`` is the last day we
    know of when she has left or died.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("category IN ('woman', 'man', 'trans')", "category"),
        CheckConstraint("status IN ('active', 'left', 'died')", "status"),
        CheckConstraint("(status = 'active') = (status_on IS NULL)", "status_on"),
        CheckConstraint("joined_precision IN ('day', 'month', 'year')", "joined_precision"),
        CheckConstraint("merged_into <> person_id", "merged_into"),
        Index("member_merged_into_ix", "merged_into", postgresql_where="merged_into IS NOT NULL"),
    )

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    card_number: Mapped[str | None] = mapped_column(unique=True)
    called: Mapped[bytes | None] = mapped_column(LargeBinary)
    legal_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    category: Mapped[str | None]
    born: Mapped[bytes | None] = mapped_column(LargeBinary)
    joined_on: Mapped[date | None]
    joined_precision: Mapped[str] = mapped_column(default="day")
    place: Mapped[bytes | None] = mapped_column(LargeBinary)
    nominee: Mapped[bytes | None] = mapped_column(LargeBinary)
    remarks: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(default="active")
    status_on: Mapped[date | None]
    merged_into: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    made_at: Mapped[Instant]
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def card(self) -> str:
        """Her card number, or a dash while she has none."""
        return self.card_number or "—"

    @property
    def reachable(self) -> bool:
        """Whether any word may ever go to her: never to the dead, nor to who has left."""
        return self.status == "active"


class Card(Base):
    """A card number that was ever handed out to a member: all of them find her."""

    __tablename__ = "card"

    id: Mapped[BigId]
    number: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"), index=True)
    made_at: Mapped[Instant]


class Membership(Base):
    """In which branch a member was from ``since_on`` (None: as long as we know) to ``until_on``.

    ``until_on`` is the first day she no longer was there.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("since_on < until_on", "order"),
        Index(
            "membership_person_open_key",
            "person_id",
            unique=True,
            postgresql_where="until_on IS NULL",
        ),
        Index("membership_branch_ix", "branch_id"),
        ExcludeConstraint(
            (text("int8range(person_id, person_id, '[]')"), "&&"),
            (text("daterange(since_on, until_on)"), "&&"),
            name="membership_one_branch_excl",
            using="gist",
        ),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    branch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("branch.id"))
    since_on: Mapped[date | None]
    until_on: Mapped[date | None]
    made_at: Mapped[Instant]


class MemberEvent(Base):
    """What became of a membership: she left, died, came back, or none of it was so.

    ``on_day`` is the day it counts from; ``gone_on`` the day from which she had been counted as
    gone. ``reason`` is encrypted under her key; ``phones`` are the numbers that ended with her.
    """

    __tablename__ = "member_event"
    __table_args__ = (
        CheckConstraint("what IN ('left', 'died', 'back', 'mistake')", "what"),
        CheckConstraint(
            "(what IN ('back', 'mistake')) = (num_nonnulls(gone_on, reason) = 2)", "gone"
        ),
        CheckConstraint("gone_on <= on_day", "days"),
        Index("member_event_person_ix", "person_id", "id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    what: Mapped[str] = mapped_column(String(16))
    on_day: Mapped[date]
    gone_on: Mapped[date | None]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    phones: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    at: Mapped[Instant]
    by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class MemberFee(Base):
    """The monthly fee a member agreed, in minor units, from a day on."""

    __tablename__ = "member_fee"
    __table_args__ = (
        UniqueConstraint("person_id", "from_on"),
        CheckConstraint("fee_minor >= 0", "fee_minor"),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("member.person_id"))
    from_on: Mapped[date]
    fee_minor: Mapped[int]
