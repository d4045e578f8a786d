"""An open case always has somebody or something that will look at it, and a day for its next step.

Attacked by hand-written SQL with the application's own login, one transaction and two at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from tests.builders.ledger import acting_as
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from tests.laws.money import Books, forbidden, refused
from union.infra.timers import fire_due, next_due_at, set_timer
from union.kernel.actor import Actor
from union.legal.invariants import INVARIANTS
from union.legal.models import LegalCase
from union.legal.rules import Purpose
from union.legal.services import TIMERS, give_consent

LOOKED_AT = "legal_case_looked_at"
TEST = Actor.system("test")
CLOSE = """UPDATE legal_case SET state = 'closed', closed_at = '2026-10-16T00:00Z',
    outcome = 'partly', closed_by_person_id = assignee_person_id WHERE id = %s"""
DONE = "UPDATE timer SET done_at = '2026-10-16T00:00Z' WHERE id = %s"


@dataclass(frozen=True)
class Scene:
    case_id: int
    ref: str
    paralegal: Actor
    member_id: int
    timer_id: int


@pytest.fixture
def scene(own_books: Books) -> Iterator[Scene]:
    with own_books.work() as work:
        paralegal = make_paralegal(work)
        member = make_member(work)
        case = make_case(work, paralegal, member.person_id)
        with acting_as(work, paralegal):
            give_consent(work, case.ref, Purpose.FOLLOW_UP, work.clock.today())
        timer = work.session.execute(
            text("SELECT id FROM timer WHERE subject_type = 'legal_case' AND done_at IS NULL")
        ).scalar_one()
    yield Scene(case.id, case.ref, paralegal, member.person_id, timer)
    with own_books.work() as work:
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


@pytest.mark.parametrize(
    "statement",
    [
        DONE,
        "DELETE FROM timer WHERE id = %s",
        "UPDATE timer SET subject_id = 0 WHERE id = %s",
        "UPDATE timer SET subject_type = 'nothing' WHERE id = %s",
    ],
)
def test_its_last_timer_is_not_taken_from_it(own_books, scene, statement):
    with refused(LOOKED_AT), own_books.attack() as cursor:
        cursor.execute(statement, (scene.timer_id,))


def test_a_case_is_not_made_without_one(own_books, scene):
    with refused(LOOKED_AT), own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO legal_case (ref, key_ref, acts, state, opened_at, next_step, next_on)"
            " VALUES ('x', gen_random_uuid(), '{}', 'open', '2026-10-16T00:00Z', 'court',"
            " '2026-10-20')"
        )


def test_two_at_once_cannot_each_take_one_of_two_timers(own_books, scene):
    with own_books.work() as work:
        second = set_timer(
            work,
            kind="legal_look",
            subject_type="legal_case",
            subject_id=scene.case_id,
            due_at=work.clock.now() + timedelta(days=1),
        ).id
    ready = threading.Barrier(2)
    fates: list[str] = []

    def take(timer_id: int) -> None:
        try:
            with own_books.attack() as cursor:
                cursor.execute(DONE, (timer_id,))
                ready.wait(60)
            fates.append("kept")
        except psycopg.errors.CheckViolation as error:
            fates.append(str(error.diag.constraint_name))

    threads = [threading.Thread(target=take, args=(one,)) for one in (scene.timer_id, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(fates) == ["kept", LOOKED_AT]


def test_an_old_snapshot_may_not_write_at_all(own_books, scene):
    with refused(LOOKED_AT), own_books.attack() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("UPDATE legal_case SET acts = '{arrest}' WHERE id = %s", (scene.case_id,))


@pytest.mark.parametrize("column", ["next_on", "next_step"])
def test_an_open_case_is_never_without_a_next_step(own_books, scene, column):
    with refused("legal_case_next_step_check"), own_books.attack() as cursor:
        cursor.execute(f"UPDATE legal_case SET {column} = NULL")


@pytest.mark.parametrize(
    "change",
    [
        "incident_id = NULL, subject_person_id = NULL",
        "subject_person_id = (SELECT min(id) FROM person)",
        "key_ref = gen_random_uuid()",
        "opened_at = '2020-01-01T00:00Z'",
    ],
)
def test_what_a_case_is_about_stays(own_books, scene, change):
    with refused("legal_case_kept"), own_books.attack() as cursor:
        cursor.execute(f"UPDATE legal_case SET {change}")


def test_a_closed_case_stays_closed(own_books, scene):
    with own_books.attack() as cursor:
        cursor.execute(CLOSE, (scene.case_id,))
        cursor.execute(DONE, (scene.timer_id,))
    with refused("legal_case_kept"), own_books.attack() as cursor:
        cursor.execute(
            "UPDATE legal_case SET state = 'open', closed_at = NULL, outcome = NULL,"
            " closed_by_person_id = NULL"
        )


def test_nobody_has_her_own_case(own_books, scene):
    with refused("legal_case_not_her_own_check"), own_books.attack() as cursor:
        cursor.execute("UPDATE legal_case SET assignee_person_id = subject_person_id")


@pytest.mark.parametrize(
    "change",
    [
        "purpose = 'share_court'",
        "given_on = '2020-01-01'",
        "withdrawn_at = recorded_at, withdrawn_by_person_id = 1, purpose = 'share_court'",
    ],
)
def test_a_consent_is_only_ever_withdrawn(own_books, scene, change):
    with refused("legal_consent_kept"), own_books.attack() as cursor:
        cursor.execute(f"UPDATE case_consent SET {change}")


def test_a_withdrawn_consent_does_not_come_back(own_books, scene):
    with own_books.attack() as cursor:
        cursor.execute(
            "UPDATE case_consent SET withdrawn_at = '2026-10-16T00:00Z',"
            " withdrawn_by_person_id = recorded_by_person_id"
        )
    with refused("legal_consent_kept"), own_books.attack() as cursor:
        cursor.execute("UPDATE case_consent SET withdrawn_at = NULL, withdrawn_by_person_id = NULL")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM legal_case",
        "DELETE FROM case_consent",
        "UPDATE case_event SET words = NULL",
        "DELETE FROM case_event",
        "UPDATE case_party SET role = 'police'",
        "TRUNCATE legal_case CASCADE",
    ],
)
def test_nothing_of_a_case_is_taken_out(own_books, scene, statement):
    with forbidden(), own_books.attack() as cursor:
        cursor.execute(statement)


def test_a_case_forgotten_for_a_year_is_said_overdue_every_morning(own_books, scene):
    unit = own_books.unit
    with unit.begin(TEST) as work:
        work.session.execute(
            text("UPDATE timer SET done_at = due_at WHERE subject_type <> 'legal_case'")
        )
    for _ in range(30):
        with unit.reading(TEST) as work:
            due_at = next_due_at(work)
        unit.clock.move_to(max(due_at, unit.clock.now()))
        assert fire_due(unit, TIMERS) == 1
    with unit.reading(TEST) as work:
        case = work.session.get_one(LegalCase, scene.case_id)
        said = work.session.execute(
            text("SELECT count(*) FROM case_event WHERE code = 'step_overdue'")
        ).scalar_one()
        days = (unit.clock.today() - case.next_on).days
    assert said == days > 25
