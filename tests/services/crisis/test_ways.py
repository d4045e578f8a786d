"""What a crisis knows of the ways: who is told that one is quiet, and what counts as an answer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import FORCED, HERS, live_page, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.rules.kinds import AnsweredBy
from union.kernel.actor import Role
from union.messages.models import Message, QuietSpell


def test_those_in_charge_are_told_by_the_other_ways_and_read_nothing(work):
    people = {make_in_charge(work, role) for role in (Role.COORDINATOR, Role.DUTY_OFFICER)}
    make_in_charge(work, Role.OPERATOR)
    now = work.clock.now()
    spell = QuietSpell(
        channel="voice", part="", why="unanswered", facts={}, since=now, noticed_at=now
    )
    work.session.add(spell)
    work.session.flush()
    services.tell_of_way(work, {"spell_id": spell.id})
    told = work.session.scalars(select(Message)).all()
    assert {message.person_id for message in told} == people
    assert {(message.template, message.urgent) for message in told} == {("desk", True)}
    assert {tuple(message.channels) for message in told} == {("sms", "voice")}


@pytest.fixture
def asked(work):
    """Somebody who is asked, and the message she is asked by."""
    her = make_responder(work, make_branch(work))
    report(work)
    page = live_page(work, her)
    return page, work.session.get_one(Message, page.message_id)


@pytest.mark.parametrize(("digits", "heard"), [(HERS, True), (FORCED, True), ("11", False)])
def test_only_her_own_digits_show_that_a_person_answered(work, asked, digits, heard):
    page, message = asked
    services.answer_page(work, page.id, digits, AnsweredBy.LINK)
    work.session.refresh(message)
    assert (message.heard_at is not None) is heard


def test_a_no_is_an_answer_too(work, asked):
    page, message = asked
    services.decline_page(work, page.id)
    work.session.refresh(message)
    assert message.heard_at is not None
