"""The page of a link: what she says there, each time with her two digits, and under force too."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import FORCED, HERS
from tests.builders.messages import make_inbound
from tests.web.crisis.night import NIGHT, asked, begin, key, link_for, page_of
from union.crisis import services
from union.crisis.models import Incident, IncidentEvent
from union.crisis.rules.kinds import Kind, PageState
from union.crisis.services.going import lose
from union.crisis.services.safety import warn
from union.crisis.services.timeline import lock_page
from union.messages.queries import reach_of
from union.messages.services import store_inbound


@pytest.fixture
def hers(pages, team):
    """Somebody who is asked, and the address of her link."""
    begin(pages)
    her = asked(pages)[0]
    return her, link_for(pages, her)


def says(client, link: str, act: str, digits: str = HERS) -> str:
    data = {"command_key": key(), "digits": digits, "act": act}
    return client.post(link, data=data).text


def test_she_cannot_and_the_next_is_asked(pages, client, hers):
    her, link = hers
    assert "I cannot" in client.get(link).text
    assert "Nothing more is needed" in says(client, link, "cannot")
    assert page_of(pages, her).state is PageState.DECLINED
    assert len(asked(pages)) == 3


def test_she_says_that_she_is_there_and_well_and_goes_no_further(pages, client, hers):
    her, link = hers
    shown = says(client, link, "show")
    assert "I am there" in shown
    assert "I am not coming after all" in shown
    assert "We know that you are there" in says(client, link, "there")
    assert page_of(pages, her).state is PageState.ARRIVED
    assert "We know that you are well" in says(client, link, "well")
    assert "Nothing more is needed" in says(client, link, "not_coming")
    assert page_of(pages, her).state is PageState.DROPPED_OUT


def test_her_yes_by_text_besides_leaves_the_page_she_has_open_as_it_is(pages, client, hers):
    her, link = hers
    says(client, link, "show")
    with pages.begin(NIGHT) as work:
        number = reach_of(work, {her})[her].addresses["sms"]
        text = f"{page_of(pages, her).code} {HERS}"
        came_in = make_inbound(work.clock.now(), from_number=number, body=text)
        stored = store_inbound(work, came_in)
        services.route_inbound(work, {"inbound_id": stored.inbound_id})
    assert "We know that you are there" in says(client, link, "there")
    assert page_of(pages, her).state is PageState.ARRIVED


def test_and_she_may_come_after_all_once_more(pages, client, hers):
    her, link = hers
    for act in ("show", "not_coming"):
        says(client, link, act)
    assert "Bidar lodge lane" in says(client, link, "show")
    assert page_of(pages, her).state is PageState.BRIEFED


@pytest.mark.parametrize("act", ["cannot", "there", "not_coming", "well", "help"])
def test_nothing_is_said_without_her_digits(pages, client, hers, act):
    her, link = hers
    says(client, link, "show")
    before = page_of(pages, her).state
    shown = says(client, link, act, "11")
    assert "Those are not your numbers" in shown
    assert "lodge" not in shown
    assert f'value="{act}"' in shown, "the same can be said again"
    assert page_of(pages, her).state is before


def test_reading_the_page_changes_nothing(pages, client, hers):
    her, link = hers
    for act in ("cannot", "there", "not_coming"):
        client.get(f"{link}?act={act}&digits={HERS}")
    assert page_of(pages, her).state is PageState.ASKED


def test_what_cannot_follow_is_refused_in_words(pages, client, hers):
    her, link = hers
    shown = says(client, link, "well")
    assert "It has moved on meanwhile" in shown
    assert page_of(pages, her).state is PageState.ASKED


def test_help_twice_is_one_help(pages, client, hers):
    _, link = hers
    says(client, link, "show")
    assert "asked to come to you" in says(client, link, "help")
    says(client, link, "help")
    with pages.reading(NIGHT) as work:
        kinds = list(work.session.scalars(select(Incident.kind).order_by(Incident.id)))
    assert kinds == [Kind.CLIENT_VIOLENCE, Kind.RESPONDER_SAFETY]


def test_forced_she_sees_what_an_honest_one_would_and_counts_for_nothing(pages, client, hers):
    her, link = hers
    for act, said in (
        ("show", "I am there"),
        ("there", "We know that you are there"),
        ("well", "We know that you are well"),
        ("not_coming", "Nothing more is needed"),
    ):
        shown = says(client, link, act, FORCED)
        assert said in shown, act
        assert "lodge" not in shown
        page = page_of(pages, her)
        assert page.state is PageState.SILENT
        assert page.arrived_at is None
    assert page.seems is PageState.DROPPED_OUT
    with pages.reading(NIGHT) as work:
        codes = list(work.session.scalars(select(IncidentEvent.code)))
    assert codes.count("duress") == 1


def test_forced_to_say_no_is_an_alarm_that_looks_like_a_no(pages, client, hers):
    her, link = hers
    assert "Nothing more is needed" in says(client, link, "cannot", FORCED)
    page = page_of(pages, her)
    assert page.duress_at is not None
    assert page.state is PageState.SILENT


@pytest.fixture
def missed(pages, client, hers):
    """She was on her way, was not heard of, and two others go in her place."""
    her, link = hers
    says(client, link, "show")
    with pages.begin(NIGHT) as work:
        incident, page = lock_page(work, page_of(pages, her).id)
        lose(work, incident, page, "not_arrived_in_time")
        warn(work, incident, page)
    for other in asked(pages)[:2]:
        with pages.begin(NIGHT) as work:
            services.answer_link(work, page_of(pages, other).id, HERS)
    return her, link


@pytest.mark.parametrize("digits", [HERS, FORCED])
def test_after_the_alarm_her_link_shows_what_she_can_still_do(pages, client, missed, digits):
    her, link = missed
    shown = says(client, link, "show", digits)
    assert "We have not heard from you" in shown
    assert "lodge" not in shown
    for act in ("well", "help", "there", "not_coming"):
        assert f'value="{act}"' in shown
    assert page_of(pages, her).shown is PageState.DROPPED_OUT


@pytest.mark.parametrize("digits", [HERS, FORCED])
@pytest.mark.parametrize(
    "told",
    [
        ("well", "We know that you are well", PageState.DROPPED_OUT),
        ("help", "asked to come to you", PageState.DROPPED_OUT),
        ("there", "We know that you are there", PageState.ARRIVED),
        ("not_coming", "Nothing more is needed", PageState.DROPPED_OUT),
    ],
)
def test_and_each_of_them_is_heard_forced_or_not(pages, client, missed, told, digits):
    (her, link), (act, said, looks) = missed, told
    assert said in says(client, link, act, digits)
    page = page_of(pages, her)
    assert page.shown is looks
    assert (page.duress_at is not None) == (digits == FORCED)
    if act != "help":
        assert "We have not heard" not in says(client, link, "show", digits), "she is heard of"


def test_a_dead_link_says_no_more_than_a_wrong_number(client):
    for act in ("show", "cannot", "there"):
        assert "Those are not your numbers" in says(client, "/s/nothing", act)
