"""Eleven are taken at night: listed in four minutes, looked after, produced, let go; none is lost.

Told with the raid of ``calls.jsonl`` in mind: two vans, many calls, one incident.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.builders.crisis import NIGHT, as_person
from tests.builders.raids import ELEVEN, everybody, go, medicines, type_list
from union.crisis import services
from union.crisis.errors import StillHeldError
from union.crisis.invariants import INVARIANTS
from union.crisis.models import IncidentEvent, Page
from union.crisis.queries.taken import tallies
from union.crisis.rules.kinds import (
    AskedAs,
    AsSheWished,
    ClosedBy,
    Kind,
    Outcome,
    TeamRole,
)
from union.crisis.rules.taken import MedicineEnd, Source, Standing
from union.crisis.services.taken_medicine import end_medicine
from union.kernel.actor import Role
from union.kernel.ids import new_command_key

HELD = set(range(1, 12)) - {3, 9}
"""Whom nobody has let go when the first two are home."""


def counts(night, incident_id) -> dict[Standing, int]:
    with night.unit.reading(NIGHT) as work:
        return tallies(work.session, [incident_id])[incident_id]


def broken_laws(night) -> list[str]:
    with night.unit.reading(NIGHT) as work:
        return [name for name, sql in INVARIANTS.items() if work.session.execute(text(sql)).first()]


def moved(night, person, incident_id, numbers, standing, source) -> None:
    with as_person(night.unit, person) as work:
        for one in everybody(work):
            if one.number in numbers:
                go(work, one, standing, source=source, words="Town station")
    night.workers.settle()


def events(night, incident_id, code) -> int:
    with night.unit.reading(NIGHT) as work:
        rows = select(IncidentEvent.id).where(
            IncidentEvent.incident_id == incident_id, IncidentEvent.code == code
        )
        return len(work.session.scalars(rows).all())


@pytest.fixture
def raid(night):
    """The call, the team on its way, a lawyer paged beside it; the operator and the incident."""
    team, lawyers = night.team(4), night.team(2, role=TeamRole.PARALEGAL)
    operator, coordinator = (night.in_charge(role) for role in (Role.OPERATOR, Role.COORDINATOR))
    incident_id = night.call(kind=Kind.ARREST_OR_RAID, people=11, place="Bidar bus stand, two vans")
    return incident_id, team, lawyers, operator, coordinator


def test_the_lawyer_is_paged_with_the_team_not_after_it(night, raid):
    incident_id, _team, lawyers, *_office = raid
    with night.unit.reading(NIGHT) as work:
        asked = work.session.scalars(select(Page).where(Page.incident_id == incident_id)).all()
        at = {page.asked_as: page.asked_at for page in asked}
    assert at[AskedAs.RESPONDER] == at[AskedAs.PARALEGAL]
    assert {page.person_id for page in asked if page.asked_as is AskedAs.PARALEGAL} <= set(lawyers)


def later(night, **span) -> None:
    """Time goes by at once: what was due in between is done now, each thing a single time."""
    night.clock.advance(timedelta(**span))
    night.workers.settle()


def typed_in_four_minutes(night, raid) -> None:
    incident_id, _team, _lawyers, operator, coordinator = raid
    key, lines = new_command_key(), ELEVEN.splitlines(keepends=True)
    for many in range(1, 12):
        with as_person(night.unit, operator) as work:
            type_list(work, incident_id, "".join(lines[:many]), key, whole=many == 11)
        later(night, seconds=20)
    with as_person(night.unit, coordinator) as work:
        assert type_list(work, incident_id, ELEVEN).new == ()
    assert counts(night, incident_id) == {Standing.TAKEN: 11}


def medicine_is_given_in_time(night, raid, going) -> None:
    incident_id = raid[0]
    later(night, minutes=57)
    assert events(night, incident_id, "medicine_due") == 1, "an hour before two"
    later(night, minutes=46)
    assert events(night, incident_id, "medicine_due") == 2, "a quarter before"
    with as_person(night.unit, going) as work:
        end_medicine(work, medicines(work)[0].id, MedicineEnd.GIVEN, Source.TEAM)
    later(night, minutes=45)
    assert events(night, incident_id, "medicine_due") == 2, "given, so nobody asks again"


def produced_in_time(night, raid) -> None:
    incident_id, _team, _lawyers, operator, coordinator = raid
    later(night, hours=9, minutes=45)
    assert events(night, incident_id, "taken_warned") == 1, "twelve hours: told once for all nine"
    assert was_told(night, coordinator)
    moved(night, operator, incident_id, HELD, Standing.PRODUCED, Source.LAWYER)
    later(night, hours=14)
    assert events(night, incident_id, "taken_warned") == 1, "produced: no further warning"


def test_eleven_are_listed_looked_after_and_all_accounted_for(night, raid):
    incident_id, team, _lawyers, operator, _coordinator = raid
    going = next(one for one in team if one in night.asked(incident_id))
    night.comes(going)
    night.deal_with_all(operator)
    typed_in_four_minutes(night, raid)
    night.do(going, services.arrive)
    moved(night, going, incident_id, range(1, 12), Standing.AT_STATION, Source.TEAM)
    medicine_is_given_in_time(night, raid, going)
    moved(night, going, incident_id, {3, 9}, Standing.RELEASED, Source.POLICE)
    with pytest.raises(StillHeldError):
        end(night, operator, going, incident_id, Outcome.SETTLED_THERE)
    produced_in_time(night, raid)
    moved(night, operator, incident_id, HELD - {1}, Standing.RELEASED, Source.LAWYER)
    moved(night, operator, incident_id, {1}, Standing.PROTECTIVE_HOME, Source.LAWYER)
    end(night, operator, going, incident_id, Outcome.STILL_HELD)
    assert counts(night, incident_id) == {Standing.PROTECTIVE_HOME: 1, Standing.RELEASED: 10}
    with night.unit.reading(NIGHT) as work:
        cases = text("SELECT count(*) FROM legal_case WHERE incident_id = :one")
        assert work.session.execute(cases, {"one": incident_id}).scalar_one() == 1
    moved(night, operator, incident_id, {1}, Standing.RELEASED, Source.HERSELF)
    assert counts(night, incident_id) == {Standing.RELEASED: 11}
    assert broken_laws(night) == []


def end(night, operator, witness, incident_id, outcome) -> None:
    closing = services.Closing(
        ClosedBy.SAW_HER, outcome, AsSheWished.PARTLY, witness_person_id=witness
    )
    with as_person(night.unit, operator) as work:
        services.close_incident(work, incident_id, closing)
    night.workers.settle()


def was_told(night, person) -> bool:
    with night.unit.reading(NIGHT) as work:
        sent = text("SELECT count(*) FROM message WHERE person_id = :her AND template = 'desk'")
        return work.session.execute(sent, {"her": person}).scalar_one() > 0
