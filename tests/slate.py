"""A database that tests really commit to, one test after the other, wiped in between.

To copy a database and drop it again costs more than most tests that commit, and all that one
meets in a new one is cold. Here the rows that a test left are taken away and numbers count from
where they began; a test that changed more than rows makes the next one begin on a new copy.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from tests.cluster import Database, TestCluster
from union.infra.db import application_engine, owner_engine

WEAR = 60
"""Tests after which it is made anew: rows that were taken away still take their place."""

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 GROUP BY 1 ORDER BY 1
"""
NUMBERS = """
SELECT format('public.%I', sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
  FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1
"""
WATCH = """
CREATE SCHEMA slate;
CREATE TABLE slate.changed (what text NOT NULL);
CREATE FUNCTION slate.write_down() RETURNS event_trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = slate AS $$
BEGIN
  INSERT INTO slate.changed VALUES (tg_tag);
END $$;
"""
WATCHED = """
CREATE EVENT TRIGGER slate_changed ON ddl_command_end EXECUTE FUNCTION slate.write_down()
"""
STOP_THE_REST = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
AS_AT_FIRST = """
RESET SESSION AUTHORIZATION; RESET ALL; RESET ROLE; SELECT pg_advisory_unlock_all()
"""
"""What a connection that stays open may still have of the test before."""


@dataclass
class Slate:
    """One database, its engines, and the way back to how it was."""

    cluster: TestCluster
    database: Database
    engine: Engine
    owner: Engine
    fresh: bool = True
    """Nothing has been written on it yet: what stands on it is not settled."""

    _hand: psycopg.Connection | None = field(default=None, init=False)
    _wiped: int = field(default=0, init=False)

    @classmethod
    @contextlib.contextmanager
    def of(cls, cluster: TestCluster) -> Iterator[Slate]:
        database = cluster.database(cluster.copy())
        engine, owner = application_engine(database.url), owner_engine(database.owner_url)
        slate = cls(cluster, database, engine, owner)
        yield slate
        slate.put_away()

    def put_away(self) -> None:
        self.engine.dispose()
        self.owner.dispose()
        if self._hand is not None:
            self._hand.close()
        self.cluster.drop(self.database.name)

    def settle(self) -> None:
        """What stands here now is what every wiping comes back to."""
        self.fresh, self._wiped = False, 0
        self._hand = psycopg.connect(
            self.database.superuser_url,
            autocommit=True,
            options="-c session_replication_role=replica",
        )
        self._hand.execute(WATCH)
        steps = [self._back(*row) for row in self._hand.execute(TABLES).fetchall()]
        count_from = sql.SQL("PERFORM setval({}, {}, {});")
        steps += [count_from.format(*row) for row in self._hand.execute(NUMBERS).fetchall()]
        body = sql.SQL("\n").join([sql.SQL("BEGIN"), *steps, sql.SQL("END")])
        making = sql.SQL("CREATE FUNCTION slate.wipe() RETURNS void LANGUAGE plpgsql AS {}")
        self._hand.execute(making.format(body.as_string(self._hand)))
        self._hand.execute(WATCHED)

    def _back(self, table: str, columns: list[str]) -> sql.Composed:
        """How a table comes back to what it holds now."""
        names = {
            "table": sql.Identifier("public", table),
            "kept": sql.Identifier("slate", table),
            "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        }
        counted = sql.SQL("SELECT count(*) FROM {table}").format(**names)
        (rows,) = self._hand.execute(counted).fetchone()
        if not rows:
            return sql.SQL("DELETE FROM {table};").format(**names)
        self._hand.execute(sql.SQL("CREATE TABLE {kept} AS TABLE {table}").format(**names))
        return sql.SQL(
            "IF (SELECT count(*) FROM {table}) <> {rows} OR EXISTS ("
            " SELECT here::text FROM {table} here EXCEPT ALL SELECT kept::text FROM {kept} kept"
            ") THEN DELETE FROM {table};"
            " INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
            " SELECT {columns} FROM {kept}; END IF;"
        ).format(rows=rows, **names)

    def wipe(self) -> None:
        """Take away what a test has left, or begin anew where that is not enough."""
        self._wiped += 1
        self._take_back_connections()
        self._hand.execute(STOP_THE_REST)
        changed = self._hand.execute("SELECT FROM slate.changed LIMIT 1").fetchone()
        if changed is None and self._wiped < WEAR:
            self._hand.execute("SELECT slate.wipe()")
            return
        self.put_away()
        self.cluster.copy(name=self.database.name)
        self.fresh = True

    def _take_back_connections(self) -> None:
        for engine in (self.engine, self.owner):
            pool = engine.pool
            if pool.checkedout():
                engine.dispose()
                continue
            held = [engine.raw_connection() for _ in range(pool.checkedin())]
            for connection in held:
                connection.execute(AS_AT_FIRST)
                connection.commit()
                connection.close()
