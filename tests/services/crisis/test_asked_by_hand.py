"""Picked by hand: never twice at once, never who must stay away, and never who was forced."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.builders.crisis import FORCED, HERS, live_page, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.errors import AskedAlreadyError, StaysAwayError
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import AskedAs, PageState
from union.infra.work import Work
from union.kernel.actor import Actor, Role

NEXT_DOOR = "she lives next door"


def ask_by_hand(desk, incident, person_id) -> Page:
    return services.ask_by_hand(desk, incident.id, person_id, AskedAs.RESPONDER)


def call_lapsed(desk, incident, person_id) -> Page:
    return services.call_lapsed(desk, incident.id, person_id, AskedAs.RESPONDER, NEXT_DOOR)


BY_HAND = pytest.mark.parametrize("act", [ask_by_hand, call_lapsed])


@pytest.fixture
def bidar(work):
    return make_branch(work)


@pytest.fixture
def desk(work, bidar) -> Work:
    coordinator = make_in_charge(work, Role.COORDINATOR)
    return Work(
        work.session, work.clock, Actor(coordinator, None, frozenset()), work.vault, work.routes
    )


@pytest.fixture
def asked(work, bidar) -> int:
    return make_responder(work, bidar)


@pytest.fixture
def incident(work, asked) -> Incident:
    return work.session.get_one(Incident, report(work).incident_id)


def pages_to(work, person_id: int) -> int:
    return work.session.scalar(select(func.count()).where(Page.person_id == person_id))


@BY_HAND
def test_who_is_asked_already_is_not_asked_again(work, desk, incident, asked, act):
    with pytest.raises(AskedAlreadyError):
        act(desk, incident, asked)
    assert pages_to(work, asked) == 1


@BY_HAND
def test_who_is_on_her_way_is_not_asked_again(work, desk, incident, asked, act):
    services.answer_link(work, live_page(work, asked).id, HERS)
    with pytest.raises(AskedAlreadyError):
        act(desk, incident, asked)


@BY_HAND
def test_who_was_forced_is_told_nothing_more_on_her_telephone(work, desk, incident, asked, act):
    page = live_page(work, asked)
    services.answer_link(work, page.id, FORCED)
    page.state = PageState.SILENT
    work.session.flush()
    with pytest.raises(AskedAlreadyError):
        act(desk, incident, asked)


@BY_HAND
def test_who_said_no_may_be_asked_by_a_person_after_all(work, desk, incident, asked, act):
    services.decline_page(work, live_page(work, asked).id)
    page = act(desk, incident, asked)
    assert (page.person_id, page.state) == (asked, PageState.ASKED)


@BY_HAND
def test_who_must_stay_away_is_not_sent_by_hand_either(work, desk, incident, asked, act):
    services.name_in_conflict(desk, incident.id, asked)
    with pytest.raises(StaysAwayError):
        act(desk, incident, asked)


def test_a_lapsed_one_called_twice_is_called_once(work, desk, bidar, incident):
    lapsed = make_responder(work, bidar, ends_on=date(2026, 9, 30))
    assert call_lapsed(desk, incident, lapsed).state is PageState.ASKED
    with pytest.raises(AskedAlreadyError):
        call_lapsed(desk, incident, lapsed)
    assert pages_to(work, lapsed) == 1
