"""Several share one telephone: whoever picks up is known by her own digits, and nobody is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import (
    live_page,
    make_in_charge,
    make_responder,
    press_keys,
    report,
)
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from union.crisis import services
from union.crisis.models import IncidentEvent, Page
from union.crisis.rules import speech
from union.crisis.rules.kinds import AnsweredBy, PageState
from union.gateways.port import ANSWERED, JOINED, THERE, YES
from union.kernel.actor import Role
from union.messages.models import Attempt, Message
from union.messages.services import store_inbound

SHARED, E164 = "5810000009", "+915810000009"
PLACE = "Bidar lodge lane"


@pytest.fixture
def two(work):
    """Rani and Meena, one telephone, each asked, each with digits of her own."""
    bidar = make_branch(work)
    people = [make_responder(work, bidar, phone=SHARED) for _ in range(2)]
    make_responder(work, bidar)
    for person, (hers, forced) in zip(people, (("31", "13"), ("52", "25")), strict=True):
        services.set_digits(work, person, hers, forced)
    report(work)
    return [live_page(work, person) for person in people]


def rings_once(work, line: str) -> None:
    inbound = make_inbound(work.clock.now(), body=line, from_number=E164, channel="missed_call")
    services.route_inbound(work, {"inbound_id": store_inbound(work, inbound).inbound_id})


def presses(work, page, *keys):
    return press_keys(work, page, *keys, number=E164)


def test_in_the_call_for_one_the_other_answers_for_herself(work, two):
    rani, meena = two
    assert PLACE in presses(work, rani, "52").say
    assert (rani.state, meena.state) == (PageState.ASKED, PageState.ACCEPTED)
    assert presses(work, rani, "52", "1", "3") == speech.thanks("en")
    assert (rani.state, meena.state) == (PageState.ASKED, PageState.EN_ROUTE)
    assert PLACE in presses(work, rani, "31").say
    assert rani.state is PageState.ACCEPTED


def test_what_the_call_says_before_the_digits_is_the_same_for_both(work, two):
    rani, meena = two
    assert presses(work, rani, "99") == presses(work, meena, "99")
    assert rani.wrong_tries == meena.wrong_tries == 1


def test_the_others_forced_pair_alarms_for_her_alone(work, two):
    rani, meena = two
    assert speech.nowhere("en") in presses(work, rani, "25").say
    assert meena.duress_at is not None
    assert rani.duress_at is None
    assert meena.state is PageState.SILENT


def test_a_stranger_to_this_telephone_is_not_known_by_it(work, two):
    rani, _ = two
    third = work.session.scalars(select(Page).where(Page.id.not_in([one.id for one in two]))).one()
    services.set_digits(work, third.person_id, "66", "67")
    assert presses(work, rani, "66") == speech.again("en")
    assert third.state is PageState.ASKED


def test_a_refusal_that_could_be_either_needs_digits(work, two):
    rani, meena = two
    assert presses(work, rani, speech.I_CANNOT) == speech.again("en")
    assert (rani.state, meena.state) == (PageState.ASKED, PageState.ASKED)


@pytest.mark.parametrize("keys_on_the_line", [1, 2])
def test_who_spoke_in_the_others_call_has_spoken_and_nobody_else_is_rung(
    work, two, keys_on_the_line
):
    """Also where two of ours pressed the key at one moment."""
    for role in (Role.OPERATOR, Role.DUTY_OFFICER):
        make_in_charge(work, role)
    rani, meena = two
    (operators,) = presses(work, rani, "52", "2").dial
    for _ in range(keys_on_the_line):
        press_keys(work, rani, JOINED, number=operators)
    after = presses(work, rani, ANSWERED)
    assert (after.say, after.dial) == (speech.farewell("en").say, ())
    lines = select(IncidentEvent.page_id).where(IncidentEvent.code == "put_through")
    assert set(work.session.scalars(lines)) == {meena.id}


def test_a_machine_in_the_operators_place_rings_the_next_for_the_one_who_pressed(work, two):
    for role in (Role.OPERATOR, Role.DUTY_OFFICER):
        make_in_charge(work, role)
    rani, _meena = two
    first = presses(work, rani, "52", "2").dial
    second = presses(work, rani, ANSWERED).dial
    assert second
    assert set(second).isdisjoint(first)


@pytest.mark.parametrize("line", [YES, THERE])
def test_who_lets_it_ring_once_is_told_of_both_pages(work, two, line):
    if line == THERE:
        for page, digits in zip(two, ("31", "52"), strict=True):
            services.answer_here(work, page.id, digits, AnsweredBy.LINK)
    rings_once(work, line)
    rings_once(work, line)
    messages = [work.session.get_one(Message, page.message_id) for page in two]
    assert [message.purpose for message in messages] == ["briefing", "briefing"]
    apart = abs(messages[0].due_at - messages[1].due_at)
    assert apart == timedelta(seconds=90), "one telephone cannot ring twice at once"
    first, second = sorted(two, key=lambda page: work.session.get(Message, page.message_id).due_at)
    pair = {two[0].id: "31", two[1].id: "52"}
    presses(work, first, pair[second.id])
    assert state_of_attempts(work, second) == {"dropped"}, "she has been heard in the first call"


def state_of_attempts(work, page) -> set[str]:
    rows = select(Attempt.state).where(Attempt.message_id == page.message_id)
    return set(work.session.scalars(rows))
