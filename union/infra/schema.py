"""The union's schema, made and unmade by the migrations alone.

Owns the way Alembic is run; must never run as the application's role, which owns nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from union.infra.db import owner_engine

if TYPE_CHECKING:
    from sqlalchemy import MetaData

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the schema forward, all of it or nothing."""
    command.upgrade(_config(owner_url), revision)


def downgrade(owner_url: str, revision: str = "base") -> None:
    """Take the schema back; what the tables held is gone."""
    command.downgrade(_config(owner_url), revision)


def is_current(owner_url: str) -> bool:
    """Whether the schema stands where the newest migration left it."""
    script = ScriptDirectory.from_config(_config(owner_url))
    engine = owner_engine(owner_url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    finally:
        engine.dispose()
    return set(found) == set(script.get_heads())


def is_known(revision: str) -> bool:
    """Whether this version has a migration of this name."""
    script = ScriptDirectory.from_config(_config(""))
    return revision in {one.revision for one in script.walk_revisions()}


def differences(owner_url: str, metadata: MetaData) -> list[object]:
    """What the models say and the migrated schema does not, or the other way round."""
    engine = owner_engine(owner_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, metadata))
    finally:
        engine.dispose()


def _config(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["owner_url"] = owner_url
    return config
