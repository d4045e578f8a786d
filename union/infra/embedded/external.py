"""Servers that a deployment brings itself, named by its environment.

Owns the checks that they answer and the role and sibling databases that may be missing; must
never print an address with its password.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

import psycopg
import redis
from psycopg import sql
from sqlalchemy.engine import make_url

from union.infra.embedded import errors
from union.infra.embedded.postgres import APPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping

OLDEST_POSTGRES = 150000
_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Databases:
    """The addresses a deployment's PostgreSQL is reached by."""

    application: str
    owner: str
    keystore: str
    simulator: str
    keystore_owner: str
    admin: str
    keys_admin: str


def find_databases(environ: Mapping[str, str]) -> Databases:
    """The databases of DATABASE_URL, furnished with what is missing; StartError if unreachable."""
    application = environ["DATABASE_URL"]
    owner = environ.get("DATABASE_OWNER_URL", application)
    owner_name = "DATABASE_OWNER_URL" if "DATABASE_OWNER_URL" in environ else "DATABASE_URL"
    with _connect(owner, owner_name) as connection:
        if connection.info.server_version < OLDEST_POSTGRES:
            version = connection.info.server_version // 10000
            raise errors.StartError(errors.TOO_OLD.format(version=version))
        _make_role(connection, application, owner_name)
        keystore = environ.get("KEYSTORE_URL") or _sibling(connection, owner, "keys")
        simulator = environ.get("SIMULATOR_URL") or _sibling(connection, owner, "outside")
    keystore_owner = environ.get("KEYSTORE_OWNER_URL", keystore)
    named = {
        "DATABASE_URL": application,
        "KEYSTORE_URL": keystore,
        "KEYSTORE_OWNER_URL": keystore_owner,
    }
    for name, url in named.items():
        _connect(url, name).close()
    admins = [
        make_url(url).set(database="postgres").render_as_string(hide_password=False)
        for url in (owner, keystore_owner)
    ]
    return Databases(application, owner, keystore, simulator, keystore_owner, *admins)


def check_redis(url: str) -> None:
    """Raise StartError unless the Redis of REDIS_URL answers."""
    try:
        with redis.Redis.from_url(url, socket_timeout=_SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        where = url.rpartition("@")[2].removeprefix("redis://")
        sentence = errors.UNREACHABLE.format(part="Redis", name="REDIS_URL", where=where)
        raise errors.StartError(sentence) from error


def _connect(url: str, name: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        parsed = make_url(url)
        plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True, connect_timeout=_SECONDS)
    except (psycopg.OperationalError, psycopg.ProgrammingError, ValueError) as error:
        where = url.rpartition("@")[2].partition("?")[0]
        sentence = errors.UNREACHABLE.format(part="database", name=name, where=where)
        raise errors.StartError(sentence) from error


def _make_role(
    connection: psycopg.Connection[tuple[object, ...]], application: str, owner_name: str
) -> None:
    login = make_url(application).username or connection.info.user
    found = connection.execute(
        "SELECT pg_has_role(%s, oid, 'MEMBER') FROM pg_roles WHERE rolname = %s",
        (login, APPLICATION_GROUP),
    ).fetchone()
    try:
        if found is None:
            connection.execute(_named("CREATE ROLE {} NOLOGIN", APPLICATION_GROUP))
        if found is None or not found[0]:
            connection.execute(_named("GRANT {} TO {}", APPLICATION_GROUP, login))
    except psycopg.errors.InsufficientPrivilege as error:
        act = f"make the role {APPLICATION_GROUP} and grant it to {login}"
        raise errors.StartError(
            errors.MISSING_RIGHT.format(name=owner_name, act=act, instead="DATABASE_OWNER_URL")
        ) from error


def _sibling(connection: psycopg.Connection[tuple[object, ...]], owner: str, suffix: str) -> str:
    name = f"{connection.info.dbname}_{suffix}"
    there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if there is None:
        try:
            connection.execute(_named("CREATE DATABASE {}", name))
        except psycopg.errors.InsufficientPrivilege as error:
            instead = {"keys": "KEYSTORE_URL", "outside": "SIMULATOR_URL"}[suffix]
            raise errors.StartError(
                errors.MISSING_RIGHT.format(
                    name="DATABASE_URL", act=f"make the database {name}", instead=instead
                )
            ) from error
    return make_url(owner).set(database=name).render_as_string(hide_password=False)


def _named(statement: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
