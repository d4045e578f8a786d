"""Payees outside the register, and the papers that show what was spent; encrypted, only added."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    Sequence,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, KeyRef, Ref

SPENDING_NUMBER = Sequence("spending_number", metadata=Base.metadata)
"""The number of a voucher written by hand, as its source: it stands for nothing but itself."""


class Payee(Base):
    """Somebody paid who is in no register: a landlord, a printer; the name under her own key."""

    __tablename__ = "payee"

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    ref: Mapped[Ref]
    name: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class Paper(Base):
    """One paper beside a voucher, a settlement or the opening; ``content_hash`` is of itself."""

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint(
            "belongs_kind IN ('voucher', 'settlement', 'opening')", name="belongs_kind"
        ),
        CheckConstraint("position BETWEEN 1 AND 8", name="position"),
        CheckConstraint(
            "content_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/webp')",
            name="content_type",
        ),
        CheckConstraint("size_bytes BETWEEN 1 AND 8388608", name="size"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash"),
        UniqueConstraint("belongs_kind", "belongs_id", "position", name="paper_position_key"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    belongs_kind: Mapped[str] = mapped_column(String(16))
    belongs_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(SmallInteger)
    content_type: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    key_ref: Mapped[KeyRef]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class PaperPiece(Base):
    """A piece of a paper, encrypted by itself so that no paper is ever whole in the clear."""

    __tablename__ = "paper_piece"

    paper_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("paper.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
