"""Rooms: a case's words, written without any secret and read only by who holds the room's key.

Owns the pairs of keys, their wrapping for people and for the keepers' circle, and the sealing of a
field to a room; never decides who may hold one (the database asks that again) nor what is shown.
A public key counts only with its mark, a keyed hash under a secret that is in no database. The
sealed text lies inside the case's operational key, so that destroying that erases it.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant
from union.infra.office_locks import refuse_while_locked
from union.infra.sealing import CASE_KEEPERS, Circle, PersonalKey
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from union.infra.sealing import OwnKey
    from union.infra.work import Work


class RoomForgedError(UnionError):
    """This room's key was not made here: nothing is sealed to it and nothing opened by it."""

    code = "room_forged"


class CaseRoom(Base):
    """One epoch of a case's room; only its public half is kept in the open."""

    __tablename__ = "case_room"
    __table_args__ = (
        UniqueConstraint("case_id", "epoch"),
        CheckConstraint("epoch > 0", "epoch"),
        CheckConstraint("octet_length(public_key) = 32", "public_key"),
        CheckConstraint("octet_length(mark) = 32", "mark"),
    )

    id: Mapped[BigId]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_case.id"))
    epoch: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class CaseRoomKey(Base):
    """A room's secret half, wrapped for one person or for the keepers' circle; it only ends."""

    __tablename__ = "case_room_key"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, circle) = 1", "whose"),
        CheckConstraint("circle = 'case_keepers'", "circle"),
        CheckConstraint("ended_at >= made_at", "ended"),
        Index(
            "case_room_key_live_key",
            "room_id",
            "person_id",
            unique=True,
            postgresql_where="ended_at IS NULL AND person_id IS NOT NULL",
        ),
        Index(
            "case_room_key_keepers_key",
            "room_id",
            unique=True,
            postgresql_where="ended_at IS NULL AND circle IS NOT NULL",
        ),
        Index("case_room_key_person_ix", "person_id", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    room_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("case_room.id"))
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    circle: Mapped[str | None] = mapped_column(ForeignKey("circle.name"))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    made_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class RoomField:
    """Where a value lies that is sealed to a room: its case's key, "table.column", its row."""

    key_ref: UUID
    place: str
    row: str


@dataclass(frozen=True, slots=True)
class Holders:
    """For whom a room's key is wrapped: people by their public keys, and perhaps the keepers."""

    people: dict[int, PublicKey]
    keepers: PublicKey | None

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return bool(self.people) or self.keepers is not None


def public_keys(work: Work, person_ids: Iterable[int]) -> dict[int, PublicKey]:
    """Of these people, those who have chosen opening words, with their public halves."""
    rows = work.session.execute(
        select(PersonalKey.person_id, PersonalKey.public_key).where(
            PersonalKey.person_id.in_(list(person_ids))
        )
    )
    return {row.person_id: PublicKey(row.public_key) for row in rows}


def keepers_public_key(work: Work) -> PublicKey | None:
    """The keepers' circle's public half, once there is one."""
    circle = work.session.get(Circle, CASE_KEEPERS)
    return None if circle is None else PublicKey(circle.public_key)


def newest_room(work: Work, case_id: int) -> CaseRoom | None:
    """The room that is written into now."""
    return work.session.scalar(
        select(CaseRoom).where(CaseRoom.case_id == case_id).order_by(CaseRoom.epoch.desc()).limit(1)
    )


def rooms_of(work: Work, case_id: int) -> list[CaseRoom]:
    """All rooms of a case, the first first."""
    return list(
        work.session.scalars(
            select(CaseRoom).where(CaseRoom.case_id == case_id).order_by(CaseRoom.epoch)
        )
    )


def live_keys(work: Work, room_ids: Iterable[int]) -> list[CaseRoomKey]:
    """The keys of these rooms that have not ended."""
    return list(
        work.session.scalars(
            select(CaseRoomKey)
            .where(CaseRoomKey.room_id.in_(list(room_ids)), CaseRoomKey.ended_at.is_(None))
            .order_by(CaseRoomKey.id)
            .execution_options(populate_existing=True)
        )
    )


def make_room(work: Work, case_id: int, epoch: int, holders: Holders) -> CaseRoom:
    """A room whose secret half exists only wrapped for its holders once this call is over."""
    secret = PrivateKey.generate()
    public_key = bytes(secret.public_key)
    room = CaseRoom(
        case_id=case_id,
        epoch=epoch,
        public_key=public_key,
        mark=_mark(work, case_id, epoch, public_key),
        made_at=work.clock.now(),
        made_by_person_id=work.actor.person_id,
    )
    work.session.add(room)
    work.session.flush()
    wrap_for(work, room, secret, holders)
    return room


def wrap_for(work: Work, room: CaseRoom, secret: PrivateKey, holders: Holders) -> None:
    """Wrap a room's secret half for each of these."""
    now, by = work.clock.now(), work.actor.person_id
    for person_id, public_key in sorted(holders.people.items()):
        wrapped = bytes(SealedBox(public_key).encrypt(bytes(secret)))
        work.session.add(
            CaseRoomKey(
                room_id=room.id,
                person_id=person_id,
                wrapped=wrapped,
                made_at=now,
                made_by_person_id=by,
            )
        )
    if holders.keepers is not None:
        wrapped = bytes(SealedBox(holders.keepers).encrypt(bytes(secret)))
        work.session.add(
            CaseRoomKey(
                room_id=room.id,
                circle=CASE_KEEPERS,
                wrapped=wrapped,
                made_at=now,
                made_by_person_id=by,
            )
        )
    work.session.flush()


def unwrap(work: Work, room: CaseRoom, key: CaseRoomKey, secret: PrivateKey) -> PrivateKey:
    """A room's secret half, by the secret of whom it is wrapped for.

    RoomForgedError if what comes out does not belong to this room; OfficeLockedError.
    """
    refuse_while_locked(work.session)
    refuse_forged(work, room)
    try:
        found = PrivateKey(SealedBox(secret).decrypt(key.wrapped))
    except CryptoError as error:
        raise RoomForgedError(room_id=room.id) from error
    if bytes(found.public_key) != room.public_key:
        raise RoomForgedError(room_id=room.id)
    return found


def refuse_forged(work: Work, room: CaseRoom) -> None:
    """RoomForgedError unless this program made the room, for this case and in this place."""
    made = _mark(work, room.case_id, room.epoch, room.public_key)
    if not hmac.compare_digest(made, room.mark):
        raise RoomForgedError(room_id=room.id)


def seal_to_room(work: Work, room: CaseRoom, field: RoomField, text: str) -> bytes:
    """Close ``text`` so that only the room's holders open it; needs no secret. RoomForgedError."""
    refuse_forged(work, room)
    content = json.dumps([room.case_id, room.epoch, field.place, field.row, text]).encode()
    box = bytes(SealedBox(PublicKey(room.public_key)).encrypt(content))
    return work.vault.encrypt_bytes(field.key_ref, field.place, field.row, box)


def open_from_room(
    work: Work, room: CaseRoom, secret: PrivateKey, field: RoomField, blob: bytes
) -> str:
    """The text; its reading was written down before. RoomForgedError for what was moved here.

    KeyGoneError if the case was erased.
    """
    box = work.vault.decrypt_bytes(field.key_ref, field.place, field.row, blob)
    try:
        *about, text = json.loads(SealedBox(secret).decrypt(box))
    except CryptoError as error:
        raise RoomForgedError(room_id=room.id) from error
    if about != [room.case_id, room.epoch, field.place, field.row]:
        raise RoomForgedError(room_id=room.id)
    return str(text)


def room_secrets(
    work: Work, rooms: Iterable[CaseRoom], own: OwnKey, keepers: PrivateKey | None = None
) -> dict[int, PrivateKey]:
    """The secret halves that this opened key opens, by room; through the circle if it is given."""
    by_id = {room.id: room for room in rooms}
    found: dict[int, PrivateKey] = {}
    for key in live_keys(work, by_id):
        if key.room_id in found:
            continue
        if key.person_id == own.person_id:
            found[key.room_id] = unwrap(work, by_id[key.room_id], key, own.secret)
        elif key.circle is not None and keepers is not None:
            found[key.room_id] = unwrap(work, by_id[key.room_id], key, keepers)
    return found


def _mark(work: Work, case_id: int, epoch: int, public_key: bytes) -> bytes:
    return work.vault.fingerprint("case_room", f"{case_id}|{epoch}|{public_key.hex()}")
