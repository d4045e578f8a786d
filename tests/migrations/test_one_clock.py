"""Hours that ran twice are one clock after the upgrade; what was put right goes back in words."""

from __future__ import annotations

import psycopg
import pytest

from tests.builders.crisis import as_person, make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.builders.raids import make_raid, medicines, type_list
from tests.cluster import Database
from union.crisis.rules.taken import Source
from union.crisis.services.taken_medicine import Needed, correct_medicine
from union.infra import schema
from union.kernel.actor import Actor, Role

BEFORE, AFTER = "0037_answers", "0038_clocks"
BESIDE = """
INSERT INTO custody_clock (ref, incident_id, taken_at, assumed, warned_hours, made_at)
SELECT 'beside', incident_id, taken_at, true, 0, made_at FROM taken ORDER BY id LIMIT 1;
INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)
SELECT 'crisis_custody', 'custody', id, made_at, 0, made_at FROM custody_clock
WHERE ref = 'beside';
"""
FREE = """
ALTER TABLE taken DISABLE TRIGGER USER;
UPDATE taken SET standing = '{}';
ALTER TABLE taken ENABLE TRIGGER USER;
UPDATE timer SET done_at = made_at WHERE subject_type = 'taken' AND done_at IS NULL;
"""
OPEN_TIMERS = "SELECT count(*) FROM timer WHERE subject_type = 'custody' AND done_at IS NULL"


@pytest.fixture
def raided(committing, fresh_database: Database) -> Database:
    """One list whose clock passed over to it, and a medicine that was put right."""
    with committing.begin(Actor.system("test")) as work:
        make_branch(work)
        operator = make_in_charge(work, Role.OPERATOR)
        make_responder(work)
        incident_id = make_raid(work, people=2).id
    with as_person(committing, operator) as work:
        type_list(work, incident_id, "Lakshmi\nMeena, insulin 2am")
        wrong = medicines(work)[0]
        correct_medicine(work, wrong.id, Needed("ART", wrong.due_at), Source.TEAM)
    return fresh_database


def asked(database: Database, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.superuser_url) as connection:
        found = connection.execute(query)
        return found.fetchall() if found.description else []


def test_what_ran_beside_persons_passes_over_to_them(raided: Database) -> None:
    schema.downgrade(raided.owner_url, BEFORE)
    assert asked(raided, "SELECT ended_how FROM custody_clock") == [("corrected",)]
    ended = "SELECT ended_how FROM taken_medicine ORDER BY id"
    assert asked(raided, ended) == [("not_needed",), (None,)]
    asked(raided, BESIDE)
    assert asked(raided, OPEN_TIMERS) == [(1,)]
    schema.upgrade(raided.owner_url, AFTER)
    kept = "SELECT ended_how FROM custody_clock WHERE ref = 'beside'"
    assert asked(raided, kept) == [("listed",)]
    assert asked(raided, OPEN_TIMERS) == [(0,)]
    schema.upgrade(raided.owner_url)


@pytest.mark.parametrize(
    ("standing", "ended", "looks"), [("released", "listed", 0), ("not_taken", None, 1)]
)
def test_of_those_let_go_no_silent_clock_wakes(
    raided: Database, standing: str, ended: str | None, looks: int
) -> None:
    """Only where all of a list were mistakes somebody may be held of whom nothing was said."""
    schema.downgrade(raided.owner_url, BEFORE)
    asked(raided, FREE.format(standing))
    asked(raided, BESIDE)
    schema.upgrade(raided.owner_url, AFTER)
    kept = "SELECT ended_how FROM custody_clock WHERE ref = 'beside'"
    assert asked(raided, kept) == [(ended,)]
    assert asked(raided, OPEN_TIMERS) == [(looks,)]
    schema.upgrade(raided.owner_url)
