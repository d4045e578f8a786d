"""A filled team falls open again: dropped out, not there in time, not heard of; each looked for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import FORCED, NIGHT
from union.crisis import services
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import IncidentState, Kind


@pytest.fixture
def filled(night):
    """A call for two, with both there; the incident and the two."""
    night.team(8)
    incident = night.call()
    two = night.asked(incident)[:2]
    for person in two:
        night.comes(person)
        night.do(person, services.arrive)
    assert night.state(incident) is IncidentState.FILLED
    return incident, two


def help_for(night) -> list[Incident]:
    with night.unit.reading(NIGHT) as work:
        about = select(Incident).where(Incident.kind == Kind.RESPONDER_SAFETY)
        return list(work.session.scalars(about))


def asked_anew(night, incident: int) -> bool:
    return night.state(incident) is IncidentState.SEEKING and bool(night.asked(incident))


def test_who_drops_out_opens_it(night, filled):
    incident, two = filled
    night.do(two[0], services.drop_out)
    assert asked_anew(night, incident)


def test_who_is_not_there_in_time_opens_it(night):
    night.team(8)
    incident = night.call()
    two = night.asked(incident)[:2]
    for person in two:
        night.comes(person)
    night.do(two[0], services.arrive)
    assert night.state(incident) is IncidentState.FILLED
    night.passes(hours=1, minutes=20)
    assert "opened_again" in night.said(incident)
    assert two[1] in night.pages(incident)["dropped_out"]


def test_whose_safety_runs_out_opens_it_and_her_word_brings_her_back(night, filled):
    incident, two = filled
    night.passes(minutes=80)
    night.do(two[1], services.check_in)
    night.passes(minutes=22)
    assert asked_anew(night, incident), "nobody has heard of her: the caller has one too few"
    assert len(help_for(night)) == 1
    page = page_in(night, incident, two[0])
    with night.unit.begin(NIGHT) as work:
        services.check_in(work, page)
    night.workers.settle()
    assert night.state(incident) is IncidentState.FILLED
    assert two[0] in night.pages(incident)["arrived"]
    assert night.asked(incident) == [], "whoever was asked instead is let go"


def test_a_forced_woman_is_missed_and_heard_again_as_any_other_and_never_counts(night):
    night.team(8)
    incident = night.call()
    honest, forced = night.asked(incident)[:2]
    night.comes(honest)
    night.comes(forced, FORCED)
    for person in (honest, forced):
        night.do(person, services.arrive)
    night.passes(minutes=102)
    looks = [shown(night, incident, person) for person in (honest, forced)]
    assert looks == ["dropped_out", "dropped_out"]
    for person in (honest, forced):
        with night.unit.begin(NIGHT) as work:
            services.check_in(work, page_in(night, incident, person))
    assert [shown(night, incident, person) for person in (honest, forced)] == ["arrived", "arrived"]
    assert forced not in night.pages(incident).get("arrived", [])


def page_in(night, incident: int, person: int) -> int:
    with night.unit.reading(NIGHT) as work:
        hers = select(Page.id).where(Page.incident_id == incident, Page.person_id == person)
        return work.session.scalars(hers.order_by(Page.id.desc())).first()


def shown(night, incident: int, person: int) -> str:
    with night.unit.reading(NIGHT) as work:
        return work.session.get_one(Page, page_in(night, incident, person)).shown.value
