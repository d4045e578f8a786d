"""C7, C3, C1: a policy has an end, is never put over a call begun before; custody is looked at."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.crisis import NIGHT, as_person, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.errors import PolicyChangedError, WitnessKnowsError
from union.crisis.models import CrisisPolicy, CustodyClock, Incident, Page
from union.crisis.rules.custody import CustodyEnd
from union.crisis.rules.escalation import Step
from union.crisis.rules.kinds import (
    AskedAs,
    AsSheWished,
    ClosedBy,
    Kind,
    Outcome,
    Who,
    WitnessKnows,
)
from union.crisis.rules.policies import Draft, Scope
from union.crisis.services.custody import end_custody
from union.infra.timers import Timer, finish_timers
from union.kernel.actor import Role

RAID = Scope(Kind.ARREST_OR_RAID)
DRAFT = Draft({"responder": 1}, (Step(Who.NEAREST, 60), Step(Who.DUTY_OFFICER, 60)))
GOOD_STEPS = '[{"who": "nearest", "wait_seconds": 60}, {"who": "duty_officer", "wait_seconds": 60}]'


@pytest.fixture
def raid(committing):
    """An open raid with a coordinator; the ids of both."""
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(3):
            make_responder(work, bidar)
        coordinator = make_in_charge(work, Role.COORDINATOR)
        incident_id = report(work, kind=Kind.ARREST_OR_RAID).incident_id
    return incident_id, coordinator


def attack(unit, statement: str, **values) -> None:
    with unit.begin(NIGHT) as work:
        work.session.execute(text(statement), values)


def write(unit, *, steps=GOOD_STEPS, quorum='{"responder": 1}', version=2, over="false") -> None:
    attack(
        unit,
        "INSERT INTO crisis_policy (ref, kind, version, is_over, quorum, steps, made_at)"
        " SELECT 'by-hand', kind, :version, CAST(:over AS boolean), CAST(:quorum AS jsonb),"
        " CAST(:steps AS jsonb), made_at FROM crisis_policy LIMIT 1",
        steps=steps,
        quorum=quorum,
        version=version,
        over=over,
    )


@pytest.mark.parametrize(
    ("fields", "law"),
    [
        ({"steps": "[]"}, "check"),
        ({"steps": '[{"who": "nearest", "wait_seconds": 60}]'}, "endless_last_step"),
        ({"steps": '[{"wait_seconds": 60}]'}, "endless_last_step"),
        (
            {"steps": '[{"who": "duty_officer", "wait_seconds": 60, "roles": ["responder"]}]'},
            "endless_last_step",
        ),
        ({"steps": GOOD_STEPS.replace("60", "601")}, "waits"),
        ({"steps": GOOD_STEPS.replace("60", '"60"')}, "waits"),
        ({"steps": GOOD_STEPS.replace("60", "0")}, "waits"),
        ({"steps": '[{"who": "duty_officer"}]'}, "waits"),
        ({"quorum": "{}"}, "somebody_needed"),
        ({"quorum": '{"responder": 0}'}, "somebody_needed"),
        ({"quorum": '{"responder": 2, "paralegal": "1"}'}, "somebody_needed"),
        ({"quorum": '{"responder": 2, "lawyer": 1}'}, "somebody_needed"),
        ({"quorum": '{"responder": 11}'}, "somebody_needed"),
        ({"over": "true"}, "widest_stays"),
        ({"version": 3}, "does not follow"),
        ({"version": 1}, "does not follow"),
    ],
)
def test_no_policy_can_leave_a_caller_alone_or_skip_a_version(committing, raid, fields, law):
    with pytest.raises(IntegrityError, match=law):
        write(committing, **fields)
    write(committing)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crisis_policy SET steps = '[]'",
        "DELETE FROM crisis_policy",
        "TRUNCATE crisis_policy",
    ],
)
def test_no_version_is_ever_changed(committing, raid, statement):
    with pytest.raises(DBAPIError, match="permission denied"):
        attack(committing, statement)


def test_a_call_is_never_brought_under_what_was_written_after_it_began(committing, raid, clock):
    incident_id, coordinator = raid
    clock.advance(timedelta(minutes=1))
    with as_person(committing, coordinator) as work:
        newer = services.new_policy(work, RAID, DRAFT, "shorter").id
    with pytest.raises(IntegrityError, match="was not in force"):
        attack(
            committing,
            "UPDATE incident SET policy_id = :policy WHERE id = :id",
            policy=newer,
            id=incident_id,
        )
    with committing.begin(NIGHT) as work:
        later = report(work, kind=Kind.ARREST_OR_RAID, place="Bidar fort gate").incident_id
        assert work.session.get_one(Incident, incident_id).policy_id != newer
        if later != incident_id:
            assert work.session.get_one(Incident, later).policy_id == newer


def test_two_who_write_at_once_write_one_after_the_other(committing, raid):
    """Each read version 1; one of them is told so, and no version is lost or written twice."""
    _, coordinator = raid
    refused: list[Exception] = []
    both = threading.Barrier(2, timeout=60)

    def write_next() -> None:
        try:
            with as_person(committing, coordinator) as work:
                both.wait()
                services.new_policy(work, RAID, DRAFT, "shorter", seen=1)
        except PolicyChangedError as error:
            refused.append(error)

    threads = [threading.Thread(target=write_next) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committing.reading(NIGHT) as work:
        kept = select(CrisisPolicy.version).where(CrisisPolicy.kind == RAID.kind)
        assert sorted(work.session.scalars(kept)) == [1, 2]
    assert len(refused) == 1


def test_the_first_two_calls_of_a_kind_write_its_policy_once(committing):
    with committing.begin(NIGHT) as work:
        places = [make_branch(work), make_branch(work, "Kolar", 13.13, 78.13)]
        for place in places:
            make_responder(work, place)
    both = threading.Barrier(2, timeout=60)

    def call(district: str) -> None:
        with committing.begin(NIGHT) as work:
            both.wait()
            report(work, district=district, place=f"{district} bus stand", kind=Kind.EVICTION)

    with ThreadPoolExecutor(2) as callers:
        list(callers.map(call, ("Bidar", "Kolar")))
    with committing.reading(NIGHT) as work:
        assert len(work.session.scalars(select(CrisisPolicy)).all()) == 1
        assert len(work.session.scalars(select(Incident)).all()) == 2


def clock_of(unit) -> int:
    with unit.reading(NIGHT) as work:
        return work.session.scalars(select(CustodyClock.id)).one()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timer SET done_at = made_at WHERE subject_type = 'custody'",
        "DELETE FROM timer WHERE subject_type = 'custody'",
        "UPDATE timer SET subject_id = 0 WHERE subject_type = 'custody'",
    ],
)
def test_while_somebody_is_held_something_will_look(committing, raid, statement):
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        attack(committing, statement)


@pytest.mark.parametrize(
    ("statement", "law"),
    [
        ("UPDATE custody_clock SET taken_at = taken_at + interval '5 hours'", "as it was written"),
        ("UPDATE custody_clock SET warned_hours = -1", "as it was written"),
        ("UPDATE custody_clock SET ended_at = made_at", "ended_by_a_person"),
        ("DELETE FROM custody_clock", "permission denied"),
    ],
)
def test_the_hour_once_written_stays(committing, raid, statement, law):
    with pytest.raises(DBAPIError, match=law):
        attack(committing, statement)


def test_two_cannot_each_take_one_of_two_timers_of_custody(committing, raid):
    about = clock_of(committing)
    attack(
        committing,
        "INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)"
        " SELECT 'second', 'custody', :id, due_at, 0, made_at FROM timer LIMIT 1",
        id=about,
    )
    both, refused = threading.Barrier(2, timeout=60), []

    def take(kind: str) -> None:
        try:
            with committing.begin(NIGHT) as work:
                assert finish_timers(work, "custody", about, kind) == 1
                both.wait()
        except IntegrityError as error:
            refused.append(error)

    threads = [threading.Thread(target=take, args=(k,)) for k in ("crisis_custody", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_a_clock_stopped_by_a_person_needs_no_timer_and_stays_stopped(committing, raid):
    incident_id, coordinator = raid
    with as_person(committing, coordinator) as work:
        end_custody(work, incident_id, CustodyEnd.PRODUCED)
    with committing.reading(NIGHT) as work:
        open_ones = select(Timer).where(Timer.subject_type == "custody", Timer.done_at.is_(None))
        assert work.session.scalars(open_ones).all() == []
    with pytest.raises(IntegrityError, match="as it was written"):
        attack(
            committing,
            "UPDATE custody_clock SET ended_at = NULL, ended_how = NULL, ended_by_person_id = NULL",
        )


def test_who_is_in_charge_ends_it_only_by_saying_how_she_knows(committing, raid):
    """C3: "I am there" may be pressed at a desk; the database asks how the caller was seen."""
    incident_id, coordinator = raid
    with committing.begin(NIGHT) as work:
        work.session.execute(
            text(
                "INSERT INTO page (ref, incident_id, person_id, asked_as, state, step, reasons,"
                " came_herself, code, wrong_tries, asked_at, asked_on, answered_at, answered_by,"
                " briefed_at, arrived_at) SELECT 'desk', incident_id, :her, 'coordinator',"
                " 'arrived', 0, reasons, false, '1234', 0, asked_at, asked_on, asked_at, 'app',"
                " asked_at, asked_at FROM page LIMIT 1"
            ),
            {"her": coordinator},
        )
    told = {
        "how": ClosedBy.SAW_HER,
        "outcome": Outcome.SETTLED_THERE,
        "as_she_wished": AsSheWished.YES,
        "witness_person_id": coordinator,
    }
    with pytest.raises(WitnessKnowsError), as_person(committing, coordinator) as work:
        services.close_incident(work, incident_id, services.Closing(**told))
    with pytest.raises(IntegrityError, match="says how she knows"):
        attack(
            committing,
            "UPDATE incident SET state = 'closed', closed_at = opened_at, closed_how = 'saw_her',"
            " closed_by_person_id = :her, witness_person_id = :her, outcome = 'settled_there',"
            " as_she_wished = 'yes' WHERE id = :id",
            her=coordinator,
            id=incident_id,
        )
    with as_person(committing, coordinator) as work:
        closing = services.Closing(**told, knows=WitnessKnows.SHE_CAME_TO_US)
        services.close_incident(work, incident_id, closing)
    with committing.reading(NIGHT) as work:
        assert work.session.scalars(select(CustodyClock)).one().ended_how is CustodyEnd.NOT_TAKEN
        pages = select(Page).where(Page.asked_as == AskedAs.COORDINATOR)
        assert work.session.scalars(pages).one().person_id == coordinator
