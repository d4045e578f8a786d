"""What was told of the calls of a month, frozen when it was first told (P4); never changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant

_BOUND = "CASE side WHEN 'inside' THEN 5 ELSE 10 END"


class FigureEdition(Base):
    """A month was told; the rest, if it waits, waits since then, inside and outside."""

    __tablename__ = "figure_edition"
    __table_args__ = (
        CheckConstraint("series ~ '^[a-z_]+$'", "series"),
        CheckConstraint("month_on = date_trunc('month', month_on)::date", "month_on"),
        CheckConstraint(
            "inside_waits_since <= month_on AND outside_waits_since <= month_on", "waits"
        ),
    )

    series: Mapped[str] = mapped_column(String(24), primary_key=True)
    month_on: Mapped[date] = mapped_column(Date, primary_key=True)
    inside_waits_since: Mapped[date | None] = mapped_column(Date)
    outside_waits_since: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[Instant]
    made_in: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue())


class FigureAtom(Base):
    """One line of an edition, of a branch or (``branch_id`` None) of all others together.

    ``people``: how many different people stood behind it; minutes are middles.
    """

    __tablename__ = "figure_atom"
    __table_args__ = (
        ForeignKeyConstraint(
            ["series", "month_on"],
            ["figure_edition.series", "figure_edition.month_on"],
            name="figure_atom_edition_fkey",
        ),
        UniqueConstraint(
            *("series", "month_on", "side", "branch_id"),
            name="figure_atom_place_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("side IN ('inside', 'outside')", "side"),
        CheckConstraint(f"people >= {_BOUND} AND people <= calls", "people"),
        CheckConstraint(f"wished >= {_BOUND} AND calls - wished >= {_BOUND}", "wished"),
        CheckConstraint(
            "people >= 10 OR num_nonnulls(there_minutes, settled_minutes) = 0", "middles"
        ),
        CheckConstraint("first_on <= month_on", "first_on"),
    )

    id: Mapped[BigId]
    series: Mapped[str] = mapped_column(String(24))
    month_on: Mapped[date] = mapped_column(Date)
    side: Mapped[str] = mapped_column(String(8))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    first_on: Mapped[date] = mapped_column(Date)
    calls: Mapped[int]
    people: Mapped[int]
    wished: Mapped[int | None]
    there_minutes: Mapped[float | None]
    settled_minutes: Mapped[float | None]


class FigureCounted(Base):
    """A call and the inside atom it is counted in for good, even when it has itself aged out."""

    __tablename__ = "figure_counted"
    __table_args__ = (
        CheckConstraint("series ~ '^[a-z_]+$'", "series"),
        Index("figure_counted_atom_ix", "atom_id"),
    )

    series: Mapped[str] = mapped_column(String(24), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    atom_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("figure_atom.id"))
    wished: Mapped[bool]


class FigureNested(Base):
    """An inside atom and the outside atom it is a part of."""

    __tablename__ = "figure_nested"
    __table_args__ = (Index("figure_nested_outside_ix", "outside_id"),)

    inside_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("figure_atom.id"), primary_key=True, autoincrement=False
    )
    outside_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("figure_atom.id"))
