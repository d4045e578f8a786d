"""A backup brought back: into databases beside the living ones, which it then changes places with.

Each stage is kept in a journal and may be done again; until the last one the living databases are
only read. It must never bring back a key that was destroyed, nor a union whose keys are lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import inspect

from union.infra import erasure_log, schema
from union.infra.backups import KEYS, MAIN, SECRETS, Manifest, Part, part_beside, read_manifest
from union.infra.db import owner_engine
from union.infra.embedded.beside import Beside, make_empty, refuse_users, rename
from union.infra.embedded.dumps import fill, find_tools, roles_missing
from union.infra.embedded.erased_lists import believed, said_plainly
from union.infra.embedded.errors import StartError
from union.infra.embedded.journal import QUIET, SWAPPING, Journal
from union.infra.embedded.restored import NAME, Aside, was_restored
from union.infra.embedded.saving import counts_of
from union.infra.keystore import data_key
from union.infra.keystore_schema import bring_forward
from union.infra.machine_keys import write_whole
from union.infra.sealed_files import open_file
from union.infra.settings import Secrets

if TYPE_CHECKING:
    from nacl.public import PrivateKey

    from union.infra.embedded import Endpoints
    from union.infra.embedded.places import Place

BEFORE = "_before_"
NOT_ONE_UNION = "These two manifests are not of one union, or not of the secrets packed with them."
TOO_NEW = "This backup was made by a newer version of the program ({revision}): restore with that."
NOT_ALL = "What came in is not what the manifest tells of ({table}): nothing was changed."
NO_ROLES = (
    "This union gives rights to logins that are not here ({names}): let an administrator make them"
    " (CREATE ROLE … NOLOGIN), and try again. Nothing was changed."
)
NO_LOG = (
    "There is no list of destroyed keys ({name}) beside either manifest: who was erased since could"
    " come back. Give the newest by --erasures, or say --no-erasure-log if there never was one."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which backup: the manifest of the union and that of the keys, which may be a later one."""

    main: Path
    keys: Path
    erasures: Sequence[Path] = ()
    without_log: bool = False
    former_keys: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Bringing:
    """One restore: what is brought back, where, and who hears of each step."""

    endpoints: Endpoints
    place: Place
    chosen: Chosen
    secret: PrivateKey
    say: Callable[[str], None]

    @property
    def main(self) -> Beside:
        """The union's database."""
        at = self.endpoints
        return Beside(at.admin_url, at.owner_database_url, at.database_url)

    @property
    def keys(self) -> Beside:
        """The key store."""
        at = self.endpoints
        return Beside(at.keys_admin_url, at.keystore_owner_url, at.keystore_url)

    @property
    def staged_secrets(self) -> Path:
        """The secrets of the backup, until they take their place."""
        file = self.endpoints.secrets_file
        return file.with_name(f"{file.name}.restored")

    def manifests(self) -> tuple[Manifest, Manifest]:
        """The union's and the keys'."""
        return read_manifest(self.chosen.main), read_manifest(self.chosen.keys)

    def journal(self) -> Journal:
        """How far this very restore has come."""
        main, keys = self.manifests()
        return Journal.open(self.place.data, f"{main.id} {keys.id}")

    def check(self) -> None:
        """Everything is there and of one union, as far as can be seen without opening it all."""
        main, keys = self.manifests()
        part_beside(self.chosen.main, main.main)
        part_beside(self.chosen.keys, keys.keys)
        packet = part_beside(self.chosen.keys, keys.secrets)
        write_whole(self.staged_secrets, b"".join(open_file(packet, self.secret, SECRETS)))
        ours = Secrets.from_file(self.staged_secrets).signing.public_keys
        if not {main.public_key, keys.public_key} <= ours:
            raise StartError(NOT_ONE_UNION)
        if not schema.is_known(main.revision):
            raise StartError(TOO_NEW.format(revision=main.revision))
        self.erased()
        url = self.endpoints.owner_database_url
        union = open_file(part_beside(self.chosen.main, main.main), self.secret, MAIN)
        if missing := roles_missing(find_tools(url, self.place), url, union):
            raise StartError(NO_ROLES.format(names=", ".join(missing)))

    def fill_main(self) -> None:
        """Bring the union in beside the living one, and its schema to what this version wants."""
        main, _ = self.manifests()
        self._fill(self.main, MAIN, self.chosen.main, main.main)
        schema.upgrade(self.main.url(self.endpoints.owner_database_url))

    def fill_keys(self) -> None:
        """Bring the keys in beside the living ones."""
        _, keys = self.manifests()
        self._fill(self.keys, KEYS, self.chosen.keys, keys.keys)
        bring_forward(
            self.keys.url(self.endpoints.keystore_owner_url),
            self.keys.url(self.endpoints.keystore_url),
        )

    def erased(self) -> erasure_log.Erased:
        """Every key known to be destroyed: by the lists at hand, and by the living key store."""
        signing = believed(self.staged_secrets, self.endpoints.secrets_file)
        beside = (self.chosen.main.parent, self.chosen.keys.parent)
        lists = [folder / erasure_log.NAME for folder in beside] + list(self.chosen.erasures)
        there = [file for file in lists if file.exists()]
        if not there and not self.chosen.without_log:
            raise StartError(NO_LOG.format(name=erasure_log.NAME))
        erased: dict[UUID, datetime] = {}
        with said_plainly():
            for file in there:
                erased |= erasure_log.read(file, signing, self.chosen.former_keys)
        engine = owner_engine(self.endpoints.keystore_owner_url)
        try:
            # On a fresh machine the living key store has never held any.
            if inspect(engine).has_table(data_key.name):
                erased |= erasure_log.destroyed_in(engine)
        finally:
            engine.dispose()
        return erased

    def destroy_again(self) -> int:
        """Destroy in the restored key store what was destroyed since; how many those were."""
        engine = owner_engine(self.keys.url(self.endpoints.keystore_owner_url))
        try:
            return erasure_log.destroy_again(engine, self.erased())
        finally:
            engine.dispose()

    def refuse_users(self) -> None:
        """StartError while anybody uses the living databases."""
        for beside in (self.main, self.keys):
            refuse_users(beside)

    def swap(self, journal: Journal) -> list[str]:
        """Let the restored ones take the living ones' places; what those are called from then on.

        A kill is made good by the next call.
        StartError while anybody uses the living ones; then nothing has changed yet.
        """
        if not journal.has(SWAPPING):
            self.refuse_users()
            journal.reach(SWAPPING, number=self._free_number())
        aside = f"{BEFORE}{journal.told('number')}"
        (first_url, first), *others = self._by_server().items()
        try:
            rename(first_url, first, aside)
        except StartError:
            # Whoever came in between may go on: nothing has changed yet.
            journal.reach(QUIET)
            raise
        for admin_url, group in others:
            rename(admin_url, group, aside)
        self._change_secrets(aside)
        self._aside.keep(aside, self.manifests()[0].id)
        journal.end()
        return self._names(aside)

    def is_done(self) -> bool:
        """Whether the living union came back from this very backup."""
        return was_restored(self.endpoints.owner_database_url, self.manifests()[0].id)

    def former(self) -> list[list[str]]:
        """What stands aside since this backup took its place: its names, for each time."""
        return [self._names(aside) for aside in self._aside.of(self.manifests()[0].id)]

    def drop(self, old_ones: Sequence[str]) -> None:
        """Remove the former databases for good, and the secrets that went with them."""
        for beside, name in zip((self.main, self.keys), old_ones, strict=True):
            beside.drop(name)
        aside = old_ones[0].removeprefix(self.main.name)
        file = self.endpoints.secrets_file
        file.with_name(f"{file.name}{aside}").unlink(missing_ok=True)
        self._aside.forget(aside)

    @property
    def _aside(self) -> Aside:
        return Aside(self.place.data / NAME)

    def _names(self, aside: str) -> list[str]:
        return [f"{beside.name}{aside}" for beside in (self.main, self.keys)]

    def _free_number(self) -> int:
        """The first number under which no former database stands aside."""
        taken = self.main.neighbours() | self.keys.neighbours()
        names = (self.main.name, self.keys.name)
        return next(
            number for number in count(1) if not taken & {f"{one}{BEFORE}{number}" for one in names}
        )

    def _fill(self, beside: Beside, kind: str, manifest: Path, part: Part) -> None:
        make_empty(beside)
        url = beside.url(beside.owner_url)
        content = open_file(part_beside(manifest, part), self.secret, kind)
        # The key store's rights are given anew by its schema; the union's lie in the dump alone.
        fill(find_tools(beside.owner_url, self.place), url, content, rights=kind == MAIN)
        there = counts_of(url)
        for table, rows in part.counts.items():
            if there.get(table) != rows:
                raise StartError(NOT_ALL.format(table=table))

    def _by_server(self) -> dict[str, list[Beside]]:
        grouped: dict[str, list[Beside]] = {}
        for beside in (self.main, self.keys):
            grouped.setdefault(beside.admin_url, []).append(beside)
        return grouped

    def _change_secrets(self, aside: str) -> None:
        file = self.endpoints.secrets_file
        if self.staged_secrets.exists():
            old = file.with_name(f"{file.name}{aside}")
            if file.exists() and not old.exists():
                write_whole(old, file.read_bytes())
            write_whole(file, self.staged_secrets.read_bytes())
            self.staged_secrets.unlink()
