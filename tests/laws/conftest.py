"""Fixtures of the laws: each module's own database, really committed to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from tests.cluster import Database, TestCluster
from tests.conftest import START, AnyRoute
from tests.laws.money import Books, open_books_in
from tests.laws.readings_chain import Watched, three_days
from tests.slate import Slate
from union.infra.db import application_engine, owner_engine
from union.infra.keystore import KeyStore
from union.infra.settings import Secrets
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock


@pytest.fixture(scope="module")
def ledger_database(cluster: TestCluster) -> Iterator[Database]:
    name = cluster.copy()
    yield cluster.database(name)
    cluster.drop(name)


@pytest.fixture(scope="module")
def books(
    ledger_database: Database, keystore_engine: Engine, machine_secrets: Secrets
) -> Iterator[Books]:
    """Open books, shared by a module: a test that changes more takes ``own_books``."""
    engine = application_engine(ledger_database.url)
    owner = owner_engine(ledger_database.owner_url)
    yield open_books_in(unit_over(engine, keystore_engine, machine_secrets), engine, owner)
    engine.dispose()
    owner.dispose()


@dataclass
class Opened:
    """A slate on which books stand open, and those books."""

    slate: Slate
    books: Books | None = None


@pytest.fixture(scope="session")
def opened(cluster: TestCluster) -> Iterator[Opened]:
    with Slate.of(cluster) as slate:
        yield Opened(slate)


@pytest.fixture
def own_books(opened: Opened, keystore_engine: Engine, machine_secrets: Secrets) -> Iterator[Books]:
    """Open books of this test's own for as long as it runs."""
    slate = opened.slate
    unit = unit_over(slate.engine, keystore_engine, machine_secrets)
    if slate.fresh:
        opened.books = open_books_in(unit, slate.engine, slate.owner)
        slate.settle()
    yield replace(opened.books, unit=unit)
    slate.wipe()


def unit_over(engine: Engine, keystore_engine: Engine, machine_secrets: Secrets) -> UnitOfWork:
    clock = ManualClock(START)
    keystore = KeyStore(keystore_engine, machine_secrets.machine_keys, clock)
    return UnitOfWork(
        sessions=sessionmaker(engine, expire_on_commit=False),
        clock=clock,
        vault=Vault(keystore, machine_secrets.index_key, machine_secrets.signing_key),
        routes=AnyRoute(),
    )


@pytest.fixture
def own_house(committing: UnitOfWork, slate: Slate) -> Books:
    """A house without a ledger: only who may attack it matters."""
    nobody = Actor.system("test")
    return Books(committing, slate.engine, slate.owner, nobody, nobody, 0)


@pytest.fixture
def watched(own_house: Books) -> Watched:
    """Three days of readings, each sealed and signed by the timers alone."""
    return three_days(own_house)
