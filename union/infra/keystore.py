"""The data keys, one per subject, wrapped under the machine's key, in a database of their own.

It stands behind its own address so that it can be backed up apart and kept more briefly than
what it opens. It knows random references, never whose they are.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

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
from sqlalchemy.exc import IntegrityError

from union.infra.machine_keys import KEY_BYTES, KeyRing, MachineKeyMissingError, MachineKeys
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from union.kernel.clock import Clock

FENCE = "data_key_fence"
"""The law by which the key store refuses a new key under a version that is being left."""

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

_OPEN = select(data_key.c.ref, data_key.c.machine_key_version, data_key.c.wrapped).where(
    data_key.c.ref == any_(bindparam("refs", type_=ARRAY(Uuid))), data_key.c.wrapped.is_not(None)
)
_MAKE = insert(data_key).from_select(
    ["ref", "wrapped", "machine_key_version", "made_at"],
    select(
        func.unnest(bindparam("refs", type_=ARRAY(Uuid))),
        func.unnest(bindparam("wrapped", type_=ARRAY(LargeBinary))),
        func.unnest(bindparam("versions", type_=ARRAY(Integer))),
        bindparam("at", type_=DateTime(timezone=True)),
    ),
)
"""Built once: every page to somebody waits for these."""


class KeyGoneError(UnionError):
    """The subject's key was destroyed: what it closed can never be opened again."""

    code = "key_gone"


class KeyStore:
    """Makes, opens and destroys data keys; each call is a transaction of its own.

    Keys are made before the rows that need them are committed: a key without a row harms
    nobody, a row without a key would be lost.
    """

    def __init__(
        self, engine: Engine, keys: MachineKeys, clock: Clock, lists: Sequence[Path] = ()
    ) -> None:
        """``keys`` are read again from their file when that changes; no process starts anew.

        ``lists`` are the folders in which the list of destroyed keys is kept.
        """
        self.lists = tuple(lists)
        self._engine = engine
        # One lone statement needs no transaction, and every page waits for the round trips of one.
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._ring = KeyRing(keys)
        self._clock = clock

    def make(self, count: int) -> Mapping[UUID, bytes]:
        """So many new keys by their references, in one statement.

        MachineKeyMissingError if the secrets file here knows only a version that was left.
        """
        if not count:
            return {}
        made = {uuid4(): os.urandom(KEY_BYTES) for _ in range(count)}
        if not self._insert(made):
            # The version this process knows is being left: it makes them under the next one.
            self._ring.look_again()
            if not self._insert(made):
                raise MachineKeyMissingError(version=self._ring.current)
        return made

    def _insert(self, made: Mapping[UUID, bytes]) -> bool:
        """Whether they were taken; a version below the fence is not."""
        wrapped = [self._ring.wrap(ref, key) for ref, key in made.items()]
        told = {
            "refs": list(made),
            "wrapped": [one for _, one in wrapped],
            "versions": [version for version, _ in wrapped],
            "at": self._clock.now(),
        }
        try:
            with self._alone.connect() as connection:
                connection.execute(_MAKE, told)
        except IntegrityError as error:
            if _law(error) == FENCE:
                return False
            raise
        return True

    def open(self, refs: Collection[UUID]) -> Mapping[UUID, bytes]:
        """The keys of ``refs`` that still exist, in one query.

        MachineKeyMissingError if one lies under a version that the secrets file does not hold.
        """
        with self._alone.connect() as connection:
            rows = connection.execute(_OPEN, {"refs": list(refs)})
            return {
                row.ref: self._ring.unwrap(row.ref, row.machine_key_version, row.wrapped)
                for row in rows
            }

    def destroy(self, ref: UUID) -> None:
        """Destroy a key for good; a second time changes nothing."""
        with self._engine.begin() as connection:
            connection.execute(
                update(data_key)
                .where(data_key.c.ref == ref, data_key.c.destroyed_at.is_(None))
                .values(wrapped=None, destroyed_at=self._clock.now())
            )

    def standing(self, refs: Collection[UUID]) -> Collection[UUID]:
        """Which of these are here and not destroyed."""
        with self._alone.connect() as connection:
            return [row.ref for row in connection.execute(_OPEN, {"refs": list(refs)})]

    def destroyed(self, refs: Collection[UUID] | None = None) -> Mapping[UUID, datetime]:
        """Which of these, or of all, are destroyed, and when each was."""
        gone = select(data_key.c.ref, data_key.c.destroyed_at).where(data_key.c.wrapped.is_(None))
        if refs is not None:
            gone = gone.where(data_key.c.ref.in_(refs))
        with self._alone.connect() as connection:
            return {row.ref: row.destroyed_at for row in connection.execute(gone)}


def _law(error: IntegrityError) -> str | None:
    """The law a statement was refused by."""
    told = getattr(error.orig, "diag", None)
    return None if told is None else told.constraint_name
