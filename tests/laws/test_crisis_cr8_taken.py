"""CR8, C1, P3: nobody taken is forgotten, unlisted, moved without a word, or left without a clock.

The attacker holds the application's password and writes her own SQL.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.crisis import as_person, make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.builders.raids import everybody, go, make_raid, type_list
from union.crisis.errors import StillHeldError
from union.crisis.models import Incident
from union.crisis.rules.kinds import AsSheWished, ClosedBy, Outcome
from union.crisis.rules.taken import Standing
from union.crisis.services import Closing, answer_link, arrive, close_incident
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("test")
HERS = "47"
UNSAID = """
INSERT INTO taken_event (ref, taken_id, at, happened_at, code, standing, facts)
SELECT 'x', id, made_at, made_at, 'standing', 'released', '{}' FROM taken LIMIT 1
"""


@pytest.fixture
def raid(committing):
    """An operator, a responder, and a raid with two on the list, one with her medicine."""
    with committing.begin(NIGHT) as work:
        make_branch(work)
        operator, responder = make_in_charge(work, Role.OPERATOR), make_responder(work)
        incident_id = make_raid(work, people=2).id
    with as_person(committing, operator) as work:
        type_list(work, incident_id, "Lakshmi\nMeena, insulin 2am")
    return incident_id, operator, responder


def at_once(committing, statements) -> None:
    with committing.begin(NIGHT) as work:
        for statement in statements:
            work.session.execute(text(statement))


def attacked(committing, law: str, *statements: str) -> None:
    with pytest.raises((IntegrityError, DBAPIError)) as caught:
        at_once(committing, statements)
    diagnosis = caught.value.orig.diag
    said = f"{diagnosis.constraint_name} {diagnosis.message_primary}"
    assert law in said, said


@pytest.mark.parametrize(
    ("law", "sql"),
    [
        ("taken_timer_kept",
         "UPDATE timer SET done_at = due_at WHERE subject_type = 'taken'"),
        ("taken_timer_kept", "DELETE FROM timer WHERE subject_type = 'taken'"),
        ("medicine_timer_kept",
         "UPDATE timer SET done_at = due_at WHERE subject_type = 'taken_medicine'"),
        ("taken_as_told",
         "UPDATE taken SET standing = 'released'"),
        ("taken_produced_check", "UPDATE taken SET standing = 'produced'"),
        ("taken_stays", "UPDATE taken SET number = number + 100"),
        ("taken_stays", "UPDATE taken SET key_ref = gen_random_uuid()"),
        ("taken_stays", "UPDATE taken_medicine SET due_at = due_at + interval '1 day'"),
        ("permission denied", "DELETE FROM taken"),
        ("permission denied", "DELETE FROM taken_medicine"),
        ("permission denied", "DELETE FROM taken_event"),
        ("permission denied", "UPDATE taken_event SET standing = 'released'"),
        ("permission denied", "TRUNCATE taken CASCADE"),
        ("taken_event_whose_word_check",
         UNSAID),
        ("taken_medicine_ended_by_a_person_check",
         "UPDATE taken_medicine SET ended_at = due_at, ended_how = 'given'"),
    ],
)  # fmt: skip
def test_the_database_refuses(committing, raid, law, sql):
    attacked(committing, law, sql)


def close(work, incident_id, witness, **fields):
    fields.setdefault("outcome", Outcome.SETTLED_THERE)
    how = Closing(
        ClosedBy.SAW_HER, as_she_wished=AsSheWished.YES, witness_person_id=witness, **fields
    )
    return close_incident(work, incident_id, how)


@pytest.fixture
def seen(committing, raid):
    """The same, and the responder is with them."""
    incident_id, operator, responder = raid
    with committing.begin(NIGHT) as work:
        page_id = work.session.execute(
            text("SELECT id FROM page WHERE person_id = :her"), {"her": responder}
        ).scalar_one()
        answer_link(work, page_id, HERS)
        arrive(work, page_id)
    return incident_id, operator, responder


def test_no_end_while_one_is_held(committing, seen):
    incident_id, operator, responder = seen
    with pytest.raises(StillHeldError), as_person(committing, operator) as work:
        close(work, incident_id, responder)
    attacked(
        committing,
        "crisis_all_accounted_for",
        "UPDATE incident SET state = 'closed', closed_at = opened_at, follow_up = false,"
        f" closed_by_person_id = {operator}, witness_person_id = {responder},"
        " closed_how = 'saw_her', outcome = 'settled_there', as_she_wished = 'yes'",
    )


def test_one_still_held_is_handed_over_and_stays_so(committing, seen):
    incident_id, operator, responder = seen
    with as_person(committing, operator) as work:
        close(work, incident_id, responder, outcome=Outcome.STILL_HELD)
    with committing.reading(NIGHT) as work:
        told = text("SELECT count(*) FROM outbox WHERE fact = 'follow_up_needed'")
        assert work.session.get_one(Incident, incident_id).follow_up
        assert work.session.execute(told).scalar_one() >= 1
    attacked(committing, "crisis_all_accounted_for", "UPDATE incident SET follow_up = false")


def test_all_free_it_ends(committing, seen):
    incident_id, operator, responder = seen
    with as_person(committing, operator) as work:
        first, second = everybody(work)
        go(work, first, Standing.RELEASED)
        go(work, second, Standing.NOT_TAKEN)
    with as_person(committing, operator) as work:
        close(work, incident_id, responder)


def test_no_name_lies_in_the_clear(committing, raid):
    with committing.reading(NIGHT) as work:
        tables = (
            "taken",
            "taken_event",
            "taken_medicine",
            "taken_sheet",
            "incident_event",
            "outbox",
            "timer",
            "audit_entry",
            "message",
        )
        for table in tables:
            rows = work.session.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
            for word in ("Lakshmi", "Meena", "insulin"):
                assert not any(word in row or word.encode().hex() in row for row in rows), table


def test_two_who_type_at_the_same_instant_lose_nothing(committing, raid):
    incident_id, operator, _responder = raid
    with committing.begin(NIGHT) as work:
        other = make_in_charge(work, Role.OPERATOR)

    def types(person: int, names: str) -> None:
        with as_person(committing, person) as work:
            type_list(work, incident_id, names)

    with ThreadPoolExecutor(2) as both:
        first = both.submit(types, operator, "Zarina\nKavya\nAsha")
        second = both.submit(types, other, "Fatima\nRani\nZarina")
        first.result()
        second.result()
    with committing.reading(NIGHT) as work:
        assert [one.number for one in everybody(work)] == list(range(1, 8)), "Zarina is one"
