"""C3: a telephone in strange hands says nothing for her, nor does a machine that picks up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, ROUTES, make_in_charge, make_responder, press_keys, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import AnsweredBy
from union.crisis.services import Heard, SlipAct
from union.crisis.services.paging import send_link
from union.gateways.port import ANSWERED, UNANSWERED
from union.infra.timers import Timer
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("test")


@pytest.fixture
def unit(committing):
    return replace(committing, routes=ROUTES)


@pytest.fixture
def there(unit, clock):
    """Somebody who is there, half an hour later; the timers that look after her."""
    with unit.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(3):
            make_responder(work, bidar)
        make_in_charge(work, Role.OPERATOR)
        report(work)
        page_id = work.session.scalars(select(Page.id).order_by(Page.id)).first()
    with unit.begin(NIGHT) as work:
        services.answer_here(work, page_id, HERS, AnsweredBy.APP)
        services.arrive(work, page_id)
    clock.advance(timedelta(minutes=30))
    return page_id


def stands(unit, page_id: int):
    """Where she stands, when she is looked for, and how many incidents there are."""
    with unit.reading(NIGHT) as work:
        due = select(Timer.kind, Timer.due_at).where(
            Timer.subject_type == "page", Timer.subject_id == page_id, Timer.done_at.is_(None)
        )
        return (
            work.session.get_one(Page, page_id).state,
            sorted(tuple(row) for row in work.session.execute(due)),
            len(work.session.scalars(select(Incident.id)).all()),
        )


@pytest.mark.parametrize("by", [AnsweredBy.APP, AnsweredBy.LINK, AnsweredBy.SMS])
def test_without_her_two_digits_no_word_moves_her_or_her_timers(unit, there, by):
    before = stands(unit, there)
    words = [act for act in SlipAct if act is not SlipAct.SHOW]
    for act, digits in zip(words, GUESSES, strict=True):
        with unit.begin(NIGHT) as work:
            heard = services.say_on_slip(work, there, digits, act, by, 5)
            assert heard in (Heard.WRONG, Heard.LOCKED), act
        assert stands(unit, there) == before


GUESSES = ("", "4", "11", "47 ", "074", "none", "0", "99")


@pytest.mark.parametrize("told", [ANSWERED, UNANSWERED])
def test_what_the_company_says_of_the_ringing_is_no_voice_and_opens_nothing(unit, there, told):
    before = stands(unit, there)
    with unit.begin(NIGHT) as work:
        send_link(work, work.session.get_one(Page, there))
    with unit.begin(NIGHT) as work:
        page = work.session.get_one(Page, there)
        heard = press_keys(work, page, told)
        assert "Bidar lodge lane" not in heard.say
        assert press_keys(work, page, HERS, "2", told).dial == (), "nobody else is there to ring"
    assert stands(unit, there) == before
