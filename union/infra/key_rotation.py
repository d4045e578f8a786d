"""Every data key wrapped anew under a new version of the machine's key, and the old one forgotten.

Each step lies in the secrets file or in the key store's rows, never in this process: after a kill
at any moment the same command goes on where it was. No ciphertext changes, and a key that is
destroyed meanwhile stays destroyed. It must never drop a version under which a key still lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Engine, LargeBinary, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from union.infra.machine_keys import (
    KeyRing,
    MachineKeyMissingError,
    MachineKeys,
    add_key,
    drop_older_keys,
    use_newest_key,
)
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from sqlalchemy import Row

ADD, USE, WRAP, DROP = STAGES = ("add", "use", "wrap", "drop")
"""How far to go: the file holds a new key; new data keys lie under it; all do; it is alone."""

BATCH = 5_000
"""Data keys wrapped anew in one statement."""

_TURN = 72_656_166
"""The advisory lock of whoever rotates: one at a time for each key store."""

_FENCE = text("UPDATE key_fence SET lowest = :lowest WHERE lowest < :lowest")
_BELOW = text(
    "SELECT count(*) FROM data_key WHERE wrapped IS NOT NULL AND machine_key_version < :version"
)
_NEXT = text(
    "SELECT ref, wrapped, machine_key_version FROM data_key"
    " WHERE ref > :after AND wrapped IS NOT NULL AND machine_key_version < :version"
    " ORDER BY ref LIMIT :most"
)
# Compared with what was read: a key destroyed in between is not brought back.
_ANEW = text(
    "UPDATE data_key SET wrapped = one.fresh, machine_key_version = :version"
    " FROM unnest(:refs, :before, :fresh) AS one (ref, before, fresh)"
    " WHERE data_key.ref = one.ref AND data_key.wrapped = one.before"
).bindparams(
    bindparam("refs", type_=ARRAY(Uuid)),
    bindparam("before", type_=ARRAY(LargeBinary)),
    bindparam("fresh", type_=ARRAY(LargeBinary)),
)


class RotationUnderWayError(UnionError):
    """Somebody else rotates the keys of this store just now."""

    code = "rotation_under_way"


class RotationIncompleteError(UnionError):
    """Some data keys could not be opened, so no version may be dropped; ``left`` of them."""

    code = "rotation_incomplete"


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the version all lies under now, and which the file holds."""

    version: int
    wrapped_anew: int
    held: tuple[int, ...]


def rotate(
    file: Path, engine: Engine, until: str = DROP, say: Callable[[str], None] = lambda _step: None
) -> Rotated:
    """Go through the stages up to ``until``; what is done already is passed over.

    ``engine`` is the key store's owner. A rotation begun and stopped goes on with the key that
    it made; a finished one that is asked for again makes a new key.
    RotationUnderWayError, or RotationIncompleteError with nothing dropped.
    """
    with turn(engine):
        wrapped_anew = 0
        keys = _begin(file, engine)
        say(f"The secrets file holds version {keys.newest}")
        if until != ADD:
            keys = use_newest_key(file)
            say(f"New keys lie under version {keys.current}")
        if until in {WRAP, DROP}:
            raise_fence(engine, keys.current)
            wrapped_anew = wrap_all(engine, keys, say)
        if until == DROP:
            keys = drop_older_keys(file)
            say(f"Only version {keys.current} is left in the secrets file")
    held = tuple(version for version, _ in keys.held)
    return Rotated(keys.current, wrapped_anew, held)


def _begin(file: Path, engine: Engine) -> MachineKeys:
    """The keys with a new one among them, unless one is under way."""
    keys = MachineKeys.read(file)
    if len(keys.held) > 1 or count_below(engine, keys.current):
        return keys
    return add_key(file)


def raise_fence(engine: Engine, version: int) -> None:
    """From now on no new data key lies under a lower version, whoever makes it."""
    with engine.begin() as connection:
        connection.execute(_FENCE, {"lowest": version})


def wrap_all(engine: Engine, keys: MachineKeys, say: Callable[[str], None]) -> int:
    """Wrap anew whatever lies under an older version; RotationIncompleteError if some cannot be."""
    # Never read again here: what is wrapped is kept under the version it was wrapped under.
    ring = KeyRing(replace(keys, file=None))
    done, unreadable = 0, 0
    for rows in _batches(engine, keys.current):
        fresh, bad = _under_current(ring, rows)
        unreadable += bad
        done += wrap_batch(engine, keys.current, fresh)
        say(f"{done} keys are wrapped anew")
    if unreadable or count_below(engine, keys.current):
        raise RotationIncompleteError(left=unreadable)
    return done


def wrap_batch(engine: Engine, version: int, fresh: list[tuple[UUID, bytes, bytes]]) -> int:
    """Put these in their places (reference, what lay there, what shall): how many still lay so."""
    if not fresh:
        return 0
    told = {
        "refs": [ref for ref, _, _ in fresh],
        "before": [before for _, before, _ in fresh],
        "fresh": [after for _, _, after in fresh],
        "version": version,
    }
    with engine.begin() as connection:
        return connection.execute(_ANEW, told).rowcount


def count_below(engine: Engine, version: int) -> int:
    """How many keys lie under a version lower than this one."""
    with engine.connect() as connection:
        return connection.scalar(_BELOW, {"version": version}) or 0


def _under_current(
    ring: KeyRing, rows: list[Row[UUID, bytes, int]]
) -> tuple[list[tuple[UUID, bytes, bytes]], int]:
    fresh, unreadable = [], 0
    for ref, wrapped, version in rows:
        try:
            key = ring.unwrap(ref, version, wrapped)
        except (InvalidTag, MachineKeyMissingError):
            unreadable += 1
            continue
        fresh.append((ref, wrapped, ring.wrap(ref, key)[1]))
    return fresh, unreadable


def _batches(engine: Engine, version: int) -> Iterator[list[Row[UUID, bytes, int]]]:
    after = UUID(int=0)
    while True:
        with engine.connect() as connection:
            told = {"after": after, "version": version, "most": BATCH}
            rows = list(connection.execute(_NEXT, told))
        if not rows:
            return
        yield rows
        after = rows[-1].ref


@contextmanager
def turn(engine: Engine) -> Iterator[Connection]:
    """Nobody else rotates for as long as the block runs; a kill lets go.

    RotationUnderWayError if somebody does.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:turn)"), {"turn": _TURN}):
            raise RotationUnderWayError
        try:
            yield connection
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:turn)"), {"turn": _TURN})
