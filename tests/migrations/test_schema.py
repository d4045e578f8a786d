"""The migrations make the schema from nothing, agree with the models, and can be taken back."""

from __future__ import annotations

import importlib
import pkgutil

import psycopg
import pytest
from sqlalchemy.orm import configure_mappers

import union
from tests.cluster import Database, TestCluster
from union.infra import schema
from union.infra.db import Base
from union.infra.embedded.postgres import OWNER

LEFT_BEHIND = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relname NOT LIKE 'alembic_version%'
    UNION ALL
    SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public'
"""


@pytest.fixture
def empty(cluster: TestCluster) -> Database:
    return cluster.database(cluster.copy("template0", OWNER))


def load_models() -> None:
    for package in pkgutil.iter_modules(union.__path__, "union."):
        if not package.ispkg:
            continue
        rooms = importlib.import_module(package.name).__path__
        for room in pkgutil.walk_packages(rooms, f"{package.name}."):
            if ".models" in room.name or (package.name == "union.infra" and not room.ispkg):
                importlib.import_module(room.name)


def test_the_schema_comes_from_nothing_and_goes_back_to_it(empty: Database) -> None:
    schema.upgrade(empty.owner_url)
    assert schema.is_current(empty.owner_url)
    schema.downgrade(empty.owner_url)
    with psycopg.connect(empty.superuser_url) as connection:
        assert connection.execute(LEFT_BEHIND).fetchall() == []
    schema.upgrade(empty.owner_url)
    assert schema.is_current(empty.owner_url)


def test_the_models_say_what_the_migrations_made(database: Database) -> None:
    load_models()
    configure_mappers()
    assert schema.differences(database.owner_url, Base.metadata) == []


def test_two_processes_may_ask_for_the_upgrade(empty: Database) -> None:
    schema.upgrade(empty.owner_url)
    schema.upgrade(empty.owner_url)
    assert schema.is_current(empty.owner_url)
