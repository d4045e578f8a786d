"""P3: whose hands the readings are in, attacked by SQL with the application's login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from psycopg import errors

from tests.builders.members import make_member
from tests.laws.money import Books, forbidden, refused
from tests.slate import Slate
from union.cli.check import find_violations
from union.infra.invariants import INVARIANTS
from union.infra.people import new_people
from union.infra.reading_seals import count_unsealed, lay_seal, say_head
from union.infra.readings import Reading, Reason, Why, write_down
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.members.models import Member

AT = "'2026-10-16T00:00:00Z'"


@dataclass
class House:
    """A reading of hers under a signed head; a trustee under two entries, and two others."""

    books: Books
    her: int
    reader: int
    one: int
    also_one: int
    two: int

    def write(self, statement: str, **more: int) -> None:
        people = {name: getattr(self, name) for name in ("her", "reader", "one", "also_one", "two")}
        with self.books.attack() as cursor:
            cursor.execute(statement.format(at=AT, **people, **more))

    def read(self) -> None:
        with self.books.work(Actor(self.reader, None, frozenset())) as work:
            key_ref = work.session.get_one(Member, self.her).key_ref
            reading = Reading("opened_case", "legal_case", 1, self.her, Why(Reason.CASE_WORK))
            write_down(work, reading, key_ref)


@pytest.fixture
def house(committing: UnitOfWork, slate: Slate) -> House:
    nobody = Actor.system("test")
    with committing.begin(nobody) as work:
        reader, two = (person.id for person in new_people(work, 2))
        her, one, also_one = (make_member(work) for _ in range(3))
        work.session.get_one(Member, also_one.person_id).merged_into = one.person_id
        people = (her.person_id, reader, one.person_id, also_one.person_id, two)
    with committing.begin(Actor(reader, None, frozenset())) as work:
        reading = Reading("opened_case", "legal_case", 1, people[0], Why(Reason.CASE_WORK))
        write_down(work, reading, her.key_ref)
    with committing.begin(nobody) as work:
        lay_seal(work)
        say_head(work, work.clock.today())
    return House(Books(committing, slate.engine, slate.owner, nobody, nobody, 0), *people)


KEEPS = "INSERT INTO reading_keeper (place, person_id, made_at, made_by) VALUES "
WRITES = (
    "INSERT INTO reading_head_receipt SELECT id, {who}, {{at}}, public_key, signature"
    " FROM reading_head"
)
ASKS = (
    "INSERT INTO reading_question (ref, reading_id, asked_by, asked_at, key_ref)"
    " SELECT 'q', id, {her}, {at}, gen_random_uuid() FROM reading"
)
ANSWERS = (
    "INSERT INTO reading_answer SELECT id, {who}, {{at}}, 'was_right', '' FROM reading_question"
)
INQUIRES = (
    "INSERT INTO reading_inquiry (ref, subject_person_id, reader_person_id, proposed_by,"
    " proposed_at, ends_at) VALUES ('i', {her}, {reader}, {one}, {at},"
    " timestamptz {at} + interval '%s hours')"
)
AGREES = "INSERT INTO reading_inquiry_answer SELECT id, {who}, {{at}}, true FROM reading_inquiry"


def test_one_woman_keeps_one_place_also_under_two_entries(house):
    house.write(KEEPS + "(1, {one}, {at}, {one})")
    for who in ("one", "also_one"):
        with refused("reading_keepers_are_two"):
            house.write(KEEPS + f"(2, {{{who}}}, {{at}}, {{{who}}})")
    with refused("reading_keeper_takes_it_herself"):
        house.write(KEEPS + "(2, {two}, {at}, {one})")
    house.write(KEEPS + "(2, {two}, {at}, {two})")


def test_only_who_keeps_a_place_signs_for_a_head(house):
    house.write(KEEPS + "(1, {one}, {at}, {one})")
    with refused("reading_receipt_by_a_keeper"):
        house.write(WRITES.format(who="{two}"))
    house.write(WRITES.format(who="{one}"))
    house.write(KEEPS + "(1, NULL, {at}, {one})")
    with refused("reading_receipt_by_a_keeper"):
        house.write(WRITES.format(who="{one}"))


@pytest.mark.parametrize("who", ["her", "reader"])
def test_neither_she_who_asked_nor_she_who_read_answers(house, who):
    house.write(ASKS)
    with refused("reading_answered_by_another"):
        house.write(ANSWERS.format(who=f"{{{who}}}"))
    with refused("reading_question_reading_id_key"):
        house.write(ASKS.replace("'q'", "'r'"))
    house.write(ANSWERS.format(who="{two}"))


@pytest.mark.parametrize("who", ["one", "also_one", "her", "reader"])
def test_an_inquiry_is_agreed_by_a_second_who_is_neither(house, who):
    house.write(INQUIRES % 100)
    with refused("reading_inquiry_by_two"):
        house.write(AGREES.format(who=f"{{{who}}}"))
    house.write(AGREES.format(who="{two}"))


def test_nothing_is_kept_back_longer_than_thirty_days(house):
    with refused("reading_inquiry_days_check"):
        house.write(INQUIRES % 721)
    house.write(INQUIRES % 720)


@pytest.mark.parametrize(
    "table",
    [
        *("reading_keeper", "reading_head_receipt", "reading_question", "reading_answer"),
        *("reading_inquiry", "reading_inquiry_answer", "reading_head", "reading_seal"),
        "reading_sealed",
    ],
)
def test_nothing_of_it_is_changed_or_taken_out(house, table):
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with forbidden():
            house.write(statement)
        with pytest.raises(errors.RestrictViolation), house.books.attack(owner=True) as cursor:
            cursor.execute(statement)


def test_no_instant_of_a_seal_s_caller_breaks_the_law_of_later_readings(house):
    house.read()
    house.write("SELECT reading_lay_seal('2999-01-01')")
    for _ in range(2):
        house.books.unit.clock.advance(timedelta(minutes=1))
        house.read()
        with house.books.work() as work:
            lay_seal(work)
            law = {"law": INVARIANTS["readings_slip_behind_no_seal"]}
            assert find_violations(work, law) == {}


def test_what_waited_while_the_union_stood_still_is_sealed_all_the_same(house):
    house.read()
    house.books.unit.clock.advance(timedelta(days=9))
    with house.books.work() as work:
        assert lay_seal(work) == 2
        assert count_unsealed(work.session) == 0
