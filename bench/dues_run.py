"""The monthly run with all laws on, beside the bare insert of the same charge rows.

Run with ``python -m bench.dues_run [members ...]`` (left out: 3,000, 100,000 and 1,000,000, each in
a database of its own). "bare" is one ``INSERT … SELECT`` of rows worked out beforehand, into a
table with the same keys and the same foreign key to person but no law; "run" works out who owes
what, charges, posts and commits, a few branches at a time. A second run must post nothing. Six
rounds (of large unions three), each on a month of its own; the medians are printed, and the peak
memory of this process and of the database's that served it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from bench.ledger_posting import throwaway
from bench.table import keep
from tests.cluster import Database
from union.dues.services import run_month
from union.infra.db import application_engine, owner_engine
from union.infra.keystore import KeyStore
from union.infra.machine_keys import MachineKeys
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.kernel.periods import Month

MEMBERS = (3_000, 100_000, 1_000_000)
BRANCHES = 31
MOST = 3.0
MONTHS = tuple(Month(2026, number) for number in range(4, 10))
FEW, MANY = 10_000, 3
ACTOR = Actor.system("bench")
CLOCK = ManualClock(datetime(2026, 10, 15, 18, 30, tzinfo=UTC))

UNION = """
INSERT INTO branch (ref, name, headquarters, cell)
SELECT 'b' || n, 'Branch ' || lpad(n::text, 2, '0'), 'x', 'x'
  FROM generate_series(1, %(branches)s) n;
INSERT INTO person (key_ref, made_at)
SELECT gen_random_uuid(), '2026-01-01Z' FROM generate_series(1, %(members)s);
INSERT INTO member (person_id, ref, key_ref, card_number, joined_on, joined_precision, status,
                    made_at)
SELECT id, 'm' || id, key_ref, 'KA/' || id, '2020-01-01', 'day', 'active', made_at FROM person;
INSERT INTO membership (person_id, branch_id, since_on, made_at)
SELECT p.id, b.id, '2020-01-01', p.made_at FROM person p
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM branch) b
    ON b.place = p.id %% %(branches)s;
INSERT INTO member_fee (person_id, from_on, fee_minor)
SELECT id, '2020-01-01', CASE WHEN mod(id, 20) = 0 THEN 1000 ELSE 2000 END FROM person;
CREATE TABLE bare_charge (LIKE dues_charge INCLUDING IDENTITY INCLUDING DEFAULTS INCLUDING INDEXES
                          INCLUDING CONSTRAINTS);
ALTER TABLE bare_charge ADD FOREIGN KEY (person_id) REFERENCES person;
CREATE TABLE bare_due AS SELECT person_id, fee_minor AS amount_minor FROM member_fee;
GRANT SELECT, INSERT ON bare_charge, bare_due TO sangha_app;
"""
BARE = text("""
INSERT INTO bare_charge (person_id, month, kind, amount_minor, settled_minor, fund_code, slice_id)
SELECT person_id, :month, 'fee', amount_minor, 0, 'general', 1 FROM bare_due
""")


def prepare(database: Database, members: int) -> None:
    """Make a union of so many members, and the table without laws.

    Past the foreign keys, as the superuser: what is measured begins afterwards, with all laws on.
    """
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in UNION.split(";\n"):
            if statement.strip():
                values = {"members": members, "branches": BRANCHES}
                connection.execute(statement, values if "%(" in statement else None, prepare=False)
        connection.execute("VACUUM ANALYZE")


def bare(engine: Engine, month: Month) -> None:
    """Insert the rows as they are."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(BARE, {"month": month.first_day})


def timed(do: Callable[[], object]) -> float:
    """How long it takes, in seconds."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def peak_mb(process: int | str = "self") -> float:
    """The most memory a process of this machine held at once, in MB; 0 if nobody can say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    found = [line for line in lines if line.startswith("VmHWM")]
    return int(found[0].split()[1]) / 1024 if found else 0.0


@dataclass(frozen=True, slots=True)
class Rounds:
    """Seconds of each round, and the most memory the database's process held, in MB."""

    members: int
    plain: list[float]
    runs: list[float]
    again: list[float]
    served_mb: float

    @property
    def rate(self) -> float:
        """Members charged a second."""
        return self.members / statistics.median(self.runs)


def rounds(members: int) -> Rounds:
    """Charge a union of so many, bare and by a run, a month for each round."""
    with throwaway(durable=True) as (database, cluster):
        engine = application_engine(database.url)
        keys = owner_engine(cluster.keystore_url())
        vault = Vault(KeyStore(keys, MachineKeys.only(bytes(32)), CLOCK), bytes(32))
        unit = UnitOfWork(sessionmaker(engine, expire_on_commit=False), CLOCK, vault)
        prepare(database, members)
        plain, runs, again = [], [], []
        for month in MONTHS if members <= FEW else MONTHS[:MANY]:
            plain.append(timed(partial(bare, engine, month)))
            runs.append(timed(partial(run_month, unit, ACTOR, month)))
            start = time.perf_counter()
            second = run_month(unit, ACTOR, month)
            again.append(time.perf_counter() - start)
            if second.charged or second.already != members:
                sys.exit(f"the second run of {month} charged {second.charged}")
        with engine.connect() as connection:
            served = peak_mb(connection.scalar(text("SELECT pg_backend_pid()")) or 0)
        for each in (engine, keys):
            each.dispose()
    return Rounds(members, plain, runs, again, served)


def measure(members: int) -> None:
    """Print seconds, charges a second, and the ratio for a union of so many."""
    found = rounds(members)
    base = statistics.median(found.plain)
    print(f"monthly run, {members} members in {BRANCHES} branches, fsync on")
    for name, seconds in (("bare", found.plain), ("run", found.runs), ("second", found.again)):
        median = statistics.median(seconds)
        rate = members / median
        print(f"  {name:8} {median:7.2f} s {rate:9.0f}/s   {median / base:5.2f} x bare")
    print(
        f"  peak memory: this process {peak_mb():.0f} MB, the database's {found.served_mb:.0f} MB"
    )
    print("  the second run charged 0", flush=True)
    what, ratio = f"monthly run, {members:,} members", statistics.median(found.runs) / base
    keep(what, f"{ratio:.2f} x bare", f"<= {MOST:.0f} x bare", met=ratio <= MOST)
    keep(f"{what}: again, posts 0", f"{statistics.median(found.again) / base:.2f} x bare")
    keep(f"{what}: peak memory", f"{peak_mb():.0f} + {found.served_mb:.0f} MB")


def main() -> None:
    """Measure each size that was asked for."""
    for members in [int(number) for number in sys.argv[1:]] or MEMBERS:
        measure(members)


if __name__ == "__main__":
    main()
