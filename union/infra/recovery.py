"""What lets two trustees open anew what every holder has lost: papers, a set, its boxes and wraps.

Owns the rows; the secrets stand on paper only, and the set's own secret is made and forgotten in
one call. Never decides who is a trustee, and opens nothing: that is done where there is no
database (``recovery_papers``).
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from nacl.public import PrivateKey
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    Index,
    LargeBinary,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant
from union.infra.lock_recovery import lock_box, lock_in_a_set
from union.infra.pair_boxes import box_for_pairs, close
from union.infra.recovery_papers import Boxes
from union.infra.sealing import Circle
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union.infra.work import Work

REHEARSED_WITHIN = timedelta(days=365)
CANARY_BYTES = 16


_RETIRE = text("DELETE FROM recovery_box WHERE recovery_is_replaced(set_id)")


class NoRecoverySetError(UnionError):
    """No set of papers was made yet."""

    code = "no_recovery_set"


class RehearsalUntrueError(UnionError):
    """These figures are not what the newest canary holds, or they were brought before."""

    code = "rehearsal_untrue"


class RecoveryPaper(Base):
    """A trustee's paper: of its secret only the public half is kept."""

    __tablename__ = "recovery_paper"
    __table_args__ = (
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        Index("recovery_paper_person_ix", "person_id", "id"),
    )

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[Instant]


class RecoverySet(Base):
    """A recovery key that any two of the papers in it open; the newest counts."""

    __tablename__ = "recovery_set"
    __table_args__ = (CheckConstraint("octet_length(public_key) = 32", name="public_key"),)

    id: Mapped[BigId]
    public_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_in: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


class RecoveryBox(Base):
    """The set's secret, boxed for two of its papers."""

    __tablename__ = "recovery_box"

    set_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("recovery_set.id"), primary_key=True)
    first_paper_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("recovery_paper.id"), primary_key=True
    )
    second_paper_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("recovery_paper.id"), primary_key=True
    )
    box: Mapped[bytes] = mapped_column(LargeBinary)


class RecoveryWrap(Base):
    """A circle's secret half, wrapped for a set by somebody who holds the circle."""

    __tablename__ = "recovery_wrap"

    set_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("recovery_set.id"), primary_key=True)
    circle: Mapped[str] = mapped_column(ForeignKey("circle.name"), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class RecoveryCanary(Base):
    """Something worth nothing, wrapped as a circle is: what a rehearsal opens."""

    __tablename__ = "recovery_canary"

    id: Mapped[BigId]
    set_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("recovery_set.id"))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    content_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[Instant]


class RecoveryRehearsal(Base):
    """Two papers opened a canary: its content is the proof."""

    __tablename__ = "recovery_rehearsal"

    canary_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("recovery_canary.id"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    rehearsed_at: Mapped[Instant]


class RecoveryTrouble(StrEnum):
    """What is late or missing."""

    NO_SET = "no_set"
    NOT_WRAPPED = "not_wrapped"
    NOT_REHEARSED = "not_rehearsed"


def newest_set(work: Work) -> RecoverySet | None:
    """The set that counts."""
    return work.session.scalar(select(RecoverySet).order_by(RecoverySet.id.desc()).limit(1))


def make_set(work: Work, papers: Mapping[int, bytes], made_by: int) -> RecoverySet:
    """A new set of these papers (by id, with public halves), two people's at the least.

    Its secret is in nobody's hands afterwards, but in those of any two of them.
    """
    secret = PrivateKey.generate()
    made = RecoverySet(
        public_key=bytes(secret.public_key), made_at=work.clock.now(), made_by=made_by
    )
    work.session.add(made)
    work.session.flush()
    for (first, second), box in box_for_pairs(bytes(secret), papers).items():
        work.session.add(
            RecoveryBox(set_id=made.id, first_paper_id=first, second_paper_id=second, box=box)
        )
    work.session.flush()
    return made


def wrap_for_set(work: Work, of: RecoverySet, circle: str, secret: PrivateKey, by: int) -> None:
    """Wrap a circle's secret half for a set; once, a second time changes nothing."""
    if work.session.get(RecoveryWrap, (of.id, circle)) is not None:
        return
    work.session.add(
        RecoveryWrap(
            set_id=of.id,
            circle=circle,
            wrapped=close(bytes(secret), of.public_key),
            made_at=work.clock.now(),
            made_by=by,
        )
    )
    work.session.flush()


def retire_older(connection: Connection) -> int:
    """Remove, as the database's owner, the boxes of sets that a newer one replaces; how many.

    It holds all that they held, and two of its papers were tried.
    """
    return connection.execute(_RETIRE).rowcount


def not_wrapped(work: Work, of: RecoverySet) -> list[str]:
    """The circles whose secret half is not wrapped for this set."""
    wrapped = select(RecoveryWrap.circle).where(RecoveryWrap.set_id == of.id)
    bare = select(Circle.name).where(Circle.name.not_in(wrapped)).order_by(Circle.name)
    return list(work.session.scalars(bare))


def export_boxes(work: Work, target: tuple[int, bytes] | None = None) -> Boxes:
    """The newest set with a canary of its own for this once; NoRecoverySetError.

    While the office is locked it is the set in which the lock's own secret lies.
    """
    locked = lock_in_a_set(work)
    of = newest_set(work) if locked is None else work.session.get(RecoverySet, locked.set_id)
    if of is None:
        raise NoRecoverySetError
    content = os.urandom(CANARY_BYTES)
    canary = RecoveryCanary(
        set_id=of.id,
        wrapped=close(content, of.public_key),
        content_sha256=hashlib.sha256(content).digest(),
        made_at=work.clock.now(),
    )
    work.session.add(canary)
    work.session.flush()
    boxes = work.session.scalars(select(RecoveryBox).where(RecoveryBox.set_id == of.id)).all()
    papers = select(RecoveryPaper).where(
        RecoveryPaper.id.in_({one.first_paper_id for one in boxes})
    )
    wraps = (
        select(RecoveryWrap.circle, Circle.public_key, RecoveryWrap.wrapped)
        .join(Circle, Circle.name == RecoveryWrap.circle)
        .where(RecoveryWrap.set_id == of.id)
        .order_by(RecoveryWrap.circle)
    )
    return Boxes(
        of.public_key,
        {one.id: one.public_key for one in work.session.scalars(papers)},
        {(one.first_paper_id, one.second_paper_id): one.box for one in boxes},
        canary.wrapped,
        {row.circle: (row.public_key, row.wrapped) for row in work.session.execute(wraps)},
        target,
        None if locked is None else lock_box(work, locked),
    )


def write_rehearsal(work: Work, content: bytes) -> None:
    """Write down that two papers opened a canary; RehearsalUntrueError."""
    known = select(RecoveryCanary.id).where(
        RecoveryCanary.content_sha256 == hashlib.sha256(content).digest()
    )
    canary_id = work.session.scalar(known)
    if canary_id is None or work.session.get(RecoveryRehearsal, canary_id) is not None:
        raise RehearsalUntrueError
    work.session.add(
        RecoveryRehearsal(canary_id=canary_id, content=content, rehearsed_at=work.clock.now())
    )
    work.session.flush()


def last_rehearsed(work: Work, of: RecoverySet) -> datetime | None:
    """When two papers of this set last opened a canary."""
    return work.session.scalar(
        select(func.max(RecoveryRehearsal.rehearsed_at))
        .join(RecoveryCanary, RecoveryCanary.id == RecoveryRehearsal.canary_id)
        .where(RecoveryCanary.set_id == of.id)
    )


def recovery_troubles(work: Work) -> list[RecoveryTrouble]:
    """What ``union doctor`` and the trustees' page say; nothing while no circle was ever made."""
    if work.session.scalar(select(Circle.name).limit(1)) is None:
        return []
    of = newest_set(work)
    if of is None:
        return [RecoveryTrouble.NO_SET]
    found = [RecoveryTrouble.NOT_WRAPPED] if not_wrapped(work, of) else []
    last = last_rehearsed(work, of)
    if last is None or work.clock.now() - last > REHEARSED_WITHIN:
        found.append(RecoveryTrouble.NOT_REHEARSED)
    return found
