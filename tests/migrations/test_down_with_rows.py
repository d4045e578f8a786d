"""Revisions 0041 and later are taken back with rows in every table of theirs, and made again.

None fails by accident: it goes, or it refuses and says what to do first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from tests.builders.erasing import TEST, ask_and_agree, make_cast, wait_and_carry_out
from tests.builders.identity import make_signed_in
from tests.builders.legal import choose_words, make_case, make_paralegal
from tests.builders.locking import make_keeper
from tests.builders.members import make_circles
from tests.builders.retention import HER, PLANTS, Garden
from tests.cluster import Database
from union.infra import schema
from union.infra.db import application_engine
from union.infra.people import new_person
from union.kernel.actor import Role
from union.office.locking.services import How, lock_office

BEFORE = "0040_accounts"
SCRIPTS = sorted((schema.MIGRATIONS / "sql").glob("00*.sql"))
LATER = [
    table
    for script in SCRIPTS
    if script.name[:4] > BEFORE[:4]
    for table in re.findall(r"^CREATE TABLE (\w+)", script.read_text(), re.MULTILINE)
]
"""Every table that the way down takes away."""

NEEDED = (
    "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s"
    " AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL"
    " AND is_identity = 'NO' AND is_generated = 'NEVER'"
)
CHECKS = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"
OF_TYPE = {
    "bool": False,
    "bytea": bytes(32),
    "date": "2026-10-16",
    "int2": 1,
    "int4": 1,
    "int8": 1,
    "jsonb": "{}",
    "text": "x",
    "timestamptz": "2026-10-16T00:00:00Z",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "varchar": "x",
}
STEPS = (
    (
        "UPDATE office_unlock SET proof = 'x', first_person_id = NULL, second_person_id = NULL",
        "brought back by two papers: restore a backup",
        "UPDATE office_unlock SET proof = NULL, first_person_id = 1, second_person_id = 2",
    ),
    ("DELETE FROM office_reopened", "the office is locked", ""),
    (
        "INSERT INTO office_reopened SELECT id, locked_at FROM office_lock",
        "words of cases are sealed to rooms",
        "UPDATE case_event SET room_id = NULL",
    ),
)
"""What is done, how the way down then refuses, and what is done about it."""


@pytest.fixture
def lived(own_database: Database, unit, clock) -> Database:
    """A union in which something stands in every table that came later."""
    engine = application_engine(own_database.url)
    real = replace(unit, sessions=sessionmaker(engine, expire_on_commit=False))
    with real.begin(TEST) as work:
        cast, someone = make_cast(work), new_person(work).id
        make_circles(work)
        make_signed_in(work, [Role.TREASURER])
        paralegal = make_paralegal(work)
        choose_words(work, paralegal)
        for role in (Role.SIGNATORY, Role.TRUSTEE):
            make_keeper(work, role)
        make_case(work, paralegal)
    ask_and_agree(real, cast)
    wait_and_carry_out(real, clock)
    with real.begin(TEST) as work:
        lock_office(work, How.COMMAND, None)
    engine.dispose()
    garden = Garden(own_database, clock.now())
    garden.live()
    with garden.connect() as connection:
        connection.execute("UPDATE person SET id = %s WHERE id = %s", (HER, someone))
        for number, kind in enumerate(sorted(PLANTS), 700):
            garden.plant(kind, number, timedelta(days=1))
        connection.execute("UPDATE contact SET channel = 'other_pin' WHERE channel = 'sms'")
        for table in LATER:
            fill(connection, table)
    return own_database


def fill(connection: psycopg.Connection, table: str) -> None:
    """A row, past every law, if there is none: the table is taken away anyway."""
    name = sql.Identifier(table)
    if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(name)).rowcount:
        return
    for (check,) in connection.execute(CHECKS, (table,)).fetchall():
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        connection.execute(drop.format(name, sql.Identifier(check)))
    row = {
        column: [] if kind.startswith("_") else OF_TYPE[kind]
        for column, kind in connection.execute(NEEDED, (table,))
    }
    if table == "office_unlock":
        row |= {"first_person_id": 1, "second_person_id": 2}
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        name,
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() for _ in row),
    )
    connection.execute(insert, list(row.values()))


def test_with_rows_it_goes_down_and_up_again_or_says_what_is_in_the_way(lived):
    options = "-c session_replication_role=replica"
    with psycopg.connect(lived.superuser_url, autocommit=True, options=options) as connection:
        for done, refused, mended in STEPS:
            connection.execute(done)
            with pytest.raises(DBAPIError, match=refused):
                schema.downgrade(lived.owner_url, BEFORE)
            if mended:
                connection.execute(mended)
        schema.downgrade(lived.owner_url, BEFORE)
        left = "SELECT count(*) FROM pg_class WHERE relname = ANY (%s)"
        assert connection.execute(left, (LATER,)).fetchone() == (0,)
        channels = connection.execute("SELECT DISTINCT channel FROM contact ORDER BY 1").fetchall()
        assert channels == [("app",), ("walk_in",)], "no contact is lost"
        for kept in ("member", "contact", "legal_case", "role_grant", "audit_entry"):
            found = sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(kept))
            assert connection.execute(found).rowcount == 1, kept
    schema.upgrade(lived.owner_url)
    assert schema.is_current(lived.owner_url)
