"""The throw-away PostgreSQL and Redis of one test run, shared by its workers.

The first worker that asks for a part brings it up, the last one to let go stops it, and the
process that began the run removes the folder. Nothing here survives a crash on purpose.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from union.gateways import simulator
from union.infra import schema
from union.infra.db import owner_engine
from union.infra.embedded.places import ROOT_DATA, Place, Runner, find_programs, make_listed
from union.infra.embedded.postgres import (
    APPLICATION_LOGIN,
    KEYS_LOGIN,
    KEYS_OWNER,
    OUTSIDE_LOGIN,
    OWNER,
    Cluster,
)
from union.infra.embedded.sharing import shared
from union.infra.embedded.valkey import Keeper
from union.infra.keystore_schema import bring_forward

PLACE = "SANGHA_TEST_PLACE"
TEMPLATE = "template_sangha"
ALIVE = "alive"
HELD: list[IO[str]] = []

GIVEN_AT_THE_MACHINE = """
CREATE SCHEMA tests;
GRANT USAGE ON SCHEMA tests TO sangha_app;
CREATE FUNCTION tests.give_role(account bigint, office text, branch bigint, at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  INSERT INTO role_grant (ref, account_id, role, branch_id, made_at, given_how)
  VALUES (left(replace(gen_random_uuid()::text, '-', ''), 12), account, office, branch, at,
          'machine')
  ON CONFLICT DO NOTHING
$$;
"""
"""By the tables' owner, as at the machine: who tests a page need not find two hands first."""

MEMORY = Path("/dev/shm")  # noqa: S108  a folder of nobody else's name is made in it
ENOUGH_MEMORY = 2 * 1024**3
"""Bytes that must be free there: a run takes about a third of that."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database, by the addresses of those who may open it."""

    name: str
    url: str
    owner_url: str
    superuser_url: str


def make_place(*, in_memory: bool = False) -> Path:
    """A folder for the run, where the user who runs the servers can reach it.

    ``in_memory`` asks for one that never meets a disk, where there is such a place: to copy a
    database is to make twelve hundred files, which takes a tenth of the time there.
    """
    runner = Runner.find()
    above: Path | None = None
    if in_memory and has_room(MEMORY):
        above = MEMORY
    elif runner.borrowed:
        above = ROOT_DATA
        make_listed(above)
    folder = Path(tempfile.mkdtemp(prefix="sangha-tests-", dir=above))
    if runner.borrowed:
        folder.chmod(0o755)
    remove_orphans(folder.parent)
    hold(folder)
    return folder


def has_room(memory: Path) -> bool:
    """Whether this is a folder we may write to with enough free for a run."""
    return os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ENOUGH_MEMORY


def hold(folder: Path) -> None:
    """Show that the run lives: the lock falls with this process, however it ends."""
    fresh = folder / "starting"
    HELD.append(fresh.open("w"))
    fcntl.flock(HELD[-1], fcntl.LOCK_EX)
    fresh.rename(folder / ALIVE)


def remove_orphans(above: Path) -> None:
    """Remove what runs that were killed have left behind, their servers included."""
    for alive in above.glob(f"sangha-tests-*/{ALIVE}"):
        with contextlib.suppress(OSError), alive.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_place(alive.parent)


def remove_place(folder: Path) -> None:
    """Stop what a killed worker may have left, and remove the folder."""
    cluster = TestCluster(folder).cluster
    if cluster.folder.exists() and cluster.is_running():
        cluster.stop()
    keeper = Keeper.of(_place(folder))
    if keeper.is_running():
        keeper.stop()
    shutil.rmtree(folder)


def _place(folder: Path) -> Place:
    runner = Runner.find()
    return Place(folder, runner.make_folder(folder / "run"), runner, find_programs(runner))


@dataclass
class TestCluster:
    """A cluster that forgets everything in a crash, with one migrated template to copy."""

    __test__ = False

    folder: Path
    cluster: Cluster = field(init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.cluster = Cluster.of(_place(self.folder))
        self.cluster.durable = False

    @contextlib.contextmanager
    def running(self) -> Iterator[TestCluster]:
        locks = self.folder / "locks"
        with shared(self.cluster, locks, "postgres", lambda _step: None):
            with (locks / "template").open("a") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)
                self._make_template()
            yield self

    def copy(self, template: str = TEMPLATE, owner: str = OWNER, name: str | None = None) -> str:
        """A new database like ``template``; its name."""
        name = name or f"copy_{os.getpid()}_{next(self._numbers)}"
        with self.cluster.connect() as connection:
            self.cluster.make_database(connection, name, owner, template)
        return name

    def drop(self, name: str) -> None:
        with self.cluster.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def database(self, name: str) -> Database:
        return Database(
            name,
            self.cluster.url(name, APPLICATION_LOGIN),
            self.cluster.url(name, OWNER),
            self.cluster.url(name),
        )

    def keystore_url(self) -> str:
        """One key store for the whole run: keys are random and meet nobody's."""
        return self.cluster.url("sangha_keys", KEYS_LOGIN)

    def own_keystore(self) -> tuple[str, str]:
        """A key store of one test's own: its user's address and its owner's."""
        name = self.copy("template0", KEYS_OWNER)
        url, owner_url = self.cluster.url(name, KEYS_LOGIN), self.cluster.url(name, KEYS_OWNER)
        bring_forward(owner_url, url)
        return url, owner_url

    def outside_copy(self) -> str:
        """The address of a new database for the handset simulator, its tables made."""
        url = self.cluster.url(self.copy("template0", OUTSIDE_LOGIN), OUTSIDE_LOGIN)
        outside = owner_engine(url)
        simulator.create_schema(outside)
        outside.dispose()
        return url

    def _make_template(self) -> None:
        with self.cluster.connect() as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)
            ).fetchone()
        if found:
            return
        self.drop("template_half")
        self.copy("template0", name="template_half")
        schema.upgrade(self.cluster.url("template_half", OWNER))
        bring_forward(self.cluster.url("sangha_keys", KEYS_OWNER), self.keystore_url())
        let_offices_be_given(self.cluster.url("template_half", OWNER))
        with self.cluster.connect() as connection:
            connection.execute(f"ALTER DATABASE template_half RENAME TO {TEMPLATE}")


def let_offices_be_given(owner_url: str) -> None:
    """Let builders give offices in this database without two hands."""
    owner = owner_engine(owner_url)
    try:
        with owner.begin() as connection:
            connection.exec_driver_sql(GIVEN_AT_THE_MACHINE)
    finally:
        owner.dispose()


@contextlib.contextmanager
def running_keeper(folder: Path) -> Iterator[Keeper]:
    """A Redis of one's own in ``folder``."""
    folder.mkdir(mode=0o755)
    keeper = Keeper.of(_place(folder))
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()
