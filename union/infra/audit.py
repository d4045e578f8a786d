"""Who did or saw what, append-only; ids and codes, never content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant

if TYPE_CHECKING:
    from union.infra.work import Work


class AuditEntry(Base):
    """One act; the database refuses to change or delete it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_entry_subject_ix", "subject_person_id", "id"),)

    id: Mapped[BigId]
    at: Mapped[Instant]
    actor_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    actor_name: Mapped[str]
    action: Mapped[str]
    subject_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    object_type: Mapped[str]
    object_id: Mapped[int] = mapped_column(BigInteger)


def log(
    work: Work,
    action: str,
    *,
    object_type: str,
    object_id: int,
    subject_person_id: int | None = None,
) -> None:
    """Write down an act of the present actor; it commits with what was done."""
    work.session.add(
        AuditEntry(
            at=work.clock.now(),
            actor_person_id=work.actor.person_id,
            actor_name=work.actor.name,
            action=action,
            subject_person_id=subject_person_id,
            object_type=object_type,
            object_id=object_id,
        )
    )
    work.session.flush()
