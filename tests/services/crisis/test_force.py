"""A forced answer sounds to the ear as an honest one at the same moment would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import (
    FORCED,
    HERS,
    make_in_charge,
    make_responder,
    press_keys,
    report,
)
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Incident, Page
from union.crisis.queries.board import board
from union.crisis.queries.mine import my_pages
from union.crisis.rules import speech
from union.crisis.rules.kinds import (
    AnsweredBy,
    AsSheWished,
    ClosedBy,
    IncidentState,
    Outcome,
    PageState,
)
from union.crisis.services import Heard
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.messages.models import Message


@pytest.fixture
def night(work):
    """An incident that needs two, and the four who are asked."""
    bidar = make_branch(work)
    for _ in range(4):
        make_responder(work, bidar)
    incident = work.session.get_one(Incident, report(work).incident_id)
    return incident, list(work.session.scalars(select(Page).order_by(Page.id)))


def fill(work, pages) -> None:
    for page in pages[:2]:
        services.answer_link(work, page.id, HERS)


@pytest.mark.parametrize("by", list(AnsweredBy)[1:5])
def test_when_enough_are_coming_both_hear_thanks(work, night, by):
    incident, pages = night
    fill(work, pages)
    assert incident.state is IncidentState.FILLED
    honest = services.answer_page(work, pages[2].id, HERS, by)
    assert services.answer_page(work, pages[3].id, FORCED, by) is honest is Heard.ENOUGH
    assert pages[3].duress_at is not None


def test_on_the_keypad_too(work, night):
    _, pages = night
    fill(work, pages)
    ends = [press_keys(work, pages[3], FORCED), press_keys(work, pages[2], HERS)]
    assert ends == [speech.farewell("en")] * 2


def test_she_is_thanked_by_text_as_the_others_when_the_team_fills(work, night):
    _, pages = night
    services.answer_page(work, pages[3].id, FORCED, AnsweredBy.KEYPAD)
    fill(work, pages)
    assert pages[3].seems is PageState.RELEASED
    told = work.session.scalars(
        select(Message.person_id).where(Message.purpose == "stand_down")
    ).all()
    assert sorted(told) == sorted(page.person_id for page in pages[2:])


def test_after_the_end_those_in_charge_are_told_all_the_same(work, night):
    incident, pages = night
    coordinator = make_in_charge(work, Role.COORDINATOR)
    services.answer_link(work, pages[0].id, HERS)
    services.arrive(work, pages[0].id)
    desk = Work(
        work.session, work.clock, Actor(coordinator, None, frozenset()), work.vault, work.routes
    )
    services.close_incident(
        desk,
        incident.id,
        services.Closing(
            ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, pages[0].person_id
        ),
    )
    honest = services.answer_page(work, pages[1].id, HERS, AnsweredBy.LINK)
    assert services.answer_page(work, pages[2].id, FORCED, AnsweredBy.LINK) is honest is Heard.OVER
    told = work.session.scalars(select(Message).where(Message.person_id == coordinator)).all()
    assert [message.template for message in told] == ["desk"]
    assert board(work).forced_after == ()
    assert [one.ref for one in board(work, alarms=True).forced_after] == [incident.ref]


def test_on_her_own_pages_she_goes_where_nobody_waits(work, night):
    _, pages = night
    services.answer_here(work, pages[0].id, FORCED, AnsweredBy.APP)
    services.answer_here(work, pages[1].id, HERS, AnsweredBy.APP)
    (forced,) = my_pages(work, pages[0].person_id, "the main post office")
    (honest,) = my_pages(work, pages[1].person_id, "the main post office")
    assert forced.state is honest.state is PageState.BRIEFED
    assert forced.place == "the main post office"
    assert forced.kind == "unknown"
    services.set_out(work, pages[0].id, 10)
    services.call_for_help(work, pages[0].id)
    assert my_pages(work, pages[0].person_id, "x")[0].state is PageState.EN_ROUTE
    assert pages[0].state is PageState.SILENT


def test_on_the_board_her_way_grows_as_an_honest_one_and_ends_when_she_says_so(work, night):
    _, pages = night
    services.answer_here(work, pages[0].id, FORCED, AnsweredBy.APP)
    services.answer_here(work, pages[1].id, HERS, AnsweredBy.APP)
    services.answer_here(work, pages[2].id, FORCED, AnsweredBy.APP)
    services.arrive(work, pages[2].id)
    work.clock.move_to(work.clock.now() + timedelta(minutes=5))
    (watch,) = board(work).watches
    done = {line.person_id: line.part_done for line in watch.team}
    assert 0 < done[pages[0].person_id] == done[pages[1].person_id] < 100
    assert done[pages[2].person_id] == 100


def test_a_counted_one_who_is_forced_later_still_looks_as_before(work, night):
    incident, pages = night
    fill(work, pages)
    services.set_out(work, pages[0].id, 20)
    services.answer_page(work, pages[0].id, FORCED, AnsweredBy.SMS)
    assert pages[0].state is PageState.DROPPED_OUT
    assert pages[0].seems is PageState.EN_ROUTE
    assert incident.state is IncidentState.SEEKING
