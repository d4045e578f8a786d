"""What a comparison of models cannot see: triggers, functions, grants, constraints, indexes.

The committed snapshot is renewed with `make schema-snapshot`; its difference is to be read.
"""

from __future__ import annotations

import psycopg
from syrupy.assertion import SnapshotAssertion

from tests.cluster import Database

TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1
"""
TRIGGERS = """
    SELECT pg_get_triggerdef(t.oid, true), t.tgenabled::text FROM pg_trigger t
    WHERE NOT t.tgisinternal ORDER BY 1
"""
FUNCTIONS = """
    SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' ORDER BY 1, 2
"""
CONSTRAINTS = """
    SELECT con.conrelid::regclass::text, con.conname, pg_get_constraintdef(con.oid, true)
    FROM pg_constraint con JOIN pg_namespace n ON n.oid = con.connamespace
    WHERE n.nspname = 'public' AND con.contype <> 'n' ORDER BY 1, 2
"""
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
INDEXES = """
    SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2
"""
GRANTS = """
    SELECT table_name, grantee, string_agg(privilege_type, ', ' ORDER BY privilege_type)
    FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND grantee <> grantor GROUP BY 1, 2 ORDER BY 1, 2
"""
COLUMN_GRANTS = """
    SELECT a.attrelid::regclass::text, a.attname, a.attacl::text FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND a.attacl IS NOT NULL ORDER BY 1, 2
"""
FUNCTION_GRANTS = """
    SELECT p.proname, p.prosecdef, coalesce(p.proacl::text, 'default') FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' ORDER BY 1, 2, 3
"""
OWNERS = """
    SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' ORDER BY 1
"""


def dump(url: str, query: str) -> str:
    with psycopg.connect(url) as connection:
        return "\n".join(" | ".join(map(str, row)) for row in connection.execute(query))


def test_tables_and_columns(database: Database, snapshot: SnapshotAssertion) -> None:
    assert dump(database.superuser_url, TABLES) == snapshot(name="tables")
    assert dump(database.superuser_url, COLUMNS) == snapshot(name="columns")
    assert dump(database.superuser_url, INDEXES) == snapshot(name="indexes")
    assert dump(database.superuser_url, CONSTRAINTS) == snapshot(name="constraints")


def test_triggers_and_functions(database: Database, snapshot: SnapshotAssertion) -> None:
    assert dump(database.superuser_url, TRIGGERS) == snapshot(name="triggers")
    assert dump(database.superuser_url, FUNCTIONS) == snapshot(name="functions")


def test_grants(database: Database, snapshot: SnapshotAssertion) -> None:
    assert dump(database.superuser_url, OWNERS) == snapshot(name="owners")
    assert dump(database.superuser_url, GRANTS) == snapshot(name="grants")
    assert dump(database.superuser_url, COLUMN_GRANTS) == snapshot(name="column grants")
    assert dump(database.superuser_url, FUNCTION_GRANTS) == snapshot(name="function grants")
