"""Signatures by Ed25519: the union's own, and those of people under a password that is theirs.

Owns keys and what is signed with them; never decides what deserves a signature. The union's key
lies in the secrets file beside the others. A person's exists only wrapped under her password, so
that neither the machine nor whoever keeps it can sign for her.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from union.infra.work import Work

_SALT_BYTES = 16
_KEY_BYTES = 32
_PASSES, _MEMORY_KIB, _LANES = 3, 65536, 2
_GROUPS = 8


class SigningKeyMissingError(UnionError):
    """The secrets of this deployment hold no key to sign with."""

    code = "signing_key_missing"


class PersonSigningKey(Base):
    """A person's key to sign with; the newest one counts, older ones stay for what they signed."""

    __tablename__ = "person_signing_key"
    __table_args__ = (Index("person_signing_key_person_ix", "person_id", "id"),)

    id: Mapped[BigId]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Signature:
    """What was signed with which public key (32 and 64 bytes)."""

    public_key: bytes
    value: bytes


class Signer:
    """Signs in the union's name."""

    def __init__(self, key: bytes) -> None:
        """``key`` is the 32 bytes of the secrets file; SigningKeyMissingError if there are none."""
        if len(key) != _KEY_BYTES:
            raise SigningKeyMissingError
        self._key = Ed25519PrivateKey.from_private_bytes(key)

    @property
    def public_key(self) -> bytes:
        """What everybody may know, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> Signature:
        """A signature under exactly these bytes."""
        return Signature(self.public_key, self._key.sign(message))


def fingerprint(public_key: bytes) -> str:
    """A public key as people compare it: the first 32 hexadecimal figures of its SHA-256."""
    figures = hashlib.sha256(public_key).hexdigest()[: 4 * _GROUPS]
    return " ".join(figures[at : at + 4] for at in range(0, 4 * _GROUPS, 4))


def is_signed(message: bytes, signature: Signature) -> bool:
    """Whether the signature stands under exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(signature.public_key).verify(signature.value, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_as_person(work: Work, person_id: int, password: str, message: bytes) -> Signature:
    """Sign as this person, with the key under her password; her first signature makes it.

    Whoever calls has checked the password. A key under an earlier password cannot be opened any
    more: she gets a new one, and its fingerprint shows that.
    """
    held = work.session.scalars(
        select(PersonSigningKey)
        .where(PersonSigningKey.person_id == person_id)
        .order_by(PersonSigningKey.id.desc())
        .limit(1)
    ).one_or_none()
    secret = _open(held, password) or _make(work, person_id, password)
    return Signer(secret).sign(message)


def _open(held: PersonSigningKey | None, password: str) -> bytes | None:
    if held is None:
        return None
    try:
        return SecretBox(_stretch(password, held.salt)).decrypt(held.wrapped_secret)
    except CryptoError:
        return None


def _make(work: Work, person_id: int, password: str) -> bytes:
    secret, salt = os.urandom(_KEY_BYTES), os.urandom(_SALT_BYTES)
    work.session.add(
        PersonSigningKey(
            person_id=person_id,
            public_key=Signer(secret).public_key,
            salt=salt,
            wrapped_secret=bytes(SecretBox(_stretch(password, salt)).encrypt(secret)),
            made_at=work.clock.now(),
        )
    )
    work.session.flush()
    return secret


def _stretch(password: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        password.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, _KEY_BYTES, Type.ID
    )
