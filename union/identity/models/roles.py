"""Roles that were given to accounts, and the two hands that gave them; nothing is overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref

_HOW = "given_how IN ('two', 'first', 'register', 'machine', 'before')"


class RoleGrant(Base):
    """A role given to an account, in one branch or (no branch) everywhere, until it ends.

    Given again it is a new row: who held what, and when, stays written.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(_HOW, "given_how"),
        CheckConstraint("(given_how = 'two') = (proposal_id IS NOT NULL)", "proposed"),
        CheckConstraint("ended_by_person_id IS NULL OR ended_at IS NOT NULL", "ended_by"),
        Index(
            "role_grant_held_key",
            "account_id",
            "role",
            "branch_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index("role_grant_account_ix", "account_id"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    role: Mapped[str]
    branch_id: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    given_how: Mapped[str] = mapped_column(String(12))
    proposal_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("role_proposal.id"), unique=True
    )
    ended_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class RoleProposal(Base):
    """Somebody wants an account to have an office; nobody, if it was said at the machine."""

    __tablename__ = "role_proposal"
    __table_args__ = (
        CheckConstraint("role <> 'member'", "an_office"),
        Index("role_proposal_made_ix", "made_at"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    role: Mapped[str]
    branch_id: Mapped[int | None] = mapped_column(BigInteger)
    proposed_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]


class RoleAnswer(Base):
    """What another who may give offices said to a proposal: one word each, for good."""

    __tablename__ = "role_answer"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    id: Mapped[BigId]
    proposal_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("role_proposal.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    agrees: Mapped[bool]
    at: Mapped[Instant]


class OfficesBegun(Base):
    """That two people were given offices that give offices; written once by the database."""

    __tablename__ = "offices_begun"
    __table_args__ = (CheckConstraint("id", "once"),)

    id: Mapped[bool] = mapped_column(primary_key=True)
