"""Keys in a call: her digits first, in every call anew; then one key for each thing she may say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import (
    FORCED,
    HERS,
    live_page,
    make_in_charge,
    make_responder,
    press_keys,
    report,
)
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from union.crisis import services
from union.crisis.models import Contact, Incident, IncidentEvent, Page
from union.crisis.rules import speech
from union.crisis.rules.kinds import AnsweredBy, Kind, PageState
from union.crisis.services.going import lose
from union.crisis.services.safety import warn
from union.gateways.port import ANSWERED, JOINED, THERE, UNANSWERED, YES
from union.infra.timers import Timer
from union.kernel.actor import Role
from union.messages.models import Message
from union.messages.services import store_inbound

PHONE, E164 = "5810000001", "+915810000001"
PLACE = "Bidar lodge lane"
OPERATORS = "+915810000777"
"""The key on the line is pressed there, so it comes in from there."""


@pytest.fixture
def her(work):
    """A responder with a telephone of her own who is asked, among others."""
    bidar = make_branch(work)
    person = make_responder(work, bidar, phone=PHONE)
    for _ in range(2):
        make_responder(work, bidar)
    report(work)
    return person


@pytest.fixture
def page(work, her) -> Page:
    return live_page(work, her)


def comes_in(work, body: str, channel: str, number: str = E164) -> list[Contact]:
    before = set(work.session.scalars(select(Contact.id)))
    inbound = make_inbound(work.clock.now(), body=body, from_number=number, channel=channel)
    services.route_inbound(work, {"inbound_id": store_inbound(work, inbound).inbound_id})
    rows = work.session.scalars(select(Contact).order_by(Contact.id))
    return [row for row in rows if row.id not in before]


def due(work, page: Page, kind: str):
    """Minutes until her open timer of a kind; None without one."""
    at = work.session.scalar(
        select(Timer.due_at).where(
            Timer.subject_type == "page",
            Timer.subject_id == page.id,
            Timer.kind == kind,
            Timer.done_at.is_(None),
        )
    )
    return None if at is None else (at - work.clock.now()) / timedelta(minutes=1)


def test_her_digits_the_place_that_she_goes_and_in_how_many_minutes(work, page):
    assert press_keys(work, page, "11").gather == 2
    assert PLACE in press_keys(work, page, HERS).say
    assert page.state is PageState.ACCEPTED
    assert PLACE in press_keys(work, page, HERS, "3").say
    assert press_keys(work, page, HERS, speech.I_GO) == speech.how_long("en")
    assert page.state is PageState.BRIEFED
    assert press_keys(work, page, HERS, speech.I_GO, "3") == speech.thanks("en")
    assert page.state is PageState.EN_ROUTE
    assert due(work, page, "crisis_promise") == 30 + 15


def test_who_puts_down_without_saying_when_still_counts(work, page):
    press_keys(work, page, HERS, speech.I_GO)
    assert page.state is PageState.BRIEFED
    assert due(work, page, "crisis_promise") is not None


@pytest.mark.parametrize("keys", [("1",), ("11", "1"), ("0",), ("9",), ("4",), ("", "1")])
def test_no_key_means_anything_before_her_digits_in_that_very_call(work, page, keys):
    press_keys(work, page, HERS)
    press_keys(work, page, *keys)
    assert page.state is PageState.ACCEPTED


@pytest.mark.parametrize(("key", "state"), [("4", PageState.ARRIVED), ("0", PageState.DROPPED_OUT)])
def test_on_her_way_one_key_each(work, page, key, state):
    press_keys(work, page, HERS, "1")
    press_keys(work, page, HERS, key)
    assert page.state is state


def test_what_cannot_follow_is_said_again(work, page):
    assert press_keys(work, page, HERS, "4") == press_keys(work, page, HERS)
    assert page.state is PageState.ACCEPTED


def test_there_she_is_well_or_needs_help(work, page):
    press_keys(work, page, HERS, "1")
    press_keys(work, page, HERS, "4")
    work.clock.move_to(work.clock.now() + timedelta(minutes=30))
    assert press_keys(work, page, HERS, "1") == speech.noted("en")
    assert due(work, page, "crisis_safety") == 90
    press_keys(work, page, HERS, "9")
    kinds = work.session.scalars(select(Incident.kind).order_by(Incident.id)).all()
    assert kinds == [Kind.CLIENT_VIOLENCE, Kind.RESPONDER_SAFETY]


def test_she_is_put_through_to_whoever_answers_the_hotline_now(work, page):
    operator = make_in_charge(work, Role.OPERATOR)
    told = press_keys(work, page, HERS, "2")
    assert len(told.dial) == 1
    assert told.dial[0] not in repr(told)
    assert page.state is PageState.ACCEPTED, "whoever speaks with her writes down that she knows"
    assert operator != page.person_id


def test_a_machine_in_the_operators_place_is_nobody_and_those_behind_her_ring(work, page):
    make_in_charge(work, Role.OPERATOR)
    make_in_charge(work, Role.DUTY_OFFICER)
    first = press_keys(work, page, HERS, "2")
    second = press_keys(work, page, HERS, "2", ANSWERED)
    assert len(second.dial) == 1
    assert second.dial != first.dial
    assert PLACE in press_keys(work, page, HERS, "2", UNANSWERED, UNANSWERED).say


def test_who_pressed_the_key_has_spoken_with_her(work, page):
    make_in_charge(work, Role.OPERATOR)
    make_in_charge(work, Role.DUTY_OFFICER)
    press_keys(work, page, HERS, "2")
    press_keys(work, page, JOINED, number=OPERATORS)
    assert press_keys(work, page, HERS, "2", ANSWERED).dial, "that was another ringing"
    press_keys(work, page, JOINED, number=OPERATORS)
    assert press_keys(work, page, ANSWERED) == speech.farewell("en")
    codes = select(IncidentEvent.code).where(IncidentEvent.page_id == page.id)
    assert "put_through" in work.session.scalars(codes).all()


@pytest.mark.parametrize("told", [JOINED, ANSWERED, UNANSWERED])
def test_what_a_line_tells_opens_nothing_before_her_digits(work, page, told):
    press_keys(work, page, HERS)
    assert PLACE not in press_keys(work, page, told).say
    assert press_keys(work, page, told).dial == ()


def test_missed_she_says_by_keys_that_she_is_well(work, page):
    press_keys(work, page, HERS, "1")
    incident = work.session.get_one(Incident, page.incident_id)
    lose(work, incident, page, "not_arrived_in_time")
    warn(work, incident, page)
    others = work.session.scalars(select(Page).where(Page.id != page.id, Page.state == "asked"))
    for other in others.all():
        services.answer_link(work, other.id, HERS)
    told = press_keys(work, page, HERS)
    assert told.say[0].startswith("Press 1 if you are well")
    assert PLACE not in told.say
    assert due(work, page, "crisis_safety_alarm") is not None
    assert press_keys(work, page, HERS, "1") == speech.noted("en")
    assert due(work, page, "crisis_safety_alarm") is None
    assert press_keys(work, page, HERS) == speech.farewell("en")


def test_with_nobody_to_speak_to_she_hears_the_place_again(work, page):
    assert PLACE in press_keys(work, page, HERS, "2").say


def test_forced_she_is_put_through_to_those_who_know_of_it(work, page):
    make_in_charge(work, Role.OPERATOR)
    make_in_charge(work, Role.COORDINATOR)
    honest = press_keys(work, page, HERS, "2")
    forced = press_keys(work, page, FORCED, "2")
    assert (forced.say, len(forced.dial)) == (honest.say, 1)
    assert forced.dial != honest.dial


def test_forced_keys_hear_what_honest_ones_do_at_a_place_that_leads_nowhere(work, page):
    nowhere = speech.nowhere("en")
    assert nowhere in press_keys(work, page, FORCED).say
    assert press_keys(work, page, FORCED, "1") == speech.how_long("en")
    assert press_keys(work, page, FORCED, "1", "2") == speech.thanks("en")
    assert nowhere in press_keys(work, page, HERS, "4", "1").say or page.seems == "arrived"
    assert page.state is PageState.SILENT


def test_forced_and_put_down_she_is_rung_again_as_any_other(work, her):
    pages = list(work.session.scalars(select(Page).order_by(Page.id)))
    press_keys(work, pages[0], FORCED)
    press_keys(work, pages[1], HERS)
    assert due(work, pages[0], "crisis_brief") == due(work, pages[1], "crisis_brief") == 2


def test_a_missed_call_to_the_line_for_yes_is_confirmed_in_the_call_back(work, page):
    assert comes_in(work, YES, "missed_call") == []
    assert page.state is PageState.ASKED, "whoever holds her telephone can ring"
    message = work.session.get_one(Message, page.message_id)
    assert (message.purpose, message.channels[0]) == ("briefing", "voice")
    assert comes_in(work, YES, "missed_call") == []
    assert page.message_id == message.id, "she is rung once, however often she rings"
    press_keys(work, page, HERS, "1")
    assert page.state is PageState.BRIEFED


def test_a_missed_call_means_arrived_once_her_digits_say_so(work, page):
    services.answer_link(work, page.id, HERS)
    assert comes_in(work, THERE, "missed_call") == []
    assert page.state is PageState.BRIEFED
    assert press_keys(work, page, "11").gather == 2
    assert press_keys(work, page, HERS) == speech.noted("en")
    assert page.state is PageState.ARRIVED


def test_who_was_given_up_may_ring_that_she_is_there(work, page):
    services.answer_link(work, page.id, HERS)
    services.drop_out(work, page.id, "not_arrived_in_time")
    assert comes_in(work, THERE, "missed_call") == []
    assert press_keys(work, page, HERS) == speech.noted("en")
    assert page.state is PageState.ARRIVED


def test_forced_there_too(work, page):
    services.answer_link(work, page.id, HERS)
    comes_in(work, THERE, "missed_call")
    assert press_keys(work, page, FORCED) == speech.noted("en")
    assert (page.state, page.shown) == (PageState.DROPPED_OUT, PageState.ARRIVED)


@pytest.mark.parametrize("line", [YES, THERE])
def test_a_missed_call_without_a_page_is_somebody_who_needs_us(work, her, line):
    assert len(comes_in(work, line, "missed_call", "+915810000099")) == 1


def test_there_without_having_gone_is_somebody_who_needs_us(work, page):
    assert len(comes_in(work, THERE, "missed_call")) == 1
    assert page.state is PageState.ASKED


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("{pair} there", PageState.ARRIVED),
        ("{pair} వచ్చాను", PageState.ARRIVED),
        ("{pair} sorry", PageState.DROPPED_OUT),
        ("{pair}", PageState.BRIEFED),
    ],
)
def test_a_word_beside_her_digits_says_what_she_means(work, page, text, state):
    services.answer_link(work, page.id, HERS)
    assert comes_in(work, text.format(pair=HERS), "sms") == []
    assert page.state is state


def test_ok_from_somebody_who_is_asked_is_her_yes(work, page):
    assert comes_in(work, f"ok {HERS}", "sms") == []
    assert page.state is PageState.ACCEPTED


@pytest.mark.parametrize("text", ["there", "sorry"])
def test_a_word_without_her_digits_rings_her_for_them(work, page, text):
    services.answer_link(work, page.id, HERS)
    first = page.message_id
    assert comes_in(work, text, "sms") == []
    assert page.state is PageState.BRIEFED
    assert page.message_id != first


@pytest.mark.parametrize(
    "text",
    ["help 10 goondas at the stand", "11 police here now", f"{HERS} help", "no please help me"],
)
def test_whatever_tells_more_than_an_answer_is_read_by_a_person(work, page, text):
    assert len(comes_in(work, text, "sms")) == 1


def test_an_alarm_under_force_stands_even_where_her_words_cannot_follow(work, page):
    act, by = services.SlipAct.WELL, AnsweredBy.SMS
    assert services.say_on_slip(work, page.id, HERS, act, by) is services.Heard.NOT_NOW
    heard = services.say_on_slip(work, page.id, FORCED, act, by)
    assert heard is services.Heard.NOT_NOW
    assert page.duress_at is not None
