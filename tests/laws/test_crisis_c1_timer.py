"""C1: an open contact and an open incident have an unfinished timer at every commit."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.crisis import as_person, make_in_charge, make_responder, report
from tests.builders.members import make_branch, make_member
from union.crisis import services
from union.crisis.invariants import INVARIANTS
from union.crisis.rules.kinds import ContactChannel, DealtHow
from union.infra.timers import finish_timers
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("test")


@pytest.fixture
def open_ones(committing):
    """The ids of an open incident and an open contact."""
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(3):
            make_responder(work, bidar)
        contact = report(work)
        return {"incident": contact.incident_id, "contact": contact.id}


def violations(unit) -> int:
    with unit.reading(NIGHT) as work:
        return sum(len(work.session.execute(text(q)).all()) for q in INVARIANTS.values())


def attack(unit, *statements: str, **values) -> None:
    with unit.begin(NIGHT) as work:
        for statement in statements:
            work.session.execute(text(statement), values)


@pytest.mark.parametrize("about", ["incident", "contact"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timer SET done_at = made_at WHERE subject_type = :about AND subject_id = :id",
        "DELETE FROM timer WHERE subject_type = :about AND subject_id = :id",
        "UPDATE timer SET subject_id = 0 WHERE subject_type = :about AND subject_id = :id",
        "UPDATE timer SET subject_type = 'x' WHERE subject_type = :about AND subject_id = :id",
    ],
)
def test_the_last_timer_cannot_go(committing, open_ones, about, statement):
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        attack(committing, statement, about=about, id=open_ones[about])
    assert violations(committing) == 0


def test_deferring_does_not_help_and_neither_does_truncating(committing, open_ones):
    with pytest.raises(IntegrityError):
        attack(
            committing,
            "SET CONSTRAINTS ALL DEFERRED",
            "DELETE FROM timer WHERE subject_type = 'incident'",
        )
    with pytest.raises(DBAPIError, match="permission denied"):
        attack(committing, "TRUNCATE timer")


def test_an_incident_put_in_by_hand_needs_one_too(committing, open_ones):
    copied = "gen_random_uuid(), kind, severity, cell_exact, policy_id, needs, step, rounds"
    with pytest.raises(IntegrityError):
        attack(
            committing,
            "INSERT INTO incident (ref, key_ref, kind, severity, cell_exact, policy_id, needs,"
            " step, rounds, state, opened_at, last_contact_at, follow_up)"
            f" SELECT 'x', {copied}, state, opened_at, last_contact_at, follow_up FROM incident",
        )


def test_two_at_once_cannot_each_take_one_of_two_timers(committing, open_ones):
    incident_id = open_ones["incident"]
    with committing.begin(NIGHT) as work:
        work.session.execute(
            text(
                "INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)"
                " SELECT 'second', 'incident', :id, due_at, 0, made_at FROM timer LIMIT 1"
            ),
            {"id": incident_id},
        )
    both_took = threading.Barrier(2, timeout=60)
    refused: list[Exception] = []

    def take(kind: str) -> None:
        try:
            with committing.begin(NIGHT) as work:
                assert finish_timers(work, "incident", incident_id, kind) == 1
                both_took.wait()
        except IntegrityError as error:
            refused.append(error)

    threads = [threading.Thread(target=take, args=(k,)) for k in ("crisis_step", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert violations(committing) == 0


def test_an_old_snapshot_is_refused(committing, open_ones):
    with pytest.raises(IntegrityError, match="repeatable read"):
        attack(
            committing,
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "UPDATE timer SET done_at = made_at WHERE subject_type = 'contact'",
        )


def test_nothing_of_a_crisis_is_deleted(committing, open_ones):
    for table in ("contact", "incident", "page", "incident_event", "incident_choice"):
        with pytest.raises(DBAPIError, match="permission denied"):
            attack(committing, f"DELETE FROM {table}")
    with pytest.raises(DBAPIError, match="permission denied"):
        attack(committing, "UPDATE incident_event SET code = 'x'")


def test_a_contact_is_dealt_with_by_a_person_or_not_at_all(committing, open_ones):
    with pytest.raises(IntegrityError, match="dealt_by_a_person"):
        attack(committing, "UPDATE contact SET state = 'dealt'")
    with committing.begin(NIGHT) as work:
        operator = make_in_charge(work, Role.OPERATOR)
    with as_person(committing, operator) as work:
        services.deal_with(work, open_ones["contact"], DealtHow.ATTACHED)
    assert violations(committing) == 0


@pytest.mark.parametrize("channel", list(ContactChannel))
def test_every_way_in_has_its_timer(committing, channel):
    with committing.begin(NIGHT) as work:
        known = channel is ContactChannel.OTHER_PIN
        person_id = make_member(work).person_id if known else None
        services.receive_contact(work, services.Report(channel=channel, person_id=person_id))
    assert violations(committing) == 0


def test_who_is_dealt_with_together_was_seen_and_the_rest_keeps_its_timer(committing, open_ones):
    """One caller, three contacts: the one that came in after the page was read stays open."""
    with committing.begin(NIGHT) as work:
        desk = make_in_charge(work, Role.OPERATOR)
        said = services.Report(channel=ContactChannel.MISSED_CALL, number="+915442900234")
        line = [services.receive_contact(work, said) for _ in range(3)]
        ids, seen = [one.id for one in line], [one.ref for one in line[:2]]
    with as_person(committing, desk) as work:
        services.deal_together(work, ids[0], DealtHow.NO_NEED, seen)
    assert violations(committing) == 0
    with committing.reading(NIGHT) as work:
        open_now = "SELECT id FROM contact WHERE state <> 'dealt' AND id = ANY(:ids)"
        assert list(work.session.scalars(text(open_now), {"ids": ids})) == ids[2:]
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        attack(
            committing,
            "UPDATE timer SET done_at = made_at WHERE subject_type = 'contact'"
            " AND subject_id = :id",
            id=ids[2],
        )


def test_timers_are_claimed_while_somebody_holds_an_incident(committing, open_ones):
    """One slow transaction about one incident holds up no other's timer."""
    held = text("SELECT id FROM incident FOR UPDATE")
    with committing.begin(NIGHT) as slow:
        slow.session.execute(held)
        attack(committing, "SET LOCAL lock_timeout = '1s'", "UPDATE timer SET lease_until = due_at")
    assert violations(committing) == 0
