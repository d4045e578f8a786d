"""A backup made: the union first and its keys after it, each sealed apart while it is dumped.

In this order every subject of the one has its key in the other, whoever writes meanwhile. What
breaks off leaves no manifest, and without one there is no backup. Nothing here opens what it seals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import IsolationLevel, sql
from sqlalchemy import text

from union.infra import erasure_log
from union.infra.backups import KEYS, MAIN, SECRETS, Manifest, Part, write_manifest
from union.infra.db import libpq_url, owner_engine
from union.infra.embedded.dumps import Tools, dumped, find_tools
from union.infra.embedded.erased_lists import said_plainly
from union.infra.embedded.errors import StartError
from union.infra.embedded.places import Place
from union.infra.key_rotation import turn
from union.infra.machine_keys import MachineKeys
from union.infra.sealed_files import seal_file, sha256_of
from union.infra.settings import Secrets
from union.infra.successions import SigningKeys
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from nacl.public import PublicKey
    from sqlalchemy import Connection, Engine

    from union.infra.embedded import Endpoints
    from union.kernel.clock import Clock

_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind = 'r' AND relpersistence = 'p' ORDER BY relname"
)
_TURN = 72_656_167
"""The advisory lock of whoever backs up."""

UNDER_WAY = "This union is being backed up just now: wait for the end of that."
NOT_HELD = (
    "Keys lie under a version of the machine's key ({versions}) that is not in the secrets file: "
    "this backup would not open them, so none is made."
)
_VERSIONS = "SELECT DISTINCT machine_key_version FROM data_key WHERE wrapped IS NOT NULL"
_REVISION = "SELECT version_num FROM alembic_version"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the union goes, and where its keys and secrets go."""

    main: Path
    keys: Path


@dataclass(frozen=True, slots=True)
class Saving:
    """What saving needs: the parts, for whom it is sealed, the time, and who hears of each step."""

    endpoints: Endpoints
    place: Place
    recipients: Sequence[PublicKey]
    clock: Clock
    say: Callable[[str], None]
    former_keys: Sequence[str] = ()
    """Fingerprints of keys of before whose lists of destroyed keys are taken over whole."""

    def into(self, folders: Folders) -> Manifest:
        """Make one backup; StartError or OSError if it could not be, and then there is none."""
        with _alone(self.endpoints.owner_database_url):
            return self._into(folders)

    def _into(self, folders: Folders) -> Manifest:
        secrets = Secrets.from_file(self.endpoints.secrets_file)
        signing = secrets.signing
        began_at = self.clock.now()
        name = f"sangha-{began_at:%Y%m%dT%H%M%SZ}-{new_ref()[:4]}"
        for half in (*folders.main.glob("*.part"), *folders.keys.glob("*.part")):
            half.unlink()
        self.say("Sealing the union")
        owner_url = self.endpoints.owner_database_url
        main = self._seal(folders.main / f"{name}-{MAIN}.sealed", MAIN, owner_url)
        engine = owner_engine(self.endpoints.keystore_owner_url)
        try:
            # While nobody changes the machine's key: what is packed opens what is dumped.
            with turn(engine) as connection:
                content = self.endpoints.secrets_file.read_bytes()
                _refuse_lost(connection, MachineKeys.of(json.loads(content)))
                keys = self._seal_keys(folders.keys, name)
                packet = self._pack(folders.keys, content)
            self._tell_erased(engine, folders, signing)
        finally:
            engine.dispose()
        manifest = Manifest(
            id=name,
            made_at=began_at,
            revision=self._revision(),
            main=main,
            keys=keys,
            secrets=packet,
            public_key=signing.signer.public_key,
        )
        write_manifest([folders.main, folders.keys], manifest, signing.signer)
        return manifest

    def _seal_keys(self, folder: Path, name: str) -> Part:
        self.say("Sealing its keys")
        url = self.endpoints.keystore_owner_url
        return self._seal(folder / f"{name}-{KEYS}.sealed", KEYS, url)

    def _seal(self, file: Path, kind: str, url: str) -> Part:
        tools: Tools = find_tools(url, self.place)
        with _still(url) as (connection, snapshot):
            as_of = self.clock.now()
            sealed = seal_file(file, self.recipients, kind, dumped(tools, url, snapshot))
            counts = _counts(connection)
        return Part(file.name, sealed.sha256, sealed.bytes, as_of, counts)

    def _pack(self, folder: Path, content: bytes) -> Part:
        """The secrets sealed; what lies there already of the same, for the same, is left."""
        file = folder / packet_name(content, self.recipients)
        if not file.exists():
            self.say("Sealing the secrets")
            seal_file(file, self.recipients, SECRETS, [content])
        return Part(file.name, sha256_of(file), file.stat().st_size, self.clock.now())

    def _tell_erased(self, engine: Engine, folders: Folders, signing: SigningKeys) -> None:
        erased = erasure_log.destroyed_in(engine)
        standing = partial(erasure_log.standing_in, engine)
        with said_plainly():
            for folder in (folders.main, folders.keys):
                file = folder / erasure_log.NAME
                erasure_log.write(file, erased, signing, standing, self.former_keys)

    def _revision(self) -> str:
        with psycopg.connect(libpq_url(self.endpoints.owner_database_url)) as connection:
            found = connection.execute(_REVISION).fetchone()
        return "" if found is None else str(found[0])


def packet_name(content: bytes, recipients: Sequence[PublicKey]) -> str:
    """What the sealed secrets are called: by what they are, and by who may open them."""
    known = hashlib.sha256(content)
    for half in sorted({bytes(one) for one in recipients}):
        known.update(half)
    return f"sangha-{SECRETS}-{known.hexdigest()[:16]}.sealed"


def _refuse_lost(connection: Connection, held: MachineKeys) -> None:
    """StartError if a key lies under a version that would not be packed with it."""
    lost = set(connection.scalars(text(_VERSIONS))) - {version for version, _ in held.held}
    if lost:
        raise StartError(NOT_HELD.format(versions=", ".join(map(str, sorted(lost)))))


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Nobody else backs this union up meanwhile: one would take the other's halves for leavings."""
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        if connection.execute("SELECT pg_try_advisory_lock(%s)", (_TURN,)).fetchone() != (True,):
            raise StartError(UNDER_WAY)
        yield


@contextmanager
def _still(url: str) -> Iterator[tuple[psycopg.Connection[tuple[object, ...]], str]]:
    """A connection to which the database stands still, and the name by which others see it so."""
    with psycopg.connect(libpq_url(url)) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, "" if found is None else str(found[0])


def _counts(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """How many rows each table has; what a crash empties is left out."""
    counts = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(table)))
        found = connection.execute(asked).fetchone()
        counts[str(table)] = 0 if found is None else int(str(found[0]))
    return counts


def counts_of(url: str) -> dict[str, int]:
    """How many rows each table of a database has now."""
    with psycopg.connect(libpq_url(url)) as connection:
        return _counts(connection)
