"""One clock for one person, and clocks that change hands: attacked as the application."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.crisis import as_person, make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.builders.raids import everybody, go, make_raid, medicines, type_list
from union.crisis.invariants import INVARIANTS
from union.crisis.rules.taken import Source, Standing
from union.crisis.services.taken_medicine import Needed, correct_medicine
from union.infra.db import owner_engine
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("test")
CLOCK = """
INSERT INTO custody_clock (ref, incident_id, taken_at, assumed, warned_hours, made_at)
SELECT 'forged', id, opened_at, true, 0, opened_at FROM incident
"""
TIMER = """
INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)
SELECT 'crisis_custody', 'custody', id, made_at, 0, made_at FROM custody_clock
WHERE ended_at IS NULL
"""
LISTED = """
UPDATE custody_clock SET ended_at = made_at, ended_how = 'listed', ended_by_person_id =
  (SELECT min(id) FROM person)
"""
MISTAKE = """
INSERT INTO taken_event (ref, taken_id, at, happened_at, code, standing, source, by_person_id,
  facts)
SELECT 'f' || id, id, made_at, made_at, 'standing', 'not_taken', 'team', made_by_person_id, '{}'
FROM taken
"""


@pytest.fixture
def raid(committing):
    """An operator, and a raid of which one clock runs."""
    with committing.begin(NIGHT) as work:
        make_branch(work)
        operator = make_in_charge(work, Role.OPERATOR)
        make_responder(work)
        incident_id = make_raid(work, people=2).id
    return incident_id, operator


@pytest.fixture
def listed(committing, raid):
    """The same with two on the list, one with her medicine."""
    incident_id, operator = raid
    with as_person(committing, operator) as work:
        type_list(work, incident_id, "Lakshmi\nMeena, insulin 2am")
    return raid


def at_once(unit, statements) -> None:
    with unit.begin(NIGHT) as work:
        for statement in statements:
            work.session.execute(text(statement))


def attacked(unit, law: str, *statements: str) -> None:
    with pytest.raises((IntegrityError, DBAPIError)) as caught:
        at_once(unit, statements)
    diagnosis = caught.value.orig.diag
    said = f"{diagnosis.constraint_name} {diagnosis.message_primary}"
    assert law in said, said


def found(unit, name: str) -> int:
    with unit.reading(NIGHT) as work:
        return len(work.session.execute(text(INVARIANTS[f"crisis.{name}"])).all())


def test_no_clock_of_the_incident_runs_beside_hours_of_hers(committing, listed):
    attacked(committing, "custody_one_clock", CLOCK, TIMER)


def test_the_clock_passes_over_to_nobody_but_a_list(committing, raid):
    attacked(committing, "custody_one_clock", LISTED)


def test_a_list_of_mistakes_alone_does_not_silence_it(committing, listed):
    attacked(committing, "custody_one_clock", MISTAKE, "UPDATE taken SET standing = 'not_taken'")


def test_joining_to_an_incident_with_a_list_leaves_no_second_clock(committing, listed):
    with committing.begin(NIGHT) as work:
        other = make_raid(work, people=1, place="another lane").id
        if other == listed[0]:
            pytest.fail("the second raid was taken for the first")
    attacked(
        committing,
        "custody_one_clock",
        f"UPDATE incident SET state = 'merged', merged_into_id = {listed[0]} WHERE id = {other}",
    )


def test_a_list_and_a_clock_written_at_once_wait_for_each_other(committing, raid):
    """Two who write past each other: one is refused, whichever came second."""
    incident_id, operator = raid
    with committing.begin(NIGHT) as work:
        run = work.session.execute
        run(text("UPDATE custody_clock SET ended_at = made_at, ended_how = 'not_taken',"
                 " ended_by_person_id = (SELECT min(id) FROM person)"))  # fmt: skip

    def lists() -> str:
        with as_person(committing, operator) as work:
            type_list(work, incident_id, "Lakshmi")
        return "listed"

    def forges() -> str:
        try:
            with committing.begin(NIGHT) as work:
                for statement in (CLOCK, TIMER):
                    work.session.execute(text(statement))
        except IntegrityError:
            return "refused"
        return "forged"

    with ThreadPoolExecutor(2) as both:
        told = sorted(one.result() for one in [both.submit(lists), both.submit(forges)])
    assert told in (["forged", "listed"], ["listed", "refused"])
    assert found(committing, "custody_beside_persons") == 0


def test_check_finds_hours_that_run_twice_or_fell_between(committing, raid, fresh_database):
    """Where an owner put the laws aside, ``union check`` says so."""
    incident_id, operator = raid
    assert found(committing, "custody_fell_between") == 0
    owner = owner_engine(fresh_database.owner_url)
    with owner.begin() as connection:
        for trigger, table in (
            ("custody_clock_one_clock", "custody_clock"),
            ("taken_one_clock", "taken"),
            ("custody_clock_stays", "custody_clock"),
        ):
            connection.execute(text(f"DROP TRIGGER {trigger} ON {table}"))
        connection.execute(text(LISTED))
    assert found(committing, "custody_fell_between") == 1
    with as_person(committing, operator) as work:
        type_list(work, incident_id, "Lakshmi")
    assert found(committing, "custody_fell_between") == 0
    with owner.begin() as connection:
        connection.execute(text("UPDATE custody_clock SET ended_at = NULL, ended_how = NULL,"
                                " ended_by_person_id = NULL"))  # fmt: skip
        connection.execute(text(TIMER))
    owner.dispose()
    assert found(committing, "custody_beside_persons") == 1


CORRECTED = """
UPDATE taken_medicine SET ended_at = made_at, ended_how = 'corrected',
  ended_by_person_id = made_by_person_id
"""
ANOTHER = """
INSERT INTO taken_medicine (ref, taken_id, what, due_at, made_at, made_by_person_id, corrects_id)
SELECT 'forged', {whose}, what, due_at, made_at, made_by_person_id, id FROM taken_medicine
"""
ASKED_AFTER = """
INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)
SELECT 'crisis_medicine', 'taken_medicine', id, made_at, 0, made_at FROM taken_medicine
WHERE corrects_id IS NOT NULL
"""


@pytest.mark.parametrize(
    "statements",
    [
        (CORRECTED,),
        (ANOTHER.format(whose="taken_id"), ASKED_AFTER),
        (CORRECTED, ANOTHER.format(whose="taken_id"), ASKED_AFTER),
        (CORRECTED, ANOTHER.format(whose="(SELECT min(id) FROM taken)"), ASKED_AFTER),
    ],
    ids=["no better one", "not ended", "nobody said so", "somebody else's"],
)
def test_a_medicine_is_put_right_whole_or_not_at_all(committing, listed, statements):
    attacked(committing, "medicine_put_right", *statements)


def test_what_was_put_right_stays_so(committing, listed):
    with as_person(committing, listed[1]) as work:
        wrong = medicines(work)[0]
        now = Needed("insulin, the long one", wrong.due_at)
        correct_medicine(work, wrong.id, now, Source.LAWYER)
    attacked(committing, "taken_stays", "UPDATE taken_medicine SET corrects_id = NULL")
    attacked(
        committing,
        "taken_stays",
        "UPDATE taken_medicine SET ended_at = NULL, ended_how = NULL, ended_by_person_id = NULL"
        " WHERE ended_how = 'corrected'",
    )
    with committing.reading(NIGHT) as work:
        rows = work.session.execute(text("SELECT t::text FROM taken_event t")).all()
        assert not any("insulin" in row[0] for row in rows), "what it said before is encrypted"


def test_all_free_the_call_s_own_clock_stays_silent(committing, listed):
    with as_person(committing, listed[1]) as work:
        for one in everybody(work):
            go(work, one, Standing.RELEASED)
    assert found(committing, "custody_fell_between") == 0
