"""The sealed tier: anyone may write into a circle, only its entitled people can read.

Each circle (legal names, health …) has a key pair whose secret half exists only wrapped for
each entitled person; her own secret half exists only under a key stretched from her
passphrase. The opened key lives nowhere between two requests: each opening asks for the
passphrase, and what it opens is written down before it is shown. The sealed text lies inside
the operational tier too, so that destroying the subject's key erases it as well.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from union.infra import audit
from union.infra.db import Base, Instant
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work

LEGAL_NAMES = "legal_names"
HEALTH = "health"
MINORS = "minors"
STATEMENTS = "statements"
CIRCLES = (LEGAL_NAMES, HEALTH, MINORS, STATEMENTS)

_SALT_BYTES = 16
_PASSES, _MEMORY_KIB, _LANES = 3, 65536, 2


class PersonalKey(Base):
    """A person's own key pair; the secret half is under her passphrase."""

    __tablename__ = "personal_key"

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class Circle(Base):
    """A compartment; only its public half is kept in the open."""

    __tablename__ = "circle"

    name: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class CircleKey(Base):
    """A circle's secret half, wrapped for one entitled person."""

    __tablename__ = "circle_key"

    circle: Mapped[str] = mapped_column(ForeignKey("circle.name"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    wrapped_secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CircleMissingError(UnionError):
    """Nobody has been entitled to this circle yet, so nothing may be sealed into it."""

    code = "circle_missing"


class NotEntitledError(UnionError):
    """This person holds no key to the circle."""

    code = "not_entitled"


class PassphraseWrongError(UnionError):
    """The passphrase does not open her key."""

    code = "passphrase_wrong"


@dataclass(frozen=True, slots=True)
class SealedField:
    """Where a sealed value lies: circle, its subject's key, "table.column" and the row's own id."""

    circle: str
    key_ref: UUID
    place: str
    row: str | int


def make_personal_key(work: Work, person_id: int, passphrase: str) -> None:
    """Give a person a key pair, its secret half under her passphrase, kept nowhere else."""
    secret = PrivateKey.generate()
    salt = os.urandom(_SALT_BYTES)
    work.session.add(
        PersonalKey(
            person_id=person_id,
            public_key=bytes(secret.public_key),
            salt=salt,
            wrapped_secret=bytes(SecretBox(_stretch(passphrase, salt)).encrypt(bytes(secret))),
            made_at=work.clock.now(),
        )
    )
    work.session.flush()


def make_circle(work: Work, name: str, entitled: list[int]) -> None:
    """Make a circle and wrap its secret half for each entitled person; nobody else ever has it.

    The people need personal keys. A circle that exists is left as it is.
    """
    if work.session.get(Circle, name) is not None:
        return
    secret = PrivateKey.generate()
    now = work.clock.now()
    work.session.add(Circle(name=name, public_key=bytes(secret.public_key), made_at=now))
    work.session.flush()
    for person_id in entitled:
        _wrap_for(work, name, secret, person_id)


def entitle(work: Work, circle: str, person_id: int, passphrase: str) -> None:
    """Let another person into a circle; the present actor must be in it and give her passphrase."""
    _wrap_for(work, circle, _circle_secret(work, circle, passphrase), person_id)


def seal(work: Work, field: SealedField, text: str) -> bytes:
    """Close ``text`` so that only the circle's people can open it; needs no secret.

    CircleMissingError if nobody could ever open it.
    """
    circle = work.session.get(Circle, field.circle)
    if circle is None:
        raise CircleMissingError(circle=field.circle)
    content = json.dumps([field.place, str(field.row), text]).encode()
    box = SealedBox(PublicKey(circle.public_key)).encrypt(content)
    return work.vault.encrypt_bytes(field.key_ref, field.place, field.row, bytes(box))


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose sealed value is opened, as it is written down for her to see."""

    action: str
    object_type: str
    object_id: int
    subject_person_id: int | None


class OpenCircle:
    """A circle opened by one person within one unit of work; each reading is logged first."""

    def __init__(self, work: Work, circle: str, passphrase: str) -> None:
        """PassphraseWrongError or NotEntitledError if the present actor may not."""
        self._work = work
        self._circle = circle
        self._box = SealedBox(_circle_secret(work, circle, passphrase))

    def open(self, field: SealedField, blob: bytes, reading: Reading) -> str:
        """The text. Show it only after the unit of work that logged the reading has committed."""
        audit.log(
            self._work,
            reading.action,
            object_type=reading.object_type,
            object_id=reading.object_id,
            subject_person_id=reading.subject_person_id,
        )
        box = self._work.vault.decrypt_bytes(field.key_ref, field.place, field.row, blob)
        place, row, text = json.loads(self._box.decrypt(box))
        if (place, row) != (field.place, str(field.row)):
            raise CryptoError
        return str(text)


def _circle_secret(work: Work, circle: str, passphrase: str) -> PrivateKey:
    person_id = work.actor.person_id
    wrapped = work.session.scalar(
        select(CircleKey.wrapped_secret).where(
            CircleKey.circle == circle,
            CircleKey.person_id == person_id,
            CircleKey.revoked_at.is_(None),
        )
    )
    personal = work.session.get(PersonalKey, person_id) if person_id is not None else None
    if wrapped is None or personal is None:
        raise NotEntitledError(circle=circle)
    try:
        own = SecretBox(_stretch(passphrase, personal.salt)).decrypt(personal.wrapped_secret)
    except CryptoError as error:
        raise PassphraseWrongError from error
    return PrivateKey(SealedBox(PrivateKey(own)).decrypt(wrapped))


def _wrap_for(work: Work, circle: str, secret: PrivateKey, person_id: int) -> None:
    personal = work.session.get(PersonalKey, person_id)
    if personal is None:
        raise NotEntitledError(circle=circle)
    wrapped = SealedBox(PublicKey(personal.public_key)).encrypt(bytes(secret))
    work.session.add(
        CircleKey(
            circle=circle,
            person_id=person_id,
            wrapped_secret=bytes(wrapped),
            made_at=work.clock.now(),
        )
    )
    work.session.flush()


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, SecretBox.KEY_SIZE, Type.ID
    )
