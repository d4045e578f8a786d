"""Books that left months out are put in a row: what lay before a closed month is closed with it."""

from __future__ import annotations

import psycopg
import pytest

from tests.cluster import Database, TestCluster
from union.infra import schema
from union.infra.embedded.postgres import OWNER

BEFORE, AFTER = "0021_cards", "0022_books_bounds"
ROWS = "SELECT to_char(first_on, 'MM'), status FROM accounting_period ORDER BY first_on"
MAKE = "INSERT INTO accounting_period (first_on, status) VALUES (%s, 'open')"
CLOSE = (
    "UPDATE accounting_period SET status = 'closed', closed_at = '2026-10-01T00:00:00Z'"
    " WHERE first_on = %s"
)


@pytest.fixture
def holes(cluster: TestCluster) -> Database:
    """April and June closed with May left out, October open: as it could be before."""
    database = cluster.database(cluster.copy("template0", OWNER))
    schema.upgrade(database.owner_url, BEFORE)
    with psycopg.connect(database.superuser_url) as connection:
        for first in ("2026-04-01", "2026-06-01", "2026-10-01"):
            connection.execute(MAKE, (first,))
        for first in ("2026-04-01", "2026-06-01"):
            connection.execute(CLOSE, (first,))
    return database


def rows(database: Database, query: str = ROWS) -> list[tuple[str, ...]]:
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute(query).fetchall()


def test_what_was_left_out_is_there_and_goes_back(holes: Database) -> None:
    schema.upgrade(holes.owner_url, AFTER)
    closed = [(month, "closed") for month in ("04", "05", "06")]
    assert rows(holes) == [*closed, *((month, "open") for month in ("07", "08", "09", "10"))]
    standing = "SELECT count(*) FROM accounting_period WHERE previous_on IS NULL"
    assert rows(holes, standing) == [(1,)]
    schema.downgrade(holes.owner_url, BEFORE)
    assert len(rows(holes)) == 7
    schema.upgrade(holes.owner_url, AFTER)
    assert rows(holes, standing) == [(1,)]
