"""The office's lock: whether it stands, the layer it lays over wrapped keys, and taking that off.

Owns the rows of a lock and both ways through it; never decides who may lock or bring it back, and
opens nothing that lies under a layer: what it takes off gives way to the bytes that were there.
The layer needs no secret, so that whoever comes by after a kill goes on with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref
from union.infra.pair_boxes import close, peel
from union.infra.timers import Timer, set_timer, take_timer
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nacl.public import PrivateKey
    from sqlalchemy import Row, TextClause
    from sqlalchemy.orm import Session

    from union.infra.timers import TimerHandler
    from union.infra.work import Work

LAYER_OFFICE = "layer_office"
OFFICE_LOCK = "office_lock"
"""Subject of its timers."""

BATCH = 1000
"""So many keys are covered, or uncovered, in one commit: well under a second."""

_KEEPER = ["office_lock_keeper.lock_id", "office_lock_keeper.person_id"]


class OfficeLockedError(UnionError):
    """The office is locked: nothing that is sealed opens."""

    code = "office_locked"


class OfficeLock(Base):
    """The office was locked; without a ``public_key`` nobody could have taken a layer off again.

    ``locked_by`` is who did it, or who printed the paper that did; None at the machine itself.
    """

    __tablename__ = OFFICE_LOCK
    __table_args__ = (
        CheckConstraint("how IN ('page', 'paper', 'command')", name="how"),
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        CheckConstraint("(how = 'command') = (locked_by IS NULL)", name="locker"),
        Index("office_lock_locked_ix", "locked_at"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    locked_at: Mapped[Instant]
    locked_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    how: Mapped[str] = mapped_column(String(8))
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_in: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


class OfficeLockKeeper(Base):
    """Somebody who may be one of the two that bring it back, as it was when it was locked."""

    __tablename__ = "office_lock_keeper"

    lock_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("office_lock.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)


class OfficeLockBox(Base):
    """The lock's secret, boxed for two of them."""

    __tablename__ = "office_lock_box"
    __table_args__ = (
        CheckConstraint("first_person_id <> second_person_id", name="two"),
        ForeignKeyConstraint(
            ["lock_id", "first_person_id"], _KEEPER, name="office_lock_box_first_fkey"
        ),
        ForeignKeyConstraint(
            ["lock_id", "second_person_id"], _KEEPER, name="office_lock_box_second_fkey"
        ),
    )

    lock_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    first_person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    second_person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class OfficeUnlockPart(Base):
    """What the first hand left for one possible second: still a box, which only that one opens.

    Empty where there was nothing to open. What somebody forged lies beside the true one.
    """

    __tablename__ = "office_unlock_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["lock_id", "first_person_id"], _KEEPER, name="office_unlock_part_first_fkey"
        ),
        ForeignKeyConstraint(
            ["lock_id", "second_person_id"], _KEEPER, name="office_unlock_part_second_fkey"
        ),
        UniqueConstraint(
            *("lock_id", "first_person_id", "second_person_id", "part"),
            name="office_unlock_part_key",
        ),
    )

    id: Mapped[BigId]
    lock_id: Mapped[int] = mapped_column(BigInteger)
    first_person_id: Mapped[int] = mapped_column(BigInteger)
    second_person_id: Mapped[int] = mapped_column(BigInteger)
    part: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class OfficeUnlock(Base):
    """The second hand, or the proof that two papers opened it: from here on layers come off."""

    __tablename__ = "office_unlock"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(first_person_id, second_person_id)"
            " = CASE WHEN proof IS NULL THEN 2 ELSE 0 END",
            name="hands",
        ),
        ForeignKeyConstraint(
            ["lock_id", "first_person_id"], _KEEPER, name="office_unlock_first_fkey"
        ),
        ForeignKeyConstraint(
            ["lock_id", "second_person_id"], _KEEPER, name="office_unlock_second_fkey"
        ),
    )

    lock_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("office_lock.id"), primary_key=True)
    first_person_id: Mapped[int | None] = mapped_column(BigInteger)
    second_person_id: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[Instant]
    proof: Mapped[bytes | None] = mapped_column(LargeBinary)


class OfficeReopened(Base):
    """The last layer was off: the office is open again."""

    __tablename__ = "office_reopened"

    lock_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("office_unlock.lock_id"), primary_key=True
    )
    reopened_at: Mapped[Instant]


class OfficeLayer(Base):
    """A wrapped key that a lock has covered, and the hash of what it must become again."""

    __tablename__ = "office_layer"
    __table_args__ = (
        Index("office_layer_on_ix", "place", "row_key", postgresql_where=text("peeled_at IS NULL")),
    )

    lock_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("office_lock.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(16), primary_key=True)
    row_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    before_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    layered_at: Mapped[Instant]
    peeled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OfficeLockPaper(Base):
    """A printed paper that locks once; of its letters only a keyed hash is kept."""

    __tablename__ = "office_lock_paper"
    __table_args__ = (CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),)

    id: Mapped[BigId]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


_BARE = text(
    "SELECT w.place, w.row_key, w.wrapped FROM office_wraps() w WHERE NOT EXISTS ("
    " SELECT FROM office_layer y WHERE y.lock_id = :lock AND y.place = w.place"
    " AND y.row_key = w.row_key) ORDER BY 1, 2 LIMIT :most"
)
_COVERED = text(
    "SELECT y.place, y.row_key, office_wrap_of(y.place, y.row_key) AS wrapped FROM office_layer y"
    " WHERE y.lock_id = :lock AND y.peeled_at IS NULL ORDER BY 1, 2 LIMIT :most"
)
_PUT_ON = text("SELECT office_layer_on(:lock, :place, :row_key, :content, :at)")
_TAKE_OFF = text("SELECT office_layer_off(:lock, :place, :row_key, :content, :at)")
_TAKE_TURNS = select(func.pg_advisory_xact_lock(5001))
"""The database takes it, too, wherever a lock begins, covers, uncovers or ends."""


def take_turns(session: Session) -> None:
    """From here to the commit nobody else locks, covers, uncovers or reopens."""
    session.execute(_TAKE_TURNS)


def standing_lock(session: Session) -> OfficeLock | None:
    """The lock under which the office stands; None if it is open."""
    reopened = select(OfficeReopened.lock_id).where(OfficeReopened.lock_id == OfficeLock.id)
    return session.scalar(
        select(OfficeLock).where(~reopened.exists()).order_by(OfficeLock.id.desc()).limit(1)
    )


def refuse_while_locked(session: Session) -> None:
    """OfficeLockedError if the office is locked, whatever is layered by now."""
    if standing_lock(session) is not None:
        raise OfficeLockedError


def has_begun_to_open(session: Session, lock: OfficeLock) -> bool:
    """Whether two have opened it, and layers are coming off."""
    return session.get(OfficeUnlock, lock.id) is not None


def layer_batch(work: Work, lock: OfficeLock, most: int | None = None) -> int:
    """Cover so many wrapped keys that are not yet; how many there were. Needs no secret."""
    take_turns(work.session)
    if lock.public_key is None or has_begun_to_open(work.session, lock):
        return 0
    bare = work.session.execute(_BARE, {"lock": lock.id, "most": most or BATCH}).all()
    covered = [(row, close(row.wrapped, lock.public_key)) for row in bare]
    return _change(work, lock, _PUT_ON, covered)


def peel_batch(work: Work, lock: OfficeLock, secret: PrivateKey, most: int | None = None) -> int:
    """Uncover so many keys by the lock's own secret; how many there were.

    PairBoxWrongError if a layer is none of this lock's.
    """
    take_turns(work.session)
    covered = work.session.execute(_COVERED, {"lock": lock.id, "most": most or BATCH}).all()
    return _change(work, lock, _TAKE_OFF, [(row, peel(row.wrapped, secret)) for row in covered])


def layer_office(work: Work, timer: Timer) -> None:
    """Go on covering until nothing lies bare; the rest by a timer of its own each time."""
    take_turns(work.session)
    lock = standing_lock(work.session)
    if not take_timer(work, timer) or lock is None or lock.id != timer.subject_id:
        return
    if layer_batch(work, lock) == BATCH:
        layer_later(work, lock)


def layer_later(work: Work, lock: OfficeLock) -> None:
    """Whatever is still bare is covered as soon as this is committed."""
    set_timer(
        work,
        kind=LAYER_OFFICE,
        subject_type=OFFICE_LOCK,
        subject_id=lock.id,
        due_at=work.clock.now(),
    )


def _change(
    work: Work, lock: OfficeLock, door: TextClause, rows: Sequence[tuple[Row[Any], bytes]]
) -> int:
    at = work.clock.now()
    for row, content in rows:
        key = {"place": row.place, "row_key": row.row_key}
        work.session.execute(door, {"lock": lock.id, "content": content, "at": at, **key})
    return len(rows)


TIMERS: dict[str, TimerHandler] = {LAYER_OFFICE: layer_office}
