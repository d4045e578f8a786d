"""Hours that are free, answered by one word in a text."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from union.crisis import services
from union.crisis.models import Contact, DrillPage
from union.crisis.models.covering import RotaHole, RotaOffer
from union.crisis.rules.answers import says_yes
from union.crisis.rules.drills import DrillState
from union.crisis.rules.kinds import AnsweredBy, Shift
from union.crisis.services import drills
from union.crisis.services.holes import look_over
from union.crisis.services.swaps import answer_offer
from union.kernel.actor import Actor, Role
from union.messages.models import Message
from union.messages.services import store_inbound

PHONE, E164 = "5810000031", "+915810000031"


@pytest.fixture
def offer(work) -> RotaOffer:
    """She sleeps at night, and is asked for the first night that nobody watches."""
    her = make_responder(work, make_branch(work), shift=Shift.DAY, phone=PHONE)
    look_over(work)
    return work.session.scalars(select(RotaOffer).where(RotaOffer.person_id == her)).one()


def writes(work, words: str, number: str = E164) -> None:
    inbound = make_inbound(work.clock.now(), body=words, from_number=number)
    services.route_inbound(work, {"inbound_id": store_inbound(work, inbound).inbound_id})


def contacts(work) -> int:
    return len(work.session.scalars(select(Contact)).all())


def told(work) -> str:
    return work.session.scalars(select(Message.template).order_by(Message.id.desc())).first()


@pytest.mark.parametrize("word", ["Yes", "ಹೌದು", "haan", "ok", "ಸರಿ, हाँ"])
def test_yes_takes_the_hours_and_she_is_told(work, offer, word):
    writes(work, word)
    hole = work.session.get_one(RotaHole, offer.hole_id)
    assert offer.shift_id is not None
    assert hole.filled_at is not None
    assert told(work) == "down_for_it" or "down_for_it" in all_told(work)
    assert contacts(work) == 0


def all_told(work) -> list[str]:
    return list(work.session.scalars(select(Message.template)))


@pytest.mark.parametrize("word", ["no", "ಇಲ್ಲ", "nahi"])
def test_no_leaves_them_and_asks_no_further(work, offer, word):
    writes(work, word)
    assert offer.answered_at == work.clock.now()
    assert offer.shift_id is None
    assert told(work) == "stand_down"
    assert contacts(work) == 0


def test_too_late_she_is_thanked_and_has_her_day(work, offer):
    work.session.get_one(RotaHole, offer.hole_id).filled_at = work.clock.now()
    work.session.flush()
    writes(work, "yes")
    assert offer.shift_id is None
    assert told(work) == "stand_down"


def test_while_somebody_needs_her_her_yes_is_for_a_person_to_read(work, offer):
    report(work)
    before = contacts(work)
    writes(work, "yes")
    assert offer.answered_at is None
    assert contacts(work) == before + 1


def drilled(work, offer) -> DrillPage:
    """She was also sent a drill a moment ago."""
    work.actor = Actor(make_in_charge(work, Role.COORDINATOR), None, frozenset())
    drills.switch_drills(work, on=True)
    drill = work.session.scalars(
        select(DrillPage).where(DrillPage.person_id == offer.person_id)
    ).one()
    drill.state, drill.sent_at = DrillState.SENT, work.clock.now()
    work.session.flush()
    return drill


def test_a_no_to_a_drill_refuses_no_hours(work, offer):
    drilled(work, offer)
    writes(work, "no")
    assert offer.answered_at is None
    assert contacts(work) == 0


def test_a_drill_she_has_answered_is_not_meant(work, offer):
    drill = drilled(work, offer)
    drills.answer_drill(work, drill.id, HERS, AnsweredBy.SMS)
    writes(work, "no")
    assert offer.answered_at is not None


@pytest.mark.parametrize(
    "words",
    [
        "yes please come to the old bus stand",
        "maybe",
        "yes no",
        "ok come now",
        "cannot get out",
        "yes help me",
        "no madad karo",
    ],
)
def test_more_than_a_word_is_for_a_person(work, offer, words):
    writes(work, words)
    assert offer.answered_at is None
    assert contacts(work) == 1


def test_a_stranger_takes_nothing_and_an_answer_given_stays(work, offer):
    writes(work, "yes", "+915810000099")
    assert offer.answered_at is None
    assert contacts(work) == 1
    answer_offer(work, offer.id, takes=False)
    writes(work, "yes")
    assert offer.shift_id is None
    assert contacts(work) == 2


def test_the_text_tells_the_hours_in_figures_and_nothing_else(work, offer):
    message = work.session.get_one(Message, offer.message_id)
    params = work.vault.decrypt(message.key_ref, "message.params", message.ref, message.params)
    hole = work.session.get_one(RotaHole, offer.hole_id)
    first = hole.starts_at.astimezone(work.clock.zone)
    assert f'"when": "{first:%d.%m.}/{first:%H:%M}-' in params


def test_a_refusal_is_no_yes():
    assert not says_yes("no, not ok")
    assert not says_yes("")
