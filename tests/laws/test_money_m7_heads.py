"""M7: the chain's end is signed by itself every day; neither application nor owner can forge it."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from tests.builders.ledger import make_receipt
from tests.laws.money import forbidden, refused
from union.cli.check import find_false_heads, find_violations
from union.infra.timers import Timer, fire_due
from union.ledger.invariants import INVARIANTS
from union.ledger.models import Seal, SealEntry, SealHead
from union.ledger.queries.seals import broken_seals, count_unsealed
from union.ledger.rules.seals import HeadReason
from union.ledger.services import TIMERS, seal_postings
from union.ledger.services.seals import CHAIN_LOCK, say_head

GUARDED = ("journal_entry", "journal_leg", "seal", "seal_entry", "seal_head", "accounting_period")

RESEAL = """
DO $$ DECLARE one seal; BEGIN
  UPDATE seal_entry n SET content_hash = ledger_entry_hash(e)
    FROM journal_entry e WHERE e.id = n.entry_id;
  FOR one IN SELECT * FROM seal ORDER BY id LOOP
    UPDATE seal SET content_hash = ledger_seal_hash(one) WHERE id = one.id;
  END LOOP;
  UPDATE seal_head h SET seal_hash = s.content_hash FROM seal s WHERE s.id = h.seal_id;
END $$
"""
"""What an owner does who knows how the seals are made: lay all of them anew over her forgery."""


def tamper(books, *statements):
    with books.attack(owner=True) as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def told(books) -> set[str]:
    """The laws of the chain that `union check` finds broken."""
    ours = {name: query for name, query in INVARIANTS.items() if "seal" in name or "head" in name}
    ours |= {name: query for name, query in INVARIANTS.items() if "nothing_slips" in name}
    with books.work() as work:
        return set(find_violations(work, ours)) | set(find_false_heads(work))


def tick(books):
    """What the timers' worker does; says how many were due."""
    return fire_due(books.unit, TIMERS)


def count(books, table):
    with books.work() as work:
        return work.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def sealed(own_books):
    """Two days of books, each sealed and signed by the timer alone."""
    for _ in range(2):
        with own_books.work() as work:
            make_receipt(work)
            make_receipt(work)
        own_books.unit.clock.advance(timedelta(days=1, hours=1))
        tick(own_books)
    assert told(own_books) == set()
    return own_books


def test_books_seal_and_sign_themselves_once_a_day(own_books):
    tick(own_books)
    assert (count(own_books, Seal), count(own_books, SealHead)) == (1, 1)
    assert tick(own_books) == 0
    own_books.unit.clock.advance(timedelta(days=1, hours=1))
    with own_books.work() as work:
        make_receipt(work)
    assert tick(own_books) == 1
    assert (count(own_books, Seal), count(own_books, SealHead)) == (2, 2)
    with own_books.work() as work:
        assert count_unsealed(work.session) == 0
        open_timers = select(func.count()).where(
            Timer.kind == "seal_books", Timer.done_at.is_(None)
        )
        assert work.session.scalar(open_timers) == 1


def test_a_month_that_closes_has_a_head_of_its_own(sealed):
    with sealed.attack() as cursor:
        cursor.execute(
            "UPDATE accounting_period SET status = 'closed', closed_at = '2026-10-18T01:00:00Z'"
            " WHERE first_on = '2026-04-01'"
        )
    sealed.unit.clock.advance(timedelta(days=1, hours=1))
    tick(sealed)
    with sealed.work() as work:
        month = work.session.scalars(select(SealHead).where(SealHead.reason == "month")).one()
        assert month.said_on.isoformat() == "2026-04-30"
        assert month.closed_to.isoformat() == "2026-04-01"
    assert told(sealed) == set()


def test_a_sealer_killed_halfway_leaves_nothing_and_the_next_goes_on(own_books):
    with contextlib.suppress(KeyboardInterrupt), own_books.work() as work:
        assert seal_postings(work) is not None
        raise KeyboardInterrupt
    assert (count(own_books, Seal), count(own_books, SealEntry)) == (0, 0)
    tick(own_books)
    assert (count(own_books, Seal), told(own_books)) == (1, set())


def test_a_sealer_whose_connection_dies_lets_the_next_one_through(own_books):
    engine = own_books.engine
    raw = engine.raw_connection()
    raw.cursor().execute("SELECT pg_advisory_xact_lock(%s)", (CHAIN_LOCK,))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(tick, own_books)
        raw.driver_connection.close()
        assert waiting.result(timeout=120) == 1
    raw.invalidate()
    assert count(own_books, Seal) == 1


def test_timers_fired_by_two_at_once_make_one_chain(own_books):
    stop = threading.Event()

    def write():
        for _ in range(20):
            with own_books.work() as work:
                make_receipt(work)
                work.session.execute(
                    text("UPDATE timer SET due_at = made_at WHERE kind = 'seal_books'")
                )
        stop.set()

    def seal():
        while not stop.is_set():
            tick(own_books)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(write), pool.submit(seal), pool.submit(seal)]:
            done.result()
    own_books.unit.clock.advance(timedelta(days=1, hours=1))
    tick(own_books)
    with own_books.work() as work:
        assert list(broken_seals(work.session)) == []
    assert told(own_books) == set()


def test_a_seal_the_application_makes_up_is_refused(sealed):
    with sealed.work() as work:
        entry = make_receipt(work).id
    lay = (
        "INSERT INTO seal (previous_id, entries, content_hash, made_at)"
        " VALUES ((SELECT max(id) FROM seal), 1, '\\x00', '2026-12-01T00:00:00Z') RETURNING id"
    )
    with refused("ledger_m7_seal_fits"), sealed.attack() as cursor:
        cursor.execute(lay)
    with refused("ledger_m7_sealed_as_it_stands"), sealed.attack() as cursor:
        cursor.execute(lay)
        made = cursor.fetchone()[0]
        cursor.execute("INSERT INTO seal_entry VALUES (%s, %s, sha256('x'))", (entry, made))
    true_hash = "(SELECT ledger_entry_hash(e) FROM journal_entry e WHERE id = %s)"
    with refused("ledger_m7_seal_fits"), sealed.attack() as cursor:
        cursor.execute(lay)
        made = cursor.fetchone()[0]
        cursor.execute(f"INSERT INTO seal_entry VALUES (%s, %s, {true_hash})", (entry, made, entry))
    with refused("ledger_m7_seal_fits"), sealed.attack() as cursor:
        cursor.execute(f"INSERT INTO seal_entry VALUES (%s, 1, {true_hash})", (entry, entry))
    assert told(sealed) == set()


def test_a_head_that_says_what_is_not_is_refused(sealed):
    say = (
        "INSERT INTO seal_head (previous_id, previous_hash, reason, said_on, seal_id, seal_hash,"
        " entries, made_at, public_key, signature) SELECT {previous}, sha256('x'), 'day',"
        " '2026-10-18', id, content_hash, {entries}, made_at, sha256('key'),"
        " sha256('a') || sha256('b') FROM seal WHERE id = {seal}"
    )
    right = {"previous": "(SELECT max(id) FROM seal_head)", "entries": 8, "seal": 2}
    for wrong in ({"previous": 1}, {"entries": 7}, {"seal": 1, "entries": 6}):
        with refused("ledger_m7_head_says_what_is"), sealed.attack() as cursor:
            cursor.execute(say.format(**{**right, **wrong}))
    with sealed.attack() as cursor:
        cursor.execute(say.format(**right))
    assert told(sealed) == {"ledger.heads_are_signed"}


def test_heads_are_neither_changed_nor_taken_away(sealed):
    for statement in ("UPDATE seal_head SET entries = 1", "DELETE FROM seal_head"):
        with forbidden(), sealed.attack() as cursor:
            cursor.execute(statement)
        with refused("seal_head_append_only"), sealed.attack(owner=True) as cursor:
            cursor.execute(statement)


def test_an_owner_who_seals_her_forgery_anew_cannot_sign_it(sealed):
    tamper(
        sealed,
        "UPDATE journal_leg SET amount_minor = amount_minor * 2 WHERE entry_id = 2",
        RESEAL,
    )
    with sealed.work() as work:
        assert list(broken_seals(work.session)) == []
    assert told(sealed) == {"ledger.heads_are_signed"}


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ("UPDATE journal_entry SET kind = 'charge' WHERE id = 2", "sealed_entries_unchanged"),
        ("DELETE FROM journal_leg WHERE entry_id = 2", "sealed_entries_unchanged"),
        ("DELETE FROM seal_entry WHERE entry_id = 2", "seals_fit"),
        ("UPDATE seal SET made_at = made_at - interval '9 days' WHERE id = 2", "one_chain"),
        ("UPDATE seal_head SET entries = 1 WHERE id = 1", "heads_say_what_is"),
        ("UPDATE seal_head SET said_on = said_on - 1 WHERE id = 1", "heads_are_signed"),
    ],
)
def test_what_the_owner_rewrites_is_told(sealed, change, law):
    tamper(sealed, change)
    assert any(law in name for name in told(sealed))


def test_an_owner_who_takes_the_last_seals_away_is_told_by_the_head(sealed):
    tamper(
        sealed,
        "ALTER TABLE seal_head DROP CONSTRAINT seal_head_seal_id_fkey",
        "DELETE FROM seal_entry WHERE seal_id = 2",
        "DELETE FROM seal WHERE id = 2",
    )
    assert "ledger.heads_say_what_is" in told(sealed)


def test_an_old_entry_added_behind_the_seals_is_told(sealed):
    tamper(
        sealed,
        "WITH e AS (INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at,"
        " source_kind, source_id) VALUES ('behind', 'receipt', '2026-10-16', '2026-10-16',"
        " '2026-10-16T01:00:00Z', 'attack', 1) RETURNING id)"
        " INSERT INTO journal_leg SELECT id, n, a, 'general', m FROM e,"
        " (VALUES (1, '1110', 100), (2, '4110', -100)) AS l (n, a, m)",
    )
    assert told(sealed) == {"ledger.nothing_slips_behind_a_seal"}
    sealed.unit.clock.advance(timedelta(days=1, hours=1))
    tick(sealed)
    assert told(sealed) == {"ledger.nothing_slips_behind_a_seal"}


def test_an_entry_the_owner_puts_into_a_closed_month_is_told(sealed):
    with sealed.attack() as cursor:
        cursor.execute(
            "UPDATE accounting_period SET status = 'closed', closed_at = '2026-10-18T01:00:00Z'"
            " WHERE first_on = '2026-04-01'"
        )
    with sealed.work() as work:
        say_head(work, HeadReason.MONTH, date(2026, 4, 30))
    tamper(
        sealed,
        "WITH e AS (INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at,"
        " source_kind, source_id) VALUES ('closed', 'receipt', '2026-04-16', '2026-04-16',"
        " '2026-10-18T20:00:00Z', 'attack', 1) RETURNING id)"
        " INSERT INTO journal_leg SELECT id, n, a, 'general', m FROM e,"
        " (VALUES (1, '1110', 100), (2, '4110', -100)) AS l (n, a, m)",
    )
    assert told(sealed) == {"ledger.nothing_slips_into_a_closed_month"}
