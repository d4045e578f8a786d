"""The key store's own schema: numbered steps, each done once, by whoever owns it.

The migrations of the union's database do not reach it, for it is backed up and restored apart.
Its owner and its user are two logins wherever the deployment names two: the user may make keys,
open and destroy them, and nothing else; with one login the triggers would be its own to take away.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from union.infra.db import owner_engine
from union.infra.schema import MIGRATIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection

STEPS = MIGRATIONS / "keys"
"""One SQL script for each step, in the order of their names."""

TURN = 72_656_164
"""The advisory lock of a run, so that two processes never take a step at once."""

_MADE = """
CREATE TABLE IF NOT EXISTS schema_step (name varchar CONSTRAINT schema_step_pkey PRIMARY KEY)
"""
_RIGHTS = """
GRANT USAGE ON SCHEMA public TO {user};
REVOKE ALL ON data_key, key_fence, schema_step FROM {user};
GRANT SELECT, INSERT, UPDATE (wrapped, destroyed_at) ON data_key TO {user};
GRANT SELECT ON key_fence, schema_step TO {user}
"""


def steps() -> list[Path]:
    """Every step there is, the first first."""
    return sorted(STEPS.glob("*.sql"))


def bring_forward(owner_url: str, url: str) -> None:
    """Take the steps that are missing, and let the user of ``url`` do its work and no more."""
    with_user = owner_engine(url)
    owning = owner_engine(owner_url)
    try:
        with with_user.connect() as connection:
            user = connection.scalar(text("SELECT quote_ident(current_user)"))
        with owning.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            _take(connection)
            if connection.scalar(text("SELECT quote_ident(current_user)")) != user:
                _run(connection, _RIGHTS.format(user=user))
    finally:
        owning.dispose()
        with_user.dispose()


def _take(connection: Connection) -> None:
    _run(connection, _MADE)
    done = set(connection.scalars(text("SELECT name FROM schema_step")))
    for step in steps():
        if step.stem not in done:
            _run(connection, step.read_text(encoding="utf-8"))
            told = {"name": step.stem}
            connection.execute(text("INSERT INTO schema_step VALUES (:name)"), told)


def _run(connection: Connection, sql: str) -> None:
    connection.exec_driver_sql(sql, execution_options={"no_parameters": True})
