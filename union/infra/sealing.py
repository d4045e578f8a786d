"""The sealed tier: anyone may write into a circle, only its entitled people can read.

Each circle (legal names, health …) has a key pair whose secret half exists only wrapped for
each entitled person; her own secret half exists only under a key stretched from her opening
words. It is opened by these, for one request, or for minutes as ``opened_keys`` has it; what it
opens is written down before it is shown. The sealed text lies inside the operational tier too,
so that destroying the subject's key erases it as well.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, func, select
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, Instant
from union.infra.office_locks import refuse_while_locked
from union.infra.readings import Reading, write_down
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work

LEGAL_NAMES = "legal_names"
HEALTH = "health"
MINORS = "minors"
STATEMENTS = "statements"
CASE_KEEPERS = "case_keepers"
"""They let others into a case's words (``rooms``); nothing is sealed into this circle itself."""

CIRCLES = (LEGAL_NAMES, HEALTH, MINORS, STATEMENTS, CASE_KEEPERS)

ASKED_EACH_TIME = frozenset({LEGAL_NAMES, MINORS})
"""Circles that open by words said this very time, never by a key that was opened before."""

_SALT_BYTES = 16
_PASSES, _MEMORY_KIB, _LANES = 3, 65536, 2


class PersonalKey(Base):
    """A person's own key pair; the secret half is under her passphrase, another since a change."""

    __tablename__ = "personal_key"

    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    proof_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)


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


class OwnKeyMissingError(UnionError):
    """She has chosen no opening words yet, so nothing can be sealed to her or opened by her."""

    code = "own_key_missing"


class WordsAskedError(UnionError):
    """This opens only by words said this very time."""

    code = "words_asked"


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A person's own secret half, opened; ``kept`` if it was opened in an earlier request.

    Lives in one request only, and is written nowhere.
    """

    person_id: int
    secret: PrivateKey = field(repr=False)
    kept: bool = False


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
    salt, wrapped = _under(passphrase, secret)
    work.session.add(
        PersonalKey(
            person_id=person_id,
            public_key=bytes(secret.public_key),
            salt=salt,
            wrapped_secret=wrapped,
            made_at=work.clock.now(),
            proof_sha256=sha256(_proof(secret)).digest(),
        )
    )
    work.session.flush()


def put_under_other_words(work: Work, present: str, chosen: str) -> None:
    """The present actor's own key opens by other words from now on, and by these no more.

    OwnKeyMissingError; PassphraseWrongError, also if somebody was quicker. The database asks for
    a sign-in of her own office that nobody forced and a proof that the key was opened, and shuts
    what was opened, everywhere.
    """
    own = open_own_key(work, present)
    personal = work.session.get_one(PersonalKey, own.person_id)
    salt, wrapped = _under(chosen, own.secret)
    read = own.person_id, personal.wrapped_secret, _proof(own.secret)
    moved = func.personal_key_rewrap(*read, salt, wrapped, work.clock.now())
    done = work.session.scalar(select(moved))
    work.session.refresh(personal)
    if not done:
        raise PassphraseWrongError


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


def entitle(work: Work, circle: str, person_id: int, words: str | OwnKey) -> None:
    """Let another person into a circle; the present actor must be in it and open her own key."""
    _wrap_for(work, circle, circle_secret(work, circle, words), person_id)


def open_own_key(work: Work, passphrase: str) -> OwnKey:
    """The present actor's own key; OwnKeyMissingError, PassphraseWrongError."""
    person_id = work.actor.person_id
    personal = work.session.get(PersonalKey, person_id) if person_id is not None else None
    if personal is None:
        raise OwnKeyMissingError
    try:
        own = SecretBox(_stretch(passphrase, personal.salt)).decrypt(personal.wrapped_secret)
    except CryptoError as error:
        raise PassphraseWrongError from error
    return OwnKey(personal.person_id, PrivateKey(own))


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


class OpenCircle:
    """A circle opened by one person within one unit of work; each reading is logged first."""

    def __init__(self, work: Work, circle: str, words: str | OwnKey) -> None:
        """PassphraseWrongError, NotEntitledError or WordsAskedError if the present actor may not.

        ``words`` are hers, or a key they opened.
        """
        self._work = work
        self._box = SealedBox(circle_secret(work, circle, words))

    def open(self, field: SealedField, blob: bytes, reading: Reading) -> str:
        """The text. Show it only after the unit of work that logged the reading has committed."""
        write_down(self._work, reading, field.key_ref)
        box = self._work.vault.decrypt_bytes(field.key_ref, field.place, field.row, blob)
        place, row, text = json.loads(self._box.decrypt(box))
        if (place, row) != (field.place, str(field.row)):
            raise CryptoError
        return str(text)


def circle_secret(work: Work, circle: str, words: str | OwnKey) -> PrivateKey:
    """A circle's secret half, for the present actor, by her words or her opened key.

    NotEntitledError, PassphraseWrongError; WordsAskedError where a key opened before is not
    enough; OfficeLockedError.
    """
    refuse_while_locked(work.session)
    wrapped = work.session.scalar(
        select(CircleKey.wrapped_secret).where(
            CircleKey.circle == circle,
            CircleKey.person_id == work.actor.person_id,
            CircleKey.revoked_at.is_(None),
        )
    )
    if wrapped is None:
        raise NotEntitledError(circle=circle)
    own = open_own_key(work, words) if isinstance(words, str) else words
    if own.person_id != work.actor.person_id:
        raise NotEntitledError(circle=circle)
    if own.kept and circle in ASKED_EACH_TIME:
        raise WordsAskedError(circle=circle)
    try:
        return PrivateKey(SealedBox(own.secret).decrypt(wrapped))
    except CryptoError as error:
        raise NotEntitledError(circle=circle) from error


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


def _proof(secret: PrivateKey) -> bytes:
    """What only an opened key can show; it opens nothing and leads nowhere back."""
    return sha256(b"personal_key|" + bytes(secret)).digest()


def _under(passphrase: str, secret: PrivateKey) -> tuple[bytes, bytes]:
    salt = os.urandom(_SALT_BYTES)
    return salt, bytes(SecretBox(_stretch(passphrase, salt)).encrypt(bytes(secret)))


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, SecretBox.KEY_SIZE, Type.ID
    )
