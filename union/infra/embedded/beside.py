"""Databases that stand beside living ones, and change places with them in one moment.

Owns how they are made, renamed and read through; must never remove one that is in its place.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from union.infra.db import libpq_url
from union.infra.embedded.errors import StartError

_USERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
)
_REFERENCES = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND data_type = 'uuid'"
)
NOT_KEYS = frozenset({"edition.stamp", "round_line.line_key"})
"""The only columns of this kind that name no data key; a test holds the list."""

_LOOKS, _LOOK_AGAIN_S = 20, 0.1

IN_USE = (
    "Somebody uses the databases: stop the union (and its workers), then call this again; all but "
    "the last step is done."
)


NO_RIGHT = (
    "The database login {user} may not make or rename databases: let an administrator grant it"
    " that (ALTER ROLE … CREATEDB) for as long as the restore takes. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Beside:
    """A living database, and the one restored beside it."""

    admin_url: str
    owner_url: str
    user_url: str

    @property
    def name(self) -> str:
        """The living one's name."""
        return make_url(self.owner_url).database or ""

    @property
    def restored(self) -> str:
        """The restored one's name."""
        return f"{self.name}_restored"

    def url(self, of: str) -> str:
        """The restored one's address, for whoever uses the address ``of``."""
        return make_url(of).set(database=self.restored).render_as_string(hide_password=False)

    def neighbours(self) -> set[str]:
        """The names of all databases beside it."""
        with psycopg.connect(libpq_url(self.admin_url), autocommit=True) as connection:
            return _names(connection)

    def drop(self, name: str) -> None:
        """Remove one of them for good."""
        with psycopg.connect(libpq_url(self.admin_url), autocommit=True) as connection:
            _do(connection, "DROP DATABASE IF EXISTS {}", name)


def make_empty(beside: Beside) -> None:
    """Make the restored one, with nothing in it, for the living one's owner and user."""
    with psycopg.connect(libpq_url(beside.owner_url)) as connection:
        owner = connection.info.user
    user = make_url(beside.user_url).username or owner
    with psycopg.connect(libpq_url(beside.admin_url), autocommit=True) as connection:
        _do(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", beside.restored)
        _do(connection, "CREATE DATABASE {} OWNER {} TEMPLATE template0", beside.restored, owner)
        _do(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", beside.restored)
        _do(connection, "GRANT CONNECT ON DATABASE {} TO {}", beside.restored, user)


def refuse_users(beside: Beside) -> None:
    """StartError while anybody is connected to the living one."""
    with psycopg.connect(libpq_url(beside.admin_url), autocommit=True) as connection:
        for _ in range(_LOOKS):
            if connection.execute(_USERS, (beside.name,)).fetchone() == (0,):
                return
            # Who has just let go is counted for a moment longer.
            time.sleep(_LOOK_AGAIN_S)
    raise StartError(IN_USE)


def rename(admin_url: str, group: Sequence[Beside], aside: str) -> None:
    """All of one server's at once: together or not at all."""
    with psycopg.connect(libpq_url(admin_url)) as connection:
        there = _names(connection)
        try:
            for beside in group:
                if beside.restored not in there:
                    continue
                if beside.name in there:
                    old = f"{beside.name}{aside}"
                    _do(connection, "ALTER DATABASE {} RENAME TO {}", beside.name, old)
                _do(connection, "ALTER DATABASE {} RENAME TO {}", beside.restored, beside.name)
        except psycopg.errors.ObjectInUse as error:
            raise StartError(IN_USE) from error


def _names(connection: psycopg.Connection[tuple[object, ...]]) -> set[str]:
    found = connection.execute("SELECT datname FROM pg_database").fetchall()
    return {str(name) for (name,) in found}


def _do(
    connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, *names: str
) -> None:
    try:
        connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise StartError(NO_RIGHT.format(user=connection.info.user)) from error


def refs_in(url: str) -> Iterator[list[object]]:
    """Every key reference that any row of the union holds, a few thousand at a time."""
    with psycopg.connect(libpq_url(url)) as connection:
        for table, column in connection.execute(_REFERENCES).fetchall():
            if f"{table}.{column}" in NOT_KEYS:
                continue
            with connection.cursor(name="refs") as cursor:
                asked = sql.SQL("SELECT DISTINCT {} FROM {} WHERE {} IS NOT NULL").format(
                    *(sql.Identifier(str(one)) for one in (column, table, column))
                )
                cursor.execute(asked)
                while rows := cursor.fetchmany(5_000):
                    yield [row[0] for row in rows]
