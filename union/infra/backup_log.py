"""When the union was backed up and when it was brought back: rows that are only ever added.

Owns these two tables; never decides when either is due.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, DateTime, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from union.infra.db import Base, BigId, Instant


class BackupMade(Base):
    """One backup that was finished, as its manifest tells of it."""

    __tablename__ = "backup_made"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint("began_at <= ended_at", "order"),
    )

    id: Mapped[BigId]
    ref: Mapped[str] = mapped_column(String(40))
    began_at: Mapped[Instant]
    ended_at: Mapped[Instant]
    main_sha256: Mapped[str] = mapped_column(String(64))
    keys_sha256: Mapped[str] = mapped_column(String(64))


class RestoreDone(Base):
    """This union came back from a backup, and what was seen to before it woke."""

    __tablename__ = "restore_done"

    id: Mapped[BigId]
    ref: Mapped[str] = mapped_column(String(40))
    backed_up_at: Mapped[Instant]
    restored_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    keys_destroyed: Mapped[int]
    messages_held: Mapped[int]
    sessions_ended: Mapped[int]


TOLD_FOR = timedelta(days=2)
"""So long the board says that the union came back."""


def came_back_lately(session: Session, now: datetime) -> RestoreDone | None:
    """The restore that whoever is on duty must still know of."""
    lately = select(RestoreDone).where(RestoreDone.restored_at > now - TOLD_FOR)
    return session.scalars(lately.order_by(RestoreDone.id.desc()).limit(1)).one_or_none()


def last_backup(session: Session) -> datetime | None:
    """When the newest backup that was finished was begun: what came later is in none."""
    return session.scalar(select(func.max(BackupMade.began_at)))
