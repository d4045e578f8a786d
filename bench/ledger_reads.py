"""Balances and statements over one million and ten million postings of one journal.

Run with ``python -m bench.ledger_reads [small] [large]`` (counts of legs). The journal is filled
past the triggers over three years of days, eleven accounts and four funds; a tenth of all legs
lie on the bank account, five lines a day on a quiet box. Each read is one that a page makes; it
is asked ``READS`` times with another day or place each time, and p50 and p99 are printed in
milliseconds.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.ledger_posting import throwaway
from bench.table import keep
from tests.cluster import Database
from union.infra.db import application_engine
from union.ledger.models import Fund
from union.ledger.queries import account_book, control_balance, entries, trial_balance
from union.ledger.queries.daybooks import account_days, book_page, day_page, stood_before
from union.ledger.queries.figures import moved

SMALL, LARGE = 1_000_000, 10_000_000
READS, WARM = 400, 30
LONGEST_MS, FLAT = 5.0, 1.5
FIRST, DAYS = date(2024, 4, 1), 1095
BANK, QUIET = "1110", "1030"

QUIET_ENTRIES = 5 * DAYS
DAYS_TURNED = 40

MONTHS = """
INSERT INTO accounting_period (first_on, status)
SELECT d::date, 'open' FROM generate_series(%(first)s::date, '2027-03-01'::date, '1 month') d
 ORDER BY 1 ON CONFLICT DO NOTHING
"""
FILL = """
INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at, source_kind, source_id)
SELECT lpad(to_hex(n), 12, '0'), 'receipt', day, day, day + interval '12 hours', 'bench', n
  FROM generate_series(1, %(until)s::bigint) n,
       LATERAL (SELECT %(first)s::date + (n * %(days)s / (%(until)s + 1))::integer AS day) d;
INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor, posted_on)
SELECT e.id, leg.position,
       CASE WHEN leg.position = 2 THEN '4110'
            WHEN e.source_id %% (%(until)s / %(quiet)s) = 1 THEN '1030'
            WHEN e.source_id %% 5 = 0 THEN %(bank)s
            ELSE (ARRAY['1010','1090','1120','1210','5010','5110','5120','5130'])
                 [1 + e.source_id %% 8] END,
       (ARRAY['general','welfare','legal','crisis'])[1 + e.source_id %% 4],
       CASE leg.position WHEN 1 THEN 2000 ELSE -2000 END, e.posted_on
  FROM journal_entry e, (VALUES (1), (2)) leg(position)
 WHERE e.source_kind = 'bench';
TRUNCATE account_balance, account_day;
INSERT INTO account_day
SELECT account_code, fund_code, posted_on, sum(greatest(amount_minor, 0)),
       sum(greatest(-amount_minor, 0)) FROM journal_leg GROUP BY 1, 2, 3;
INSERT INTO account_balance
SELECT account_code, fund_code, sum(debit_minor - credit_minor) FROM account_day GROUP BY 1, 2;
"""
# Made again afterwards from what the catalogue said: sorting once is quicker than keeping order.
SET_ASIDE = """
SELECT format('ALTER TABLE %1$I DROP CONSTRAINT %2$I', r.relname, c.conname),
       format('ALTER TABLE %1$I ADD CONSTRAINT %2$I %3$s', r.relname, c.conname,
              pg_get_constraintdef(c.oid))
  FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
 WHERE r.relname IN ('journal_entry', 'journal_leg') AND c.contype = 'u'
UNION ALL
SELECT format('DROP INDEX %I', i.indexname), i.indexdef
  FROM pg_indexes i
 WHERE i.tablename IN ('journal_entry', 'journal_leg')
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)
"""


def fill(database: Database, legs: int) -> None:
    """Bring an empty journal to so many legs."""
    entries = legs // 2
    asked = {
        "until": entries,
        "first": FIRST,
        "days": DAYS,
        "bank": BANK,
        "quiet": min(QUIET_ENTRIES, entries // 10),
    }
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute(MONTHS, asked, prepare=False)
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '1GB'")
        aside = connection.execute(SET_ASIDE).fetchall()
        for drop, _ in aside:
            connection.execute(drop)
        for statement in filter(str.strip, FILL.split(";\n")):
            given = asked if "%(" in statement else None
            connection.execute(statement, given, prepare=False)
        for _, make in aside:
            connection.execute(make)
        connection.execute("VACUUM ANALYZE")


def reads(session: Session) -> dict[str, Callable[[], object]]:
    """What pages ask, each with a day of its own."""
    chance = random.Random(7)

    def day() -> date:
        return FIRST + timedelta(days=chance.randrange(40, DAYS - 1))

    def month() -> tuple[date, date]:
        first = day().replace(day=1)
        return first, first + timedelta(days=27)

    def days(code: str) -> object:
        return account_days(session, code, *month(), whole=False)

    # Where a page goes on is known from the page before it, which was asked before.
    ends = cycle([day_page(session, BANK, day()).after for _ in range(DAYS_TURNED)])
    quiet = [month() for _ in range(DAYS_TURNED)]
    turned = cycle([(one, account_days(session, QUIET, *one, whole=False).after) for one in quiet])
    latest = account_book(session, BANK)[-1].entry.id

    def next_page() -> object:
        after = next(ends)
        return day_page(session, BANK, after[0], after) if after else None

    def next_of_month() -> object:
        between, after = next(turned)
        return book_page(session, QUIET, *between, after)

    return {
        "one row by its key, to compare with": lambda: _one_row(session),
        "balance: an account now": lambda: control_balance(session, BANK),
        "balance: an account before a day": lambda: stood_before(session, BANK, day()),
        "balance: the trial balance now": lambda: trial_balance(session, FIRST + timedelta(DAYS)),
        "statement: a busy month by its days": lambda: days(BANK),
        "statement: a quiet month, 50 lines": lambda: days(QUIET),
        "statement: the 50 after those": next_of_month,
        "statement: a day's first 50 lines": lambda: day_page(session, BANK, day()),
        "statement: the 50 after those of it": next_page,
        "statement: the latest 50 lines": lambda: account_book(session, BANK),
        "statement: the 50 before those": lambda: account_book(session, BANK, latest),
        "printed: a quiet month, all its lines": lambda: account_days(session, QUIET, *month()),
        "journal: the latest fifty entries": lambda: entries(session),
        "report: income and spending, a month": lambda: _month_moved(session, day()),
    }


def _one_row(session: Session) -> object:
    return session.get(Fund, "general")


def _month_moved(session: Session, asked: date) -> object:
    return moved(session, asked, asked + timedelta(days=30))


@dataclass(frozen=True, slots=True)
class Figure:
    """What one read took over one journal: milliseconds, and those of a processor's work."""

    p50: float
    p99: float
    work: float

    def __str__(self) -> str:
        return f"{self.p50:7.2f} {self.p99:7.2f} {self.work:6.2f}"


def measure(databases: list[Database], turns: int = READS) -> dict[str, list[Figure]]:
    """What each read took, by database.

    The databases take turns at every single read, so that a neighbour's load falls on all.
    """
    engines = [application_engine(one.url, ping=False) for one in databases]
    with contextlib.ExitStack() as stack:
        sessions = [stack.enter_context(Session(engine)) for engine in engines]
        asked = [reads(session) for session in sessions]
        figures = {
            name: _figures(sessions, [each[name] for each in asked], turns) for name in asked[0]
        }
    for engine in engines:
        engine.dispose()
    return figures


def _figures(
    sessions: list[Session], asked: list[Callable[[], object]], turns: int
) -> list[Figure]:
    took: list[list[float]] = [[] for _ in sessions]
    work = [-_server_work(session) for session in sessions]
    for _ in range(turns):
        for number, (session, read) in enumerate(zip(sessions, asked, strict=True)):
            session.expunge_all()
            begun, worked = time.perf_counter(), time.process_time()
            read()
            took[number].append((time.perf_counter() - begun) * 1000)
            work[number] += (time.process_time() - worked) * 1000
    found = []
    for number, session in enumerate(sessions):
        listed = sorted(took[number])
        whole = work[number] + _server_work(session)
        found.append(Figure(listed[turns // 2], listed[int(turns * 0.99)], whole / turns))
    return found


def _server_work(session: Session) -> float:
    """Milliseconds of a processor that the session's own server process has used so far."""
    process = session.scalar(text("SELECT pg_backend_pid()"))
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print every read at both sizes, side by side."""
    sizes = [int(one) for one in sys.argv[1:]] or [SMALL, LARGE]
    with throwaway(durable=False) as (first, cluster):
        databases = [first, *(cluster.database(cluster.copy()) for _ in sizes[1:])]
        for database, legs in zip(databases, sizes, strict=True):
            begun = time.perf_counter()
            fill(database, legs)
            print(f"{legs:,} postings filled in {time.perf_counter() - begun:.0f} s", flush=True)
        measure(databases, WARM)
        figures = measure(databases)
    print(f"p50, p99 and a processor's work in ms, {READS} reads each, of")
    print(f"  {'':36}" + "".join(f"   {f'{size:,} postings':>22}" for size in sizes))
    for name, columns in figures.items():
        print(f"  {name:36}" + "".join(f"   {one!s:>22}" for one in columns), flush=True)
    _keep(sizes, figures)


def _keep(sizes: list[int], figures: dict[str, list[Figure]]) -> None:
    """Balances and statements for the table: the slowest at the large size, beside the small."""
    for kind in ("balance", "statement"):
        found = {name: each for name, each in figures.items() if name.startswith(kind)}
        name = max(found, key=lambda one: found[one][-1].p99)
        small, large = found[name][0], found[name][-1]
        what = f"slowest {name}, {sizes[-1]:,} postings"
        keep(f"{what}, p99", f"{large.p99:.2f} ms", "< 5 ms", met=large.p99 < LONGEST_MS)
        grown = max(each[-1].work / each[0].work for each in found.values())
        keep(
            f"{kind}s at {sizes[-1]:,} beside {sizes[0]:,} postings, work",
            f"at most {grown:.2f} x",
            "flat",
            met=grown < FLAT,
        )
        keep(f"{what}, p50 beside the small", f"{large.p50:.2f} / {small.p50:.2f} ms")


if __name__ == "__main__":
    main()
