"""Keys that are to end: orders to erase somebody, and the rows from which alone a key is destroyed.

Two databases cannot commit together, so a key is destroyed only once a committed row says that it
ends; whatever is killed in between is done again and changes nothing. What is hers, what must be
over first and what is left of her is answered by the database, so that the laws ask the same.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from union.infra.db import Base, BigId, Instant, Ref
from union.infra.retention import RUN_LOCK
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from union.infra.work import Work

ERASURE = "erasure"
BATCH = 50
"""So many keys end before it is committed that they did."""


class KeyMissingError(UnionError):
    """The key store knows nothing of keys that are to end: they cannot be said to be gone."""

    code = "key_missing"


class Erasure(Base):
    """Somebody is to be erased: asked, agreed by two, told to her, carried out step by step.

    ``person_id`` is the entry that is kept of her. Each instant is written once and stays.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("asked_how IN ('herself', 'office', 'court')", name="asked_how"),
        CheckConstraint("stopped_how IN ('answer', 'page', 'office')", name="stopped_how"),
        CheckConstraint("(first_by IS NULL) = (first_at IS NULL)", name="first"),
        CheckConstraint("not_before >= told_at + interval '72 hours'", name="waits"),
        Index(
            "erasure_open_key",
            "person_id",
            unique=True,
            postgresql_where="stopped_at IS NULL AND ended_at IS NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    asked_at: Mapped[Instant]
    asked_how: Mapped[str] = mapped_column(String(8))
    first_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    first_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    second_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    second_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    not_before: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_how: Mapped[str | None] = mapped_column(String(8))
    stopped_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    begun_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    keys_gone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rows_gone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    listed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def is_open(self) -> bool:
        """Whether anything may still come of it."""
        return self.stopped_at is None and self.ended_at is None

    @property
    def may_be_stopped(self) -> bool:
        """Until the first key is ordered to end."""
        return self.stopped_at is None and self.begun_at is None


class KeyEnd(Base):
    """A data key is to be destroyed; ``destroyed_at`` once the key store says that it was."""

    __tablename__ = "key_end"
    __table_args__ = (Index("key_end_erasure_ix", "erasure_id"),)

    key_ref: Mapped[UUID] = mapped_column(postgresql.UUID(as_uuid=True), primary_key=True)
    erasure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("erasure.id"))
    ordered_at: Mapped[Instant]
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


def held(session: Session, person_id: int) -> bool:
    """Whether something of hers must be kept for now: a court, an inquiry."""
    return bool(session.scalar(select(func.erasure_held(person_id))))


def hindrances(session: Session, person_id: int) -> list[str]:
    """What must be over before she is erased, as codes: nothing of it stands when it begins."""
    found = text("SELECT hindrance FROM erasure_hindrances(:who) AS hindrance")
    return list(session.scalars(found, {"who": person_id}))


def left_of(session: Session, person_id: int) -> list[str]:
    """The places where something of hers still lies open, or under a key that is not hers."""
    return list(
        session.scalars(text("SELECT place FROM erasure_left(:who) AS place"), {"who": person_id})
    )


def order_keys(work: Work, order: Erasure) -> int:
    """Write down every key of hers that is to end and is not written yet; how many those were."""
    added = text(
        "INSERT INTO key_end (key_ref, erasure_id, ordered_at)"
        " SELECT key_ref, :order, :now FROM erasure_keys(:who) AS key_ref"
        " ON CONFLICT (key_ref) DO NOTHING"
        " RETURNING key_ref"
    )
    told = {"order": order.id, "now": work.clock.now(), "who": order.person_id}
    return len(work.session.execute(added, told).all())


def destroy_some(work: Work, order: Erasure, most: int = BATCH) -> bool:
    """Destroy some of the keys that are ordered to end; whether any is left.

    KeyMissingError where the key store says of none that it was destroyed.
    The rows must be committed: a key that was destroyed by what is rolled back would be lost.
    Nothing is destroyed once a hold stands, and none is placed meanwhile (`RUN_LOCK`).
    """
    work.session.execute(select(func.pg_advisory_xact_lock(RUN_LOCK)))
    waiting = select(KeyEnd.key_ref).where(
        KeyEnd.erasure_id == order.id, KeyEnd.destroyed_at.is_(None)
    )
    if work.session.scalar(waiting.limit(1)) is None:
        return False
    if held(work.session, order.person_id):
        return True
    refs = work.session.scalars(waiting.order_by(KeyEnd.key_ref).limit(most)).all()
    for key_ref in refs:
        work.vault.destroy_key(key_ref)
    destroyed = work.vault.destroyed(refs)
    if not destroyed:
        raise KeyMissingError(order=order.id)
    now = work.clock.now()
    for key_ref in destroyed:
        work.session.execute(
            update(KeyEnd).where(KeyEnd.key_ref == key_ref).values(destroyed_at=now)
        )
    work.session.expire_all()
    return work.session.scalar(waiting.limit(1)) is not None


def keys_of(session: Session, order: Erasure) -> list[KeyEnd]:
    """The keys of this order, by their references."""
    ended = select(KeyEnd).where(KeyEnd.erasure_id == order.id).order_by(KeyEnd.key_ref)
    return list(session.scalars(ended))


def stop_orders(
    work: Work,
    person_ids: Collection[int],
    how: str,
    by: int | None = None,
    *,
    told_only: bool = False,
) -> list[Erasure]:
    """Stop what is asked for these people, or only what was told, and has not begun.

    Which orders those were.
    """
    if not person_ids:
        return []
    meant = func.one_person(Erasure.person_id, type_=BigInteger).in_(
        [func.one_person(one, type_=BigInteger) for one in person_ids]
    )
    asked = select(Erasure).where(meant, Erasure.stopped_at.is_(None), Erasure.begun_at.is_(None))
    if told_only:
        asked = asked.where(Erasure.told_at.is_not(None))
    orders = work.session.scalars(asked.order_by(Erasure.id).with_for_update()).all()
    for order in orders:
        order.stopped_at, order.stopped_how, order.stopped_by = work.clock.now(), how, by
    work.session.flush()
    return list(orders)


def entries_erased(session: Session, key_refs: Collection[UUID]) -> list[int]:
    """Whose keys these are, of people who were erased and whose rows still stand: after a restore.

    A key that was too old says nothing of an erasure; what is held stays as it is.
    """
    found = text(
        "SELECT DISTINCT one_person(p.id) FROM person p JOIN member m ON m.person_id = p.id"
        " WHERE p.key_ref = ANY (:refs) AND EXISTS (SELECT FROM erasure_left(p.id))"
        " AND (EXISTS (SELECT FROM key_end e WHERE e.key_ref = p.key_ref)"
        " OR NOT EXISTS (SELECT FROM retention_key r WHERE r.key_ref = p.key_ref))"
        " AND NOT erasure_held(p.id)"
    )
    return list(session.scalars(found, {"refs": list(key_refs)}))
