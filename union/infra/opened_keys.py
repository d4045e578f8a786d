"""A person's own key for the minutes after she said her opening words, in two halves.

Owns the half in the database: her secret in a box under a key that lies in one cookie of one
browser and is kept nowhere here. The table is not logged (no dump, no write-ahead log), the box
belongs to one sign-in and one person, and the database takes it away with whatever ends or changes
that. Never decides what an opened key may open; never writes either half anywhere else.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.public import PrivateKey
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    delete,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, Instant
from union.infra.sealing import OwnKey, PassphraseWrongError, PersonalKey, open_own_key

if TYPE_CHECKING:
    from union.infra.work import Work

RESTS = timedelta(minutes=10)
"""Without use it shuts after this; the database says the same."""

LASTS = timedelta(minutes=30)
"""At most; the database says the same."""

HALF_BYTES = 32
_NONCE_BYTES = 12
_NOTED_EVERY = timedelta(minutes=1)
_HER_SIGN_IN_FIRST = text(
    "SELECT FROM sign_in_session WHERE token_hash = :token_hash FOR NO KEY UPDATE"
)
"""The sign-in, then what lies under it: in this order whatever ends a sign-in comes, too."""
_THEN_HERSELF = text("SELECT FROM person WHERE id = :person_id FOR KEY SHARE")
"""Before anything opened goes: whoever changes her words takes her first, and then what is open."""
_SALT = select(PersonalKey.salt)


class OpenedKey(Base):
    """One half of an opened key, for one sign-in."""

    __tablename__ = "opened_key"
    __table_args__ = (
        CheckConstraint("octet_length(boxed) = 60", "boxed"),
        CheckConstraint(
            "ends_at > opened_at AND ends_at <= opened_at + interval '30 minutes'", "lasts"
        ),
        CheckConstraint("last_used_at >= opened_at AND last_used_at < ends_at", "used"),
        Index("opened_key_person_ix", "person_id"),
        {"prefixes": ["UNLOGGED"]},
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    boxed: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[Instant]
    last_used_at: Mapped[Instant]
    ends_at: Mapped[Instant]

    @property
    def shuts_at(self) -> datetime:
        """When it shuts by itself if it is used no more."""
        return min(self.ends_at, self.last_used_at + RESTS)


def open_for_minutes(work: Work, token: str, words: str) -> bytes:
    """Open the present actor's key for this sign-in; the half that only her browser may keep.

    PassphraseWrongError, also if she changed them meanwhile; OwnKeyMissingError if she has chosen
    none. The database refuses it for a sign-in that is no officer's own, has ended, or was forced.
    """
    own, now = open_own_key(work, words), work.clock.now()
    said = work.session.get_one(PersonalKey, own.person_id).salt
    token_hash, half = work.vault.fingerprint("token", token), os.urandom(HALF_BYTES)
    nonce = os.urandom(_NONCE_BYTES)
    boxed = AESGCM(half).encrypt(nonce, bytes(own.secret), _about(token_hash, own.person_id))
    work.session.execute(_HER_SIGN_IN_FIRST, {"token_hash": token_hash})
    work.session.execute(_THEN_HERSELF, {"person_id": own.person_id})
    work.session.execute(
        delete(OpenedKey).where(
            or_(
                OpenedKey.token_hash == token_hash,
                OpenedKey.ends_at <= now,
                OpenedKey.last_used_at <= now - RESTS,
            )
        )
    )
    work.session.add(
        OpenedKey(
            token_hash=token_hash,
            person_id=own.person_id,
            boxed=nonce + boxed,
            opened_at=now,
            last_used_at=now,
            ends_at=now + LASTS,
        )
    )
    work.session.flush()
    # Her person is held to the commit, and whoever changes her words waits for it; what was
    # changed before is seen now.
    if work.session.scalar(_SALT.where(PersonalKey.person_id == own.person_id)) != said:
        raise PassphraseWrongError
    return half


def opened_key(work: Work, token: str, half: bytes) -> OwnKey | None:
    """The present actor's key if both halves are here, belong together and have not rested.

    It is noted as used; in a work that is thrown away that note is thrown away too.
    """
    held, now = _held(work, token), work.clock.now()
    if held is None or len(half) != HALF_BYTES:
        return None
    about = _about(held.token_hash, held.person_id)
    try:
        secret = AESGCM(half).decrypt(held.boxed[:_NONCE_BYTES], held.boxed[_NONCE_BYTES:], about)
    except InvalidTag:
        return None
    if now - held.last_used_at >= _NOTED_EVERY:
        held.last_used_at = now
        work.session.flush()
    return OwnKey(held.person_id, PrivateKey(secret), kept=True)


def open_until(work: Work, token: str) -> datetime | None:
    """When the present actor's key shuts by itself if she does no more; None if it is shut."""
    held = _held(work, token)
    return None if held is None else held.shuts_at


def shut(work: Work, token: str) -> None:
    """Take away the half of this sign-in; a second time changes nothing."""
    token_hash = work.vault.fingerprint("token", token)
    work.session.execute(delete(OpenedKey).where(OpenedKey.token_hash == token_hash))


def shut_all(work: Work) -> None:
    """Take away every half there is: whoever had opened hers says her words anew."""
    work.session.execute(delete(OpenedKey))


def _held(work: Work, token: str) -> OpenedKey | None:
    token_hash = work.vault.fingerprint("token", token)
    held = work.session.get(OpenedKey, token_hash, populate_existing=True)
    if held is None or held.person_id != work.actor.person_id or work.actor.duress:
        return None
    return held if held.opened_at <= work.clock.now() < held.shuts_at else None


def _about(token_hash: bytes, person_id: int) -> bytes:
    return b"opened_key|" + token_hash + b"|" + str(person_id).encode()
