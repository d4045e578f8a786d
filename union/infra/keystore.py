"""The data keys, one per subject, wrapped under the machine's key, in a database of their own.

It stands behind its own address so that it can be backed up apart and kept more briefly than
what it opens. It knows random references, never whose they are.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    any_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from union.kernel.clock import Clock

KEY_BYTES = 32
NONCE_BYTES = 12

metadata = MetaData()

data_key = Table(
    "data_key",
    metadata,
    Column("ref", Uuid, primary_key=True),
    Column("wrapped", LargeBinary),
    Column("machine_key_version", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("destroyed_at", DateTime(timezone=True)),
)

_OPEN = select(data_key.c.ref, data_key.c.wrapped).where(
    data_key.c.ref == any_(bindparam("refs", type_=ARRAY(Uuid))), data_key.c.wrapped.is_not(None)
)
_MAKE = insert(data_key).from_select(
    ["ref", "wrapped", "machine_key_version", "made_at"],
    select(
        func.unnest(bindparam("refs", type_=ARRAY(Uuid))),
        func.unnest(bindparam("wrapped", type_=ARRAY(LargeBinary))),
        bindparam("version", type_=Integer),
        bindparam("at", type_=DateTime(timezone=True)),
    ),
)
"""Built once: every page to somebody waits for these."""


class KeyGoneError(UnionError):
    """The subject's key was destroyed: what it closed can never be opened again."""

    code = "key_gone"


def create_schema(engine: Engine) -> None:
    """Make the one table if it is missing; ``engine`` may own it."""
    metadata.create_all(engine)


class KeyStore:
    """Makes, opens and destroys data keys; each call is a transaction of its own.

    Keys are made before the rows that need them are committed: a key without a row harms
    nobody, a row without a key would be lost.
    """

    def __init__(self, engine: Engine, machine_key: bytes, clock: Clock, version: int = 1) -> None:
        """``machine_key`` is 32 bytes, ``version`` its number."""
        self._engine = engine
        # One lone statement needs no transaction, and every page waits for the round trips of one.
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._wrapper = AESGCM(machine_key)
        self._clock = clock
        self._version = version

    def make(self, count: int) -> Mapping[UUID, bytes]:
        """So many new keys by their references, in one statement."""
        if not count:
            return {}
        made = {uuid4(): os.urandom(KEY_BYTES) for _ in range(count)}
        told = {
            "refs": list(made),
            "wrapped": [self._wrap(ref, key) for ref, key in made.items()],
            "version": self._version,
            "at": self._clock.now(),
        }
        with self._alone.connect() as connection:
            connection.execute(_MAKE, told)
        return made

    def open(self, refs: Collection[UUID]) -> Mapping[UUID, bytes]:
        """The keys of ``refs`` that still exist, in one query."""
        with self._alone.connect() as connection:
            rows = connection.execute(_OPEN, {"refs": list(refs)})
            return {row.ref: self._unwrap(row.ref, row.wrapped) for row in rows}

    def destroy(self, ref: UUID) -> None:
        """Destroy a key for good; a second time changes nothing."""
        with self._engine.begin() as connection:
            connection.execute(
                update(data_key)
                .where(data_key.c.ref == ref, data_key.c.destroyed_at.is_(None))
                .values(wrapped=None, destroyed_at=self._clock.now())
            )

    def _wrap(self, ref: UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._wrapper.encrypt(nonce, key, self._about(ref))

    def _unwrap(self, ref: UUID, wrapped: bytes) -> bytes:
        return self._wrapper.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self._about(ref))

    def _about(self, ref: UUID) -> bytes:
        return f"data_key|{ref}|{self._version}".encode()
