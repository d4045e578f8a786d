"""Balances and statements over one million and ten million postings of one journal.

Run with ``python -m bench.ledger_reads [small] [large]`` (counts of legs). The journal is filled
past the triggers, as the owner, over three years of days, thirty accounts and four funds; a
tenth of all legs lie on the bank account. Each read is one that a page makes; it is asked
``READS`` times with another day or place each time, and p50 and p99 are printed in milliseconds.
"""

from __future__ import annotations

import contextlib
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
from sqlalchemy.orm import Session

from bench.ledger_posting import throwaway
from tests.cluster import Database
from union.infra.db import application_engine
from union.ledger.models import Fund
from union.ledger.queries import account_book, control_balance, trial_balance
from union.ledger.queries.daybooks import account_days, book_lines, stood_before
from union.ledger.queries.figures import moved

SMALL, LARGE = 1_000_000, 10_000_000
READS = 400
FIRST, DAYS = date(2024, 4, 1), 1095
BANK = "1110"

FILL = """
SET session_replication_role = replica;
SET synchronous_commit = off;
INSERT INTO accounting_period (first_on, status)
SELECT d::date, 'open' FROM generate_series(%(first)s::date, '2027-03-01'::date, '1 month') d
ON CONFLICT DO NOTHING;
DROP INDEX journal_leg_account_ix;
INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at, source_kind, source_id)
SELECT lpad(to_hex(n), 12, '0'), 'receipt', day, day, day + interval '12 hours', 'bench', n
  FROM generate_series(1, %(until)s::bigint) n,
       LATERAL (SELECT %(first)s::date + (n * %(days)s / (%(until)s + 1))::integer AS day) d;
INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor, posted_on)
SELECT e.id, leg.position,
       CASE WHEN leg.position = 2 THEN '4110'
            WHEN e.source_id %% 5 = 0 THEN %(bank)s
            ELSE (ARRAY['1010','1030','1120','1210','5010','5110','5120','5130'])
                 [1 + e.source_id %% 8] END,
       (ARRAY['general','welfare','legal','crisis'])[1 + e.source_id %% 4],
       CASE leg.position WHEN 1 THEN 2000 ELSE -2000 END, e.posted_on
  FROM journal_entry e, (VALUES (1), (2)) leg(position)
 WHERE e.source_kind = 'bench' AND e.source_id <= %(until)s;
CREATE INDEX journal_leg_account_ix ON journal_leg (account_code, posted_on, entry_id);
TRUNCATE account_balance, account_day;
INSERT INTO account_day
SELECT account_code, fund_code, posted_on, sum(greatest(amount_minor, 0)),
       sum(greatest(-amount_minor, 0)) FROM journal_leg GROUP BY 1, 2, 3;
INSERT INTO account_balance
SELECT account_code, fund_code, sum(debit_minor - credit_minor) FROM account_day GROUP BY 1, 2;
SET session_replication_role = origin;
"""


def fill(database: Database, legs: int) -> None:
    """Bring the journal to so many legs; with a journal of half as many entries."""
    entries = legs // 2
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE account_day DISABLE TRIGGER USER")
        for statement in FILL.split(";\n"):
            if statement.strip():
                asked = {"until": entries, "first": FIRST, "days": DAYS, "bank": BANK}
                connection.execute(statement, asked if "%(" in statement else None, prepare=False)
        connection.execute("VACUUM ANALYZE")


def reads(session: Session) -> dict[str, Callable[[], object]]:
    """What pages ask, each with a day of its own."""
    chance = random.Random(7)

    def day() -> date:
        return FIRST + timedelta(days=chance.randrange(40, DAYS - 1))

    def month(code: str) -> object:
        first = day().replace(day=1)
        return account_days(session, code, first, first + timedelta(days=27))

    def one_day() -> object:
        asked = day()
        return book_lines(session, BANK, (asked, asked), 0)

    return {
        "one row by its key, to compare with": lambda: _one_row(session),
        "balance of an account now": lambda: control_balance(session, BANK),
        "balance of an account before a day": lambda: stood_before(session, BANK, day()),
        "trial balance now": lambda: trial_balance(session, FIRST + timedelta(days=DAYS)),
        "statement: a month with its days": lambda: month(BANK),
        "statement: the lines of a day": one_day,
        "statement: the latest fifty lines": lambda: account_book(session, BANK),
        "income and expenditure of a month": lambda: _month_moved(session, day()),
    }


def _one_row(session: Session) -> object:
    return session.get(Fund, "general")


def _month_moved(session: Session, asked: date) -> object:
    return moved(session, asked, asked + timedelta(days=30))


def measure(databases: list[Database]) -> dict[str, list[tuple[float, float]]]:
    """p50 and p99 of each read in milliseconds, by database.

    The databases take turns at every single read, so that a neighbour's load falls on all.
    """
    engines = [application_engine(one.url, ping=False) for one in databases]
    with contextlib.ExitStack() as stack:
        sessions = [stack.enter_context(Session(engine)) for engine in engines]
        asked = [reads(session) for session in sessions]
        took = {name: [_timed(sessions, asked, name) for _ in range(READS)] for name in asked[0]}
    for engine in engines:
        engine.dispose()
    return {
        name: [_percentiles([turn[number] for turn in turns]) for number in range(len(databases))]
        for name, turns in took.items()
    }


def _timed(
    sessions: list[Session], asked: list[dict[str, Callable[[], object]]], name: str
) -> list[float]:
    each = []
    for session, read in zip(sessions, asked, strict=True):
        session.expunge_all()
        begun = time.perf_counter()
        read[name]()
        each.append((time.perf_counter() - begun) * 1000)
    return each


def _percentiles(took: list[float]) -> tuple[float, float]:
    listed = sorted(took)
    return listed[len(listed) // 2], listed[int(len(listed) * 0.99)]


def main() -> None:
    """Print every read at both sizes, side by side."""
    sizes = [int(one) for one in sys.argv[1:]] or [SMALL, LARGE]
    with throwaway(durable=False) as (first, cluster):
        databases = [first, *(cluster.database(cluster.copy()) for _ in sizes[1:])]
        for database, legs in zip(databases, sizes, strict=True):
            begun = time.perf_counter()
            fill(database, legs)
            print(f"{legs:,} postings filled in {time.perf_counter() - begun:.0f} s", flush=True)
        for _warm in range(2):
            figures = measure(databases)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, p50 / p99 in ms over {READS} reads each")
    for name, columns in figures.items():
        print(f"  {name:38} " + "   ".join(f"{a:7.2f} / {b:7.2f}" for a, b in columns))


if __name__ == "__main__":
    main()
