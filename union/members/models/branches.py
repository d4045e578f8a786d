"""The districts the union is organised in; nothing of any person."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Ref


class Branch(Base):
    """A district branch; ``cell`` is the coarse cell of its headquarters."""

    __tablename__ = "branch"

    id: Mapped[BigId]
    ref: Mapped[Ref]
    name: Mapped[str] = mapped_column(unique=True)
    headquarters: Mapped[str]
    cell: Mapped[str]


class BranchAlias(Base):
    """Another way a branch's name is written, folded for comparison."""

    __tablename__ = "branch_alias"

    id: Mapped[BigId]
    branch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("branch.id"))
    written: Mapped[str] = mapped_column(unique=True)
