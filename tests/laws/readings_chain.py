"""Readings that were sealed and signed for some days, an owner who tampers, and the verifier.

It only looks and forges; what must come of it each law says itself.
"""

from __future__ import annotations

import io
import runpy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from tests.builders.readings import WHY
from tests.laws.money import Books
from union.cli.check import find_false_reading_heads, find_invariants, find_violations
from union.infra.people import new_people
from union.infra.reading_seals import TIMERS
from union.infra.readings import Reading, Why, write_down
from union.infra.timers import fire_due
from union.kernel.actor import Actor, Grant, Role
from union.office.readings.exporting import export_readings

VERIFIER = Path(__file__).parents[2] / "static" / "verify_readings.py"
OURS = {name: query for name, query in find_invariants().items() if "readings_" in name}
GUARDED = ("reading", "reading_seal", "reading_sealed", "reading_head", "reading_head_receipt")
DAY = timedelta(days=1, hours=1)

LAY_ANEW = """
DO $$ DECLARE one reading_seal; BEGIN
  UPDATE reading_sealed n SET commitment = reading_commitment(r), read_on = reading_day(r)
    FROM reading r WHERE r.id = n.reading_id;
  FOR one IN SELECT * FROM reading_seal ORDER BY id LOOP
    UPDATE reading_seal SET content_hash = reading_seal_hash(one),
           readings = (SELECT count(*) FROM reading_sealed WHERE seal_id = one.id)
     WHERE id = one.id;
  END LOOP;
  UPDATE reading_head h SET seal_hash = s.content_hash,
         readings = (SELECT sum(readings) FROM reading_seal b WHERE b.id <= s.id)
    FROM reading_seal s WHERE s.id = h.seal_id;
END $$
"""
"""What an owner does who knows how seals are made: lay all of them anew over her forgery."""


@dataclass
class Watched:
    """Three days of readings, each sealed and signed by the timers alone."""

    books: Books
    reader: Actor
    her: int

    def read(self, times: int = 1) -> None:
        with self.books.work(self.reader) as work:
            for _ in range(times):
                write_one(work, self.her)

    def tick(self) -> int:
        return fire_due(self.books.unit, TIMERS)

    def tamper(self, *statements: str) -> None:
        with self.books.attack(owner=True) as cursor:
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def told(self) -> set[str]:
        """What ``union check`` finds."""
        with self.books.work() as work:
            found = {**find_violations(work, OURS), **find_false_reading_heads(work)}
        return {name.removeprefix("infra.readings_") for name in found}

    def verified(self, tmp_path: Path, *more: str) -> tuple[int, str]:
        """What the verifier says of a copy, run as a program of its own would be."""
        copy = tmp_path / "copy.zip"
        with self.books.work() as work, copy.open("wb") as file:
            export_readings(work, file)
        return verify(copy, *more)


def verify(copy: Path, *more: str) -> tuple[int, str]:
    said = io.StringIO()
    program = runpy.run_path(str(VERIFIER))
    stdout, program["sys"].stdout = program["sys"].stdout, said
    try:
        return program["main"]([str(copy), *more]), said.getvalue()
    finally:
        program["sys"].stdout = stdout


def write_one(work, her: int, why: Why = WHY) -> None:
    person_key = work.session.scalar(text("SELECT key_ref FROM person WHERE id = :id"), {"id": her})
    write_down(work, Reading("opened_case", "legal_case", 7, her, why), person_key)


def three_days(books: Books) -> Watched:
    """Two readings a day for three days."""
    with books.work() as work:
        reader, her = (person.id for person in new_people(work, 2))
    watched = Watched(books, Actor(reader, None, frozenset({Grant(Role.PARALEGAL)})), her)
    for _ in range(3):
        watched.read(2)
        books.unit.clock.advance(timedelta(minutes=2))
        watched.tick()
        books.unit.clock.advance(DAY)
        watched.tick()
    assert watched.told() == set()
    return watched
