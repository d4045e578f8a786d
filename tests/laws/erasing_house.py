"""A house in which somebody is erased: who acts there, who attacks it, what must still hold."""

from __future__ import annotations

from dataclasses import dataclass

from tests.builders.erasing import TEST, Cast, ask_and_agree, make_cast, wait_and_carry_out
from tests.laws.money import Books
from tests.slate import Slate
from union.cli.check import find_false_certificates, find_violations
from union.infra.invariants import INVARIANTS
from union.infra.work import UnitOfWork
from union.kernel.clock import ManualClock

AT = "'2026-10-16T00:00:00Z'"
LATER = "'2026-11-16T00:00:00Z'"
ERASES = {name: query for name, query in INVARIANTS.items() if name.startswith("eras")}
HOLDS = (
    "INSERT INTO legal_hold (ref, subject_type, subject_id, why, key_ref, words, placed_by,"
    " placed_at, until_at) SELECT 'h', 'person', {her}, 'court_case', key_ref, '', {one}, {at},"
    " {later} FROM person WHERE id = {one}"
)


@dataclass
class House:
    """A cast, and whoever may attack."""

    books: Books
    unit: UnitOfWork
    clock: ManualClock
    cast: Cast

    def write(self, statement: str, **more: object) -> None:
        names = {"her": self.cast.her, "one": self.cast.one.person_id}
        with self.books.attack() as cursor:
            cursor.execute(
                statement.format(at=AT, later=LATER, two=self.cast.two.person_id, **names, **more)
            )

    def erase(self) -> str:
        ref = ask_and_agree(self.unit, self.cast)
        wait_and_carry_out(self.unit, self.clock)
        return ref

    def broken(self) -> dict[str, list[str]]:
        with self.unit.reading(TEST) as work:
            return {**find_violations(work, ERASES), **find_false_certificates(work)}


def house_of(committing: UnitOfWork, slate: Slate, clock: ManualClock) -> House:
    """A house of this test's own."""
    with committing.begin(TEST) as work:
        cast = make_cast(work)
    return House(
        Books(committing, slate.engine, slate.owner, TEST, TEST, 0), committing, clock, cast
    )
