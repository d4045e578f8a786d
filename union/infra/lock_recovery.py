"""A lock's secret in the trustees' set: what brings an office back whose keepers are all gone.

Owns the rows and what is in the box; never opens it (two papers do, where there is no database:
``recovery_papers``), and never decides who may lock or bring back.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from nacl.public import PrivateKey
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant
from union.infra.office_locks import OfficeLock, OfficeLockKeeper, standing_lock
from union.infra.pair_boxes import PairBoxWrongError, close, peel
from union.infra.recovery_papers import PROOF_BYTES, LockBox, halves_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from union.infra.recovery import RecoverySet
    from union.infra.work import Work


class OfficeLockRecovery(Base):
    """A lock's secret and, behind it, a proof, in one box for the set that counted then."""

    __tablename__ = "office_lock_recovery"
    __table_args__ = (CheckConstraint("octet_length(proof_sha256) = 32", name="proof"),)

    lock_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("office_lock.id"), primary_key=True)
    set_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("recovery_set.id"))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    proof_sha256: Mapped[bytes] = mapped_column(LargeBinary)


class OfficeLockLetIn(Base):
    """Somebody for whom two papers wrapped it; what somebody forged lies beside the true one."""

    __tablename__ = "office_lock_let_in"
    __table_args__ = (
        UniqueConstraint("lock_id", "person_id", "box", name="office_lock_let_in_key"),
    )

    id: Mapped[BigId]
    lock_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("office_lock_recovery.lock_id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    box: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


def box_for_papers(
    work: Work, lock: OfficeLock, secret: PrivateKey | None, of: RecoverySet
) -> None:
    """Lay the lock's secret into the set, in the same breath as it is locked."""
    proof = os.urandom(PROOF_BYTES)
    content = (bytes(secret) if secret is not None else b"") + proof
    work.session.add(
        OfficeLockRecovery(
            lock_id=lock.id,
            set_id=of.id,
            wrapped=close(content, of.public_key),
            proof_sha256=hashlib.sha256(proof).digest(),
        )
    )
    work.session.flush()


def lock_in_a_set(work: Work) -> OfficeLockRecovery | None:
    """Where the standing lock lies; None if none stands, or there was no set."""
    lock = standing_lock(work.session)
    return work.session.get(OfficeLockRecovery, lock.id) if lock is not None else None


def lock_box(work: Work, of: OfficeLockRecovery) -> LockBox:
    """As it is taken to a machine off the net."""
    lock = work.session.get_one(OfficeLock, of.lock_id)
    return LockBox(lock.id, lock.public_key or b"", of.wrapped, of.proof_sha256)


def let_in_to_lock(work: Work, person_id: int, lock_id: int, box: bytes) -> bool:
    """Keep what two papers wrapped for somebody; whether it is new and of a lock that stands."""
    of = lock_in_a_set(work)
    if of is None or of.lock_id != lock_id:
        return False
    lies = select(OfficeLockLetIn.id).filter_by(lock_id=lock_id, person_id=person_id, box=box)
    if work.session.scalar(lies) is not None:
        return False
    work.session.add(
        OfficeLockLetIn(lock_id=lock_id, person_id=person_id, box=box, made_at=work.clock.now())
    )
    work.session.flush()
    return True


def keepers_of(session: Session, lock: OfficeLock) -> tuple[int, ...]:
    """Who may be one of the two that bring this lock off."""
    held = select(OfficeLockKeeper.person_id).where(OfficeLockKeeper.lock_id == lock.id)
    return tuple(session.scalars(held.order_by(OfficeLockKeeper.person_id)))


def is_let_in(work: Work, lock: OfficeLock) -> bool:
    """Whether two papers wrapped this lock's secret for whoever asks."""
    hers = select(OfficeLockLetIn.id).filter_by(lock_id=lock.id, person_id=work.actor.person_id)
    return work.session.scalar(hers.limit(1)) is not None


def opened_by_papers(
    work: Work, lock: OfficeLock, own: PrivateKey
) -> tuple[PrivateKey | None, bytes] | None:
    """The lock's secret (None where nothing was covered) and the proof, by her own key.

    None if no box of hers opens to them.
    """
    of = work.session.get(OfficeLockRecovery, lock.id)
    hers = select(OfficeLockLetIn).filter_by(lock_id=lock.id, person_id=work.actor.person_id)
    if of is None:
        return None
    for one in work.session.scalars(hers.order_by(OfficeLockLetIn.id)):
        try:
            return halves_of(peel(one.box, own), lock.public_key or b"", of.proof_sha256)
        except PairBoxWrongError:
            continue
    return None
