"""Runs the migrations as the schema's owner, in one transaction, one run at a time."""

from __future__ import annotations

import importlib
import os
import pkgutil

from alembic import context
from sqlalchemy import text

import union
from union.infra.db import Base, owner_engine

TURN = 72_656_164
"""The number of the advisory lock that a run holds, so that two processes never migrate at once."""


def load_models() -> None:
    """Import every module that makes tables, so that the metadata is whole."""
    for package in pkgutil.iter_modules(union.__path__, "union."):
        if not package.ispkg:
            continue
        for module in pkgutil.walk_packages(_path(package.name), f"{package.name}."):
            if ".models" in module.name or (package.name == "union.infra" and not module.ispkg):
                importlib.import_module(module.name)


def _path(package: str) -> list[str]:
    return list(importlib.import_module(package).__path__)


def migrate() -> None:
    """Run what the command asks for."""
    url = context.config.attributes.get("owner_url")
    if url is None:
        # Asked by Alembic's own command line, which may want to compare models and schema.
        load_models()
        url = os.environ["DATABASE_OWNER_URL"]
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection, target_metadata=Base.metadata, compare_type=True
            )
            with context.begin_transaction():
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
                context.run_migrations()
    finally:
        engine.dispose()


migrate()
