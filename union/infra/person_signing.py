"""A person's own signature: a key that exists only wrapped under her password.

Owns these keys; never holds one open, so that neither the machine nor whoever keeps it can sign
for her.
"""

from __future__ import annotations

import os

from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant
from union.infra.signing import KEY_BYTES, Signature, Signer
from union.infra.work import Work

_SALT_BYTES = 16
_PASSES, _MEMORY_KIB, _LANES = 3, 65536, 2


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
    secret, salt = os.urandom(KEY_BYTES), os.urandom(_SALT_BYTES)
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
        password.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, KEY_BYTES, Type.ID
    )
