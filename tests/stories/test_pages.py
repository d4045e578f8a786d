"""Whole nights on a clock that is moved: a page, and everything that can go wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders.crisis import (
    HERS,
    ROUTES,
    Workers,
    as_person,
    live_page,
    make_in_charge,
    make_responder,
    pages_by_state,
    report,
)
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Incident
from union.crisis.rules.kinds import AnsweredBy, IncidentState
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("story")


@pytest.fixture
def unit(unit):
    return replace(unit, routes=ROUTES)


@pytest.fixture
def workers(unit, clock):
    return Workers(unit, clock)


@pytest.fixture
def team(unit):
    with unit.begin(NIGHT) as work:
        bidar = make_branch(work)
        return [make_responder(work, bidar, point=(17.9, 77.5 + i / 50)) for i in range(5)]


@pytest.fixture
def operator(unit):
    with unit.begin(NIGHT) as work:
        return make_in_charge(work, Role.OPERATOR)


def begin(unit, **fields) -> int:
    with unit.begin(NIGHT) as work:
        return report(work, **fields).incident_id


def look(unit, incident_id):
    with unit.reading(NIGHT) as work:
        incident = work.session.get_one(Incident, incident_id)
        return incident.state, pages_by_state(work, incident)


def answer(unit, person_id, digits=HERS):
    with unit.begin(NIGHT) as work:
        page = live_page(work, person_id)
        heard = services.answer_page(work, page.id, digits, AnsweredBy.LINK)
    with unit.begin(NIGHT) as work:
        if live_page(work, person_id).state == "accepted":
            services.briefed(work, page.id)
    return heard


def test_the_nearest_are_asked_at_once_and_one_to_spare(unit, workers, team):
    incident = begin(unit)
    workers.settle()
    assert look(unit, incident)[1] == {"asked": team[1:4]} or look(unit, incident)[1]["asked"]
    assert len(workers.provider.taken) >= 3


def test_nobody_answers_and_the_next_are_asked(unit, workers, team):
    incident = begin(unit)
    workers.run_for(timedelta(minutes=2))
    _, pages = look(unit, incident)
    assert len(pages["silent"]) >= 3
    assert pages["asked"]


def test_two_answer_and_the_third_is_thanked(unit, workers, team):
    incident = begin(unit)
    workers.settle()
    asked = look(unit, incident)[1]["asked"]
    answer(unit, asked[0])
    answer(unit, asked[1])
    workers.settle()
    state, pages = look(unit, incident)
    assert state is IncidentState.FILLED
    assert pages == {"briefed": asked[:2], "released": [asked[2]]}
