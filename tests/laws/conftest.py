"""Fixtures of the laws: each module's own database, really committed to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from tests.cluster import Database, TestCluster
from tests.conftest import START, AnyRoute
from tests.laws.money import Books, open_books_in
from union.infra.db import application_engine, owner_engine
from union.infra.keystore import KeyStore
from union.infra.settings import Secrets
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
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
    with _books(ledger_database, keystore_engine, machine_secrets) as books:
        yield books


@pytest.fixture
def own_books(
    fresh_database: Database, keystore_engine: Engine, machine_secrets: Secrets
) -> Iterator[Books]:
    """Open books of this test's own."""
    with _books(fresh_database, keystore_engine, machine_secrets) as books:
        yield books


@contextlib.contextmanager
def _books(
    database: Database, keystore_engine: Engine, machine_secrets: Secrets
) -> Iterator[Books]:
    engine = application_engine(database.url)
    owner = owner_engine(database.owner_url)
    clock = ManualClock(START)
    keystore = KeyStore(keystore_engine, machine_secrets.machine_key, clock)
    unit = UnitOfWork(
        sessions=sessionmaker(engine, expire_on_commit=False),
        clock=clock,
        vault=Vault(keystore, machine_secrets.index_key, machine_secrets.signing_key),
        routes=AnyRoute(),
    )
    yield open_books_in(unit, engine, owner)
    engine.dispose()
    owner.dispose()
