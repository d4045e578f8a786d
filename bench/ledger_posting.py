"""Two-leg postings, one commit each: all laws on, beside bare inserts on the same PostgreSQL.

Run with ``python -m bench.ledger_posting [count]``. "bare" writes the same three rows into tables
without any law, by plain psycopg; "laws" sends our one statement by plain psycopg; "service" is
``post_entry`` in a unit of work. Three rounds each, the median is printed.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from sqlalchemy.orm import sessionmaker

from tests.cluster import Database, TestCluster, make_place, remove_place
from union.infra.db import application_engine, owner_engine
from union.infra.keystore import KeyStore
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.kernel.ids import new_ref
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import open_books, post_entry

ROUNDS = 3
COUNT = 2000
ACTOR = Actor.system("bench")
CLOCK = ManualClock(datetime(2026, 10, 15, 18, 30, tzinfo=UTC))
TODAY = CLOCK.today()

BARE_TABLES = """
CREATE TABLE bare_entry (LIKE journal_entry INCLUDING IDENTITY INCLUDING INDEXES);
CREATE TABLE bare_leg (LIKE journal_leg INCLUDING INDEXES);
GRANT SELECT, INSERT ON bare_entry, bare_leg TO sangha_app;
"""
BARE_ENTRY = """
INSERT INTO bare_entry (ref, kind, happened_on, posted_on, posted_at, source_kind, source_id)
VALUES (%s, 'receipt', %s, %s, %s, 'bench', %s) RETURNING id
"""
BARE_LEGS = """
INSERT INTO bare_leg (entry_id, position, account_code, fund_code, amount_minor)
VALUES (%s, 1, '1010', 'general', 2000), (%s, 2, '4110', 'general', -2000)
"""
LAWS = """
WITH entry AS (
  INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at, source_kind, source_id)
  VALUES (%s, 'receipt', %s, %s, %s, 'bench', %s) RETURNING id, posted_on)
INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor, posted_on)
SELECT id, n, account, 'general', amount, posted_on
  FROM entry, (VALUES (1, '1010', 2000), (2, '4110', -2000)) leg(n, account, amount)
"""

numbers = itertools.count(1)


def bare(connection: psycopg.Connection, count: int) -> None:
    """Post into tables without laws."""
    for _ in range(count):
        values = (new_ref(), TODAY, TODAY, CLOCK.now(), next(numbers))
        row = connection.execute(BARE_ENTRY, values).fetchone()
        connection.execute(BARE_LEGS, (row[0], row[0]))
        connection.commit()


def laws(connection: psycopg.Connection, count: int) -> None:
    """Post by hand into the journal itself."""
    for _ in range(count):
        connection.execute(LAWS, (new_ref(), TODAY, TODAY, CLOCK.now(), next(numbers)))
        connection.commit()


def service(unit: UnitOfWork, count: int) -> None:
    """Post as the application does."""
    for _ in range(count):
        entry = NewEntry(
            kind=EntryKind.RECEIPT,
            happened_on=TODAY,
            source=Source("bench", next(numbers)),
            legs=(debit(AccountCode.CASH_AT_DESK, 2000), credit(AccountCode.DONATIONS, 2000)),
        )
        with unit.begin(ACTOR) as work:
            post_entry(work, entry)


@contextmanager
def throwaway(*, durable: bool) -> Iterator[tuple[Database, str]]:
    """A migrated database and the address of a key store, gone afterwards."""
    folder = make_place()
    cluster = TestCluster(folder)
    cluster.cluster.durable = durable
    try:
        with cluster.running():
            yield cluster.database(cluster.copy()), cluster.keystore_url()
    finally:
        remove_place(folder)


def measure(count: int, *, durable: bool) -> dict[str, float]:
    """Postings a second for each way, the median of three rounds."""
    with throwaway(durable=durable) as (database, keystore_url):
        engine, owner = application_engine(database.url), owner_engine(database.owner_url)
        keys = owner_engine(keystore_url)
        with owner.begin() as connection:
            connection.exec_driver_sql(BARE_TABLES)
        vault = Vault(KeyStore(keys, bytes(32), CLOCK), bytes(32))
        unit = UnitOfWork(sessionmaker(engine, expire_on_commit=False), CLOCK, vault)
        with unit.begin(ACTOR) as work:
            open_books(work)
            post_entry(work, _first())
        raw = engine.raw_connection()
        ways: dict[str, Callable[[], None]] = {
            "bare": lambda: bare(raw.driver_connection, count),
            "laws": lambda: laws(raw.driver_connection, count),
            "service": lambda: service(unit, count),
        }
        rates = _medians(ways, count)
        raw.close()
        for each in (engine, owner, keys):
            each.dispose()
    return rates


def _first() -> NewEntry:
    legs = (debit(AccountCode.CASH_AT_DESK, 1), credit(AccountCode.DONATIONS, 1))
    return NewEntry(EntryKind.RECEIPT, TODAY, Source("bench", next(numbers)), legs)


def _medians(ways: dict[str, Callable[[], None]], count: int) -> dict[str, float]:
    """The ways take turns, so that a neighbour's load falls on all of them."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, do in ways.items():
            start = time.perf_counter()
            do()
            rates[name].append(count / (time.perf_counter() - start))
    return {name: statistics.median(each) for name, each in rates.items()}


def main() -> None:
    """Print a second's postings and the ratio to the bare ones, with and without fsync."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    for durable in (True, False):
        rates = measure(count, durable=durable)
        print(f"two-leg postings a second, fsync {'on' if durable else 'off'}, n={count}")
        for name, rate in rates.items():
            print(f"  {name:8} {rate:8.0f}/s   {rates['bare'] / rate:5.2f} x bare")


if __name__ == "__main__":
    main()
