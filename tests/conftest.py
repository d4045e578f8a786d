"""What every test may ask for: a migrated database, a unit of work, a clock, Redis.

Tests of rules touch no database; services run in a transaction that is rolled back; laws and
faults really commit, each in a database of its own.
"""

from __future__ import annotations

import gc
import logging
import os
import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_socket
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session, sessionmaker

from tests.cluster import (
    PLACE,
    Database,
    TestCluster,
    make_place,
    remove_place,
    running_keeper,
)
from tests.faults.nursery import Nursery
from tests.slate import Slate
from union.identity.services import hashing
from union.infra import person_signing, sealing
from union.infra.db import application_engine, owner_engine
from union.infra.embedded.valkey import Keeper
from union.infra.keystore import KeyStore
from union.infra.machine_keys import MachineKeys
from union.infra.settings import Secrets, Settings
from union.infra.vault import Vault
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock

pytest_plugins = ("tests.profiles", "tests.pages", "tests.letters")

START = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)
"""Midnight of 16 October 2026 in the union's zone."""

CLOSED_TO_SOCKETS = {"unit", "services"}
LONG = {"faults", "stories"}
"""Rooms of few tests that take long each and wait much: they begin first, none trails behind."""


def pytest_configure(config: pytest.Config) -> None:
    if PLACE not in os.environ:
        os.environ[PLACE] = str(make_place(in_memory=True))
        config.add_cleanup(lambda: remove_place(Path(os.environ.pop(PLACE))))


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: nobody need look through it for garbage again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than there are processors: somebody is always waiting for a real process."""
    return (yield) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: room_of(item) not in LONG)


def room_of(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def pytest_runtest_setup(item: pytest.Item) -> None:
    logging.setLogRecordFactory(logging.LogRecord)  # a process of ours may have been begun in here
    if room_of(item) in CLOSED_TO_SOCKETS:
        pytest_socket.disable_socket(allow_unix_socket=True)
    else:
        pytest_socket.socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a password costs whoever guesses: passes, KiB and lanes, as the product sets them."""

    signing_in: tuple[int, int, int]
    nobodys: tuple[int, int, int]
    sealing: tuple[int, int, int]
    signing: tuple[int, int, int]


@pytest.fixture(scope="session", autouse=True)
def prices() -> Iterator[Prices]:
    """Passwords are dear on purpose and tests use hundreds: here the cheapest there are."""
    hasher, nobodys = hashing._HASHER, extract_parameters(hashing._NOBODYS_HASH)
    dear = Prices(
        (hasher.time_cost, hasher.memory_cost, hasher.parallelism),
        (nobodys.time_cost, nobodys.memory_cost, nobodys.parallelism),
        (sealing._PASSES, sealing._MEMORY_KIB, sealing._LANES),
        (person_signing._PASSES, person_signing._MEMORY_KIB, person_signing._LANES),
    )
    with pytest.MonkeyPatch.context() as patch:
        for module in (sealing, person_signing):
            for name, value in (("_PASSES", 1), ("_MEMORY_KIB", 8), ("_LANES", 1)):
                patch.setattr(module, name, value)
        cheapest = PasswordHasher(1, 8, 1)
        patch.setattr(hashing, "_HASHER", cheapest)
        patch.setattr(hashing, "_NOBODYS_HASH", cheapest.hash("nobody's"))
        yield dear


@pytest.fixture(scope="session")
def place() -> Path:
    return Path(os.environ[PLACE])


@pytest.fixture(scope="session")
def cluster(place: Path) -> Iterator[TestCluster]:
    with TestCluster(place).running() as running:
        yield running


@pytest.fixture(scope="session")
def database(cluster: TestCluster) -> Iterator[Database]:
    """This worker's migrated database; whoever uses it rolls back."""
    name = cluster.copy()
    yield cluster.database(name)
    cluster.drop(name)


@pytest.fixture(scope="session")
def engine(database: Database) -> Iterator[Engine]:
    engine = application_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def bare_slate(cluster: TestCluster) -> Iterator[Slate]:
    with Slate.of(cluster) as slate:
        yield slate


@pytest.fixture
def slate(bare_slate: Slate) -> Iterator[Slate]:
    """A migrated database and its engines, this test's own for as long as it runs."""
    if bare_slate.fresh:
        bare_slate.settle()
    yield bare_slate
    bare_slate.wipe()


@pytest.fixture
def fresh_database(slate: Slate) -> Database:
    """A migrated database for one test that really commits."""
    return slate.database


@pytest.fixture
def own_database(cluster: TestCluster) -> Iterator[Database]:
    """A migrated database that other processes may know of longer than the test runs."""
    name = cluster.copy()
    yield cluster.database(name)
    cluster.drop(name)


@pytest.fixture(scope="session")
def machine_secrets() -> Secrets:
    first, *others = (secrets.token_bytes(32) for _ in range(4))
    return Secrets(MachineKeys.only(first), *others)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def vault(keystore_engine: Engine, machine_secrets: Secrets, clock: ManualClock) -> Vault:
    keystore = KeyStore(keystore_engine, machine_secrets.machine_keys, clock)
    return Vault(keystore, machine_secrets.index_key, machine_secrets.signing_key)


@pytest.fixture(scope="session")
def keystore_engine(cluster: TestCluster) -> Iterator[Engine]:
    engine = owner_engine(cluster.keystore_url())
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction is rolled back at the end, whatever was committed in it."""
    with engine.connect() as connection:
        outermost = connection.begin()
        yield connection
        outermost.rollback()


class SavepointSession(Session):
    """A session whose commit is a savepoint, after which every deferred law has been asked."""

    def commit(self) -> None:
        self.flush()
        self.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        super().commit()


class AnyRoute(dict[str, tuple[str, ...]]):
    """Every fact is known and nobody hears of it: a service is tested by what it declares."""

    def __contains__(self, _fact: object) -> bool:
        return True

    def __missing__(self, _fact: str) -> tuple[str, ...]:
        return ()


@pytest.fixture
def unit(connection: Connection, clock: ManualClock, vault: Vault) -> UnitOfWork:
    """A unit of work whose commits stay inside this test."""
    make = sessionmaker(
        connection,
        class_=SavepointSession,
        expire_on_commit=False,
        join_transaction_mode="create_savepoint",
    )
    return UnitOfWork(sessions=make, clock=clock, vault=vault, routes=AnyRoute())


@pytest.fixture
def work(unit: UnitOfWork) -> Iterator[Work]:
    """A system actor's work that is rolled back after the test."""
    with unit.reading(Actor.system("test")) as work:
        yield work


@pytest.fixture
def committing(slate: Slate, clock: ManualClock, vault: Vault) -> UnitOfWork:
    """A unit of work that really commits, in a database that is this test's own meanwhile."""
    make = sessionmaker(slate.engine, expire_on_commit=False)
    return UnitOfWork(sessions=make, clock=clock, vault=vault, routes=AnyRoute())


@pytest.fixture
def keeper(tmp_path_factory: pytest.TempPathFactory, place: Path) -> Iterator[Keeper]:
    """A Redis of this test's own, which it may empty, stop and start."""
    with running_keeper(place / f"redis-{secrets.token_hex(4)}") as keeper:
        yield keeper


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a real process of ours needs, for tests that start some."""

    database: Database
    settings: Settings
    environment: dict[str, str]
    nursery: Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def parts(
    cluster: TestCluster,
    own_database: Database,
    keeper: Keeper,
    nursery: Nursery,
    tmp_path: Path,
) -> Parts:
    """Fresh databases and a Redis of this test's own, and the environment that names them."""
    environment = {
        "DATABASE_URL": own_database.url,
        "DATABASE_OWNER_URL": own_database.owner_url,
        "KEYSTORE_URL": cluster.keystore_url(),
        "SIMULATOR_URL": cluster.outside_copy(),
        "REDIS_URL": keeper.url,
        "SANGHA_SECRETS": str(tmp_path / "secrets.json"),
    }
    Secrets.from_file_or_new(tmp_path / "secrets.json")
    return Parts(own_database, Settings.from_environment(environment), environment, nursery)
