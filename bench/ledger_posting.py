"""Two-leg postings, one commit each, all laws on, beside django-hordak on the same PostgreSQL.

Run with ``python -m bench.ledger_posting [count]``. "bare" writes the same three rows into tables
without any law, by plain psycopg; "laws" sends our one statement by plain psycopg; "service" is
``post_entry`` in a unit of work, as the workers do (neither way asks whether its connection
still lives); "hordak" is its ``transfer_to`` in an
environment that this bench makes and throws away. The ways take turns in three rounds; the
median is printed. Without the package's index the last one is left out, and it says so.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.orm import sessionmaker

from bench.table import keep
from tests.cluster import Database, TestCluster, make_place, remove_place
from union.infra.db import application_engine, owner_engine
from union.infra.keystore import KeyStore
from union.infra.machine_keys import MachineKeys
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.kernel.ids import new_ref
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import open_books, post_entry

ROUNDS = 3
COUNT = 3400
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
def hordak(cluster: TestCluster) -> Iterator[Callable[[int], float] | None]:
    """django-hordak over a database of its own in the same cluster: count in, seconds out."""
    with tempfile.TemporaryDirectory(prefix="sangha-bench-") as folder:
        python = _scratch(Path(folder))
        if python is None:
            yield None
            return
        name = cluster.copy("template1", "postgres", name=f"hordak_{os.getpid()}")
        url = make_url(cluster.database(name).superuser_url)
        environment = {
            "BENCH_NAME": name,
            "BENCH_USER": str(url.username),
            "BENCH_HOST": str(url.query.get("host") or url.host),
            "PATH": os.environ["PATH"],
        }
        child = subprocess.Popen(
            [python, Path(__file__).parent / "scratch" / "hordak_way.py"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        try:
            child.stdout.readline()

            def way(count: int) -> float:
                child.stdin.write(f"{count}\n")
                return float(child.stdout.readline())

            yield way
        finally:
            child.stdin.close()
            child.wait(30)
            cluster.drop(name)


def _scratch(folder: Path) -> Path | None:
    """A Python with django-hordak, or None where it cannot be fetched."""
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    fetched = subprocess.run(
        [python, "-m", "pip", "install", "-q", "django-hordak", "psycopg[binary]"],
        check=False,
        capture_output=True,
    )
    return python if fetched.returncode == 0 else None


@contextmanager
def throwaway(*, durable: bool) -> Iterator[tuple[Database, TestCluster]]:
    """A migrated database and its cluster, gone afterwards."""
    folder = make_place()
    cluster = TestCluster(folder)
    cluster.cluster.durable = durable
    try:
        with cluster.running():
            yield cluster.database(cluster.copy()), cluster
    finally:
        remove_place(folder)


def measure(count: int, *, durable: bool) -> dict[str, float]:
    """Postings a second for each way, the median of three rounds."""
    with throwaway(durable=durable) as (database, cluster), hordak(cluster) as theirs:
        engine, owner = (
            application_engine(database.url, ping=False),
            owner_engine(database.owner_url),
        )
        keys = owner_engine(cluster.keystore_url())
        with owner.begin() as connection:
            connection.exec_driver_sql(BARE_TABLES)
        vault = Vault(KeyStore(keys, MachineKeys.only(bytes(32)), CLOCK), bytes(32))
        unit = UnitOfWork(sessionmaker(engine, expire_on_commit=False), CLOCK, vault)
        with unit.begin(ACTOR) as work:
            open_books(work)
            post_entry(work, _first())
        raw = engine.raw_connection()
        ways: dict[str, Callable[[], float]] = {
            "bare": _timed(lambda: bare(raw.driver_connection, count)),
            "laws": _timed(lambda: laws(raw.driver_connection, count)),
            "service": _timed(lambda: service(unit, count)),
        }
        if theirs is not None:
            ways["hordak"] = lambda: theirs(count)
        rates = _medians(ways, count)
        raw.close()
        for each in (engine, owner, keys):
            each.dispose()
    return rates


def _first() -> NewEntry:
    legs = (debit(AccountCode.CASH_AT_DESK, 1), credit(AccountCode.DONATIONS, 1))
    return NewEntry(EntryKind.RECEIPT, TODAY, Source("bench", next(numbers)), legs)


def _timed(do: Callable[[], None]) -> Callable[[], float]:
    def seconds() -> float:
        start = time.perf_counter()
        do()
        return time.perf_counter() - start

    return seconds


def _medians(ways: dict[str, Callable[[], float]], count: int) -> dict[str, float]:
    """The ways take turns, so that a neighbour's load falls on all of them."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, do in ways.items():
            rates[name].append(count / do())
    return {name: statistics.median(each) for name, each in rates.items()}


def main() -> None:
    """Print a second's postings and the ratio to the bare ones, with and without fsync."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    for durable in (True, False):
        rates = measure(count, durable=durable)
        print(f"two-leg postings a second, fsync {'on' if durable else 'off'}, n={count}")
        for name, rate in rates.items():
            print(f"  {name:8} {rate:8.0f}/s   {rates['bare'] / rate:5.2f} x bare")
        if "hordak" in rates:
            ratio = rates["service"] / rates["hordak"]
            print(f"  ours is {ratio:.2f} x hordak")
            what = f"single payments, fsync {'on' if durable else 'off'}, beside django-hordak"
            keep(what, f"{ratio:.2f} x as many", "ahead", met=ratio > 1)
        else:
            print("  django-hordak could not be fetched, so it is not compared")


if __name__ == "__main__":
    main()
