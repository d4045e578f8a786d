"""M7: nobody with the application's login stops the chain, or takes a day from its true head."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders.ledger import make_receipt
from tests.laws.money import refused
from union.cli.check import find_false_heads, find_violations
from union.infra.signing import Signer
from union.ledger.invariants import INVARIANTS
from union.ledger.models import Seal, SealHead
from union.ledger.queries.heads import as_said, chain_end, holds, newest_head
from union.ledger.queries.seals import broken_seals, count_unsealed
from union.ledger.rules.seals import HeadReason, head_hash, head_text
from union.ledger.services import say_heads, seal_postings
from union.ledger.services.seals import say_head
from union.reports.exports.bundle import export_books

LARGEST = 2**63 - 1
VERIFIER = Path(__file__).parents[2] / "static" / "verify_books.py"
ONE_ENTRY = """
SELECT e.id, ledger_entry_hash(e), (SELECT max(id) FROM seal), sha256(
         convert_to('v1|', 'UTF8')
         || coalesce((SELECT content_hash FROM seal ORDER BY id DESC LIMIT 1),
                     decode(repeat('00', 32), 'hex'))
         || convert_to(e.id || '|', 'UTF8') || ledger_entry_hash(e))
  FROM journal_entry e WHERE NOT EXISTS (SELECT FROM seal_entry s WHERE s.entry_id = e.id)
 ORDER BY e.id LIMIT 1
"""
FORGED = """
INSERT INTO seal_head (id, previous_id, previous_hash, reason, said_on, seal_id, seal_hash,
                       entries, closed_to, made_at, public_key, signature)
SELECT %(id)s, (SELECT max(id) FROM seal_head), sha256('x'), %(reason)s, %(day)s::date, s.id,
       s.content_hash, (SELECT sum(entries) FROM seal),
       (SELECT max(first_on) FROM accounting_period WHERE status = 'closed'),
       %(day)s::date + interval '12 hours', %(key)s,
       sha256(%(day)s::date::text::bytea) || sha256('b')
  FROM seal s ORDER BY s.id DESC LIMIT 1
"""


def close(cursor, *months):
    for month in months:
        cursor.execute(
            "UPDATE accounting_period SET status = 'closed', closed_at = '2026-10-16T00:00:00Z'"
            " WHERE first_on = %s",
            (month,),
        )


def forge(books, day, reason="day", number=LARGEST):
    with books.work() as work:
        key = work.vault.signer().public_key
    with books.attack() as cursor:
        cursor.execute(FORGED, {"id": number, "reason": reason, "day": day, "key": key})


def seal_all(books):
    with books.work() as work:
        while seal_postings(work):
            pass


def false(books):
    with books.work() as work:
        return find_false_heads(work).get("ledger.heads_are_signed", [])


@pytest.fixture
def sealed(own_books):
    seal_all(own_books)
    return own_books


def test_a_seal_with_the_largest_number_is_laid_as_the_next(sealed):
    with sealed.work() as work:
        make_receipt(work)
        make_receipt(work)
    with sealed.attack() as cursor:
        cursor.execute(ONE_ENTRY)
        entry, entry_hash, before, seal_hash = cursor.fetchone()
        cursor.execute(
            "INSERT INTO seal (id, previous_id, entries, content_hash, made_at)"
            " OVERRIDING SYSTEM VALUE VALUES (%s, %s, 1, %s, '2026-10-20T00:00:00Z') RETURNING id",
            (LARGEST, before, seal_hash),
        )
        number = cursor.fetchone()[0]
        cursor.execute("INSERT INTO seal_entry VALUES (%s, %s, %s)", (entry, number, entry_hash))
    assert number == before + 1
    seal_all(sealed)
    with sealed.work() as work:
        assert count_unsealed(work.session) == 0
        assert list(work.session.scalars(select(Seal.id).order_by(Seal.id)))[-1] == before + 2
        assert list(broken_seals(work.session)) == []


def test_a_forged_head_does_not_take_the_days_place(sealed):
    """The forger knows the union's public key and the right figures; she cannot sign."""
    today = sealed.unit.clock.today().isoformat()
    forge(sealed, today)
    assert len(false(sealed)) == 1
    with sealed.work() as work:
        assert chain_end(work.session).signed_on is None
        true = say_head(work, HeadReason.DAY, work.clock.today())
        assert holds(true)
        assert say_head(work, HeadReason.DAY, work.clock.today()).id == true.id
        assert chain_end(work.session).signed_on == work.clock.today()
    assert len(false(sealed)) == 1


def test_heads_of_coming_days_stand_beside_the_true_ones(sealed):
    today = sealed.unit.clock.today()
    for ahead in range(1, 4):
        forge(sealed, (today + timedelta(days=ahead)).isoformat())
    for _ in range(3):
        sealed.unit.clock.advance(timedelta(days=1))
        with sealed.work() as work:
            say_heads(work)
    with sealed.work() as work:
        rows = work.session.scalars(select(SealHead)).all()
        assert {row.said_on for row in rows if holds(row)} == {
            today + timedelta(days=ahead) for ahead in range(1, 4)
        }
    assert len(false(sealed)) == 3


@pytest.mark.parametrize(
    ("day", "reason"), [("2026-12-31", "month"), ("2026-04-30", "month"), ("9999-12-31", "month")]
)
def test_no_head_is_said_of_a_month_that_is_open(sealed, day, reason):
    with refused("ledger_m7_head_on_its_day"):
        forge(sealed, day, reason)


def test_a_head_of_another_day_than_it_was_made_is_refused(sealed):
    statement = FORGED.replace("%(day)s::date + interval '12 hours'", "'1999-01-01T00:00:00Z'")
    values = {"id": 1, "reason": "day", "day": "2026-10-16", "key": b"k" * 32}
    with refused("ledger_m7_head_on_its_day"), sealed.attack() as cursor:
        cursor.execute(statement, values)


def test_who_signs_with_a_key_of_her_own_is_told(sealed):
    with sealed.work() as work:
        say_heads(work)
        before = newest_head(work.session)
        ours = head_hash(as_said(before))
        forged = as_said(before)
    signer = Signer(b"stranger" * 4)
    forged = type(forged)(**{**{f: getattr(forged, f) for f in forged.__slots__}, "previous": ours})
    signed = signer.sign(head_text(forged).encode())
    with sealed.attack() as cursor:
        cursor.execute(
            "INSERT INTO seal_head (previous_id, previous_hash, reason, said_on, seal_id,"
            " seal_hash, entries, closed_to, made_at, public_key, signature)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                before.id,
                forged.previous,
                forged.reason,
                forged.said_on,
                forged.seal_id,
                forged.seal_hash,
                forged.entries,
                forged.closed_to,
                forged.made_at,
                signed.public_key,
                signed.value,
            ),
        )
    (told,) = false(sealed)
    assert "another_key" in told


def test_each_of_two_months_that_closed_has_its_own_head(sealed):
    with sealed.attack() as cursor:
        close(cursor, "2026-04-01", "2026-05-01")
    with sealed.work() as work:
        say_heads(work)
        say_heads(work)
        months = select(SealHead.said_on).where(SealHead.reason == "month").order_by(SealHead.id)
        assert [day.isoformat() for day in work.session.scalars(months)] == [
            "2026-04-30",
            "2026-05-31",
        ]
    with sealed.work() as work:
        laws = {name: query for name, query in INVARIANTS.items() if "head" in name}
        assert find_violations(work, laws) == {}
    assert false(sealed) == []


def test_the_verifier_tells_the_forged_head_and_holds_the_true_one(sealed, tmp_path):
    forge(sealed, sealed.unit.clock.today().isoformat())
    with sealed.work() as work:
        say_heads(work)
        with (tmp_path / "books.zip").open("wb") as file:
            held = export_books(work, file)
    assert len(held.parts["heads"]) == 2
    run = subprocess.run(
        [sys.executable, str(VERIFIER), str(tmp_path / "books.zip")],
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [line for line in run.stdout.splitlines() if line.startswith("WRONG: ")]
    day = json.dumps(held.parts["heads"][0]["said_on"]).strip('"')
    assert wrong == [
        f"WRONG: The head of {day} is not signed by the key it names.",
        f"WRONG: The head of {day} does not follow the one before it.",
    ]
