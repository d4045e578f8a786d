"""Given up unheard, she speaks after all: her help is never lost, her peace never broken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder, report
from union.crisis import services
from union.crisis.models import Incident, IncidentEvent, Page
from union.crisis.rules.kinds import AsSheWished, ClosedBy, Kind, Outcome, PageState
from union.crisis.services.going import lose
from union.crisis.services.safety import CALLED, raise_alarm, warn
from union.infra.timers import Timer
from union.kernel.actor import Actor, Role


@pytest.fixture
def missed(work):
    """Her page, given up; the alarm about her stands."""
    make_responder(work)
    for _ in range(3):
        make_responder(work)
    incident = work.session.get_one(Incident, report(work).incident_id)
    page = work.session.scalars(select(Page).order_by(Page.id)).first()
    services.answer_link(work, page.id, "47")
    lose(work, incident, page, "not_heard_of")
    warn(work, incident, page)
    return page


def calls(work, incident_id: int) -> int:
    lines = select(IncidentEvent).where(
        IncidentEvent.incident_id == incident_id, IncidentEvent.code == CALLED
    )
    return len(work.session.scalars(lines).all())


def alarm_of(work) -> Incident:
    return work.session.scalars(
        select(Incident).where(Incident.kind == Kind.RESPONDER_SAFETY)
    ).one()


def test_whoever_looks_for_her_reads_that_she_called_for_help(work, missed):
    incident = work.session.get_one(Incident, missed.incident_id)
    raise_alarm(work, incident, missed)
    alarm = alarm_of(work)
    work.clock.move_to(work.clock.now() + timedelta(minutes=2))
    assert services.call_for_help(work, missed.id) is alarm
    assert (calls(work, incident.id), calls(work, alarm.id)) == (1, 1)
    assert services.call_for_help(work, missed.id) is alarm
    assert (calls(work, incident.id), calls(work, alarm.id)) == (1, 1), "the same press"
    work.clock.move_to(work.clock.now() + timedelta(minutes=10))
    services.call_for_help(work, missed.id)
    assert calls(work, alarm.id) == 2


def test_help_that_was_looked_after_before_this_way_is_not_this_help(work, missed):
    incident = work.session.get_one(Incident, missed.incident_id)
    raise_alarm(work, incident, missed)
    morning = alarm_of(work)
    missed.asked_at = work.clock.now() + timedelta(hours=1)
    work.clock.move_to(work.clock.now() + timedelta(hours=2))
    assert services.call_for_help(work, missed.id) is not morning


def test_there_after_the_end_she_is_not_asked_again_in_an_hour_and_a_half(work, missed):
    incident = work.session.get_one(Incident, missed.incident_id)
    other = work.session.scalars(select(Page).where(Page.state == "asked")).first()
    services.answer_link(work, other.id, "47")
    services.arrive(work, other.id)
    work.actor = Actor(make_in_charge(work, Role.OPERATOR), None, frozenset())
    services.close_incident(
        work,
        incident.id,
        services.Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, other.person_id),
    )
    services.arrive(work, missed.id)
    assert missed.state is PageState.ARRIVED
    waits = select(Timer).where(
        Timer.subject_type == "page", Timer.subject_id == missed.id, Timer.done_at.is_(None)
    )
    assert work.session.scalars(waits).all() == []
