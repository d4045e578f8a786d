"""C1 where a machine talks, somebody stays or a child is sealed: attacked as the application.

A call deals with nothing; a lease always has a timer; nobody is let rest or unsealed by a row.
"""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.crisis import as_person, make_in_charge, make_responder, report
from tests.builders.members import make_branch, make_circles
from union.crisis import services
from union.crisis.rules.kinds import ContactChannel, Kind
from union.crisis.services.nuisance import let_number_rest
from union.crisis.services.staying import stay_with_her
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("test")
HERS = "+915442900234"


@pytest.fixture
def own_life(committing):
    """An operator, and a contact about a threat to her own life with its incident."""
    with committing.begin(NIGHT) as work:
        make_responder(work, make_branch(work))
        operator = make_in_charge(work, Role.OPERATOR)
        contact = report(work, kind=Kind.THREAT_TO_OWN_LIFE, number=HERS)
        return operator, contact.id, contact.incident_id


@pytest.fixture
def staying(committing, own_life):
    operator, _, incident_id = own_life
    with as_person(committing, operator) as work:
        return stay_with_her(work, incident_id).id


@pytest.fixture
def sealed(committing):
    with committing.begin(NIGHT) as work:
        make_circles(work)
        make_responder(work, make_branch(work))
        told = services.Report(
            channel=ContactChannel.HOTLINE, place="blue house", district="Bidar", may_be_minor=True
        )
        return services.receive_contact(work, told).id


def attack(unit, statement: str, **values) -> None:
    with unit.begin(NIGHT) as work:
        work.session.execute(text(statement), values)


@pytest.mark.parametrize("how", ["not_reached", "no_need", "nuisance"])
def test_no_row_lets_her_rest_who_may_end_her_life(committing, own_life, how):
    operator, contact_id, _ = own_life
    with pytest.raises(IntegrityError, match="threat to her own life"):
        attack(
            committing,
            "UPDATE contact SET state = 'dealt', dealt_how = :how, dealt_at = received_at,"
            " dealt_by_person_id = :by WHERE id = :id",
            id=contact_id,
            by=operator,
            how=how,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timer SET done_at = made_at WHERE subject_type = 'staying' AND subject_id = :id",
        "DELETE FROM timer WHERE subject_type = 'staying' AND subject_id = :id",
        "UPDATE timer SET subject_id = 0 WHERE subject_type = 'staying' AND subject_id = :id",
    ],
)
def test_who_is_written_down_as_with_her_is_always_looked_at_again(committing, staying, statement):
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        attack(committing, statement, id=staying)


def test_two_are_never_written_down_as_with_her_at_once(committing, staying):
    with pytest.raises(IntegrityError, match="staying_open_key"):
        attack(
            committing,
            "INSERT INTO staying (incident_id, person_id, since, until)"
            " SELECT incident_id, person_id, since, until FROM staying WHERE id = :id",
            id=staying,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contact SET place = '\\x00' WHERE id = :id",
        "UPDATE contact SET words = '\\x00' WHERE id = :id",
        "UPDATE contact SET may_be_minor_at = NULL, sealed_at = NULL WHERE id = :id",
        "UPDATE contact SET may_be_minor_at = NULL WHERE id = :id",
        "UPDATE sealed_telling SET sealed = '\\x00' WHERE contact_id = :id",
        "DELETE FROM sealed_telling WHERE contact_id = :id",
    ],
)
def test_what_is_sealed_for_a_child_stays_sealed(committing, sealed, statement):
    with pytest.raises(DBAPIError):
        attack(committing, statement, id=sealed)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM staying",
        "DELETE FROM quiet_number",
        "TRUNCATE minor_decision",
        "UPDATE minor_decision SET decision = 'grown'",
    ],
)
def test_the_application_forgets_none_of_it(committing, own_life, staying, statement):
    operator, contact_id, _ = own_life
    with as_person(committing, operator) as work:
        let_number_rest(work, contact_id)
    with pytest.raises(DBAPIError):
        attack(committing, statement)


def test_a_quiet_number_is_still_a_contact_with_a_timer(committing, own_life):
    operator, contact_id, _ = own_life
    with as_person(committing, operator) as work:
        let_number_rest(work, contact_id)
    with committing.begin(NIGHT) as work:
        told = services.Report(channel=ContactChannel.MISSED_CALL, number=HERS)
        again = services.receive_contact(work, told).id
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        attack(
            committing,
            "DELETE FROM timer WHERE subject_type = 'contact' AND subject_id = :id",
            id=again,
        )
