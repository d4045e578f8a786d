"""What comes in is an answer or a contact, once, and never lost for being unclear."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, live_page, make_responder, report
from tests.builders.members import make_branch, make_member
from tests.builders.messages import make_inbound
from union.crisis import services
from union.crisis.models import Contact, Page
from union.crisis.rules.kinds import AnsweredBy, ContactChannel, PageState
from union.messages.models import Message
from union.messages.services import store_inbound

PHONE = "5810000001"
E164 = "+915810000001"


@pytest.fixture
def her(work):
    """A responder with a telephone of her own who is asked, among others."""
    bidar = make_branch(work)
    person = make_responder(work, bidar, phone=PHONE)
    for _ in range(2):
        make_responder(work, bidar)
    report(work)
    return person


def comes_in(work, body: str, number: str = E164, channel: str = "sms") -> list[Contact]:
    before = set(work.session.scalars(select(Contact.id)))
    stored = store_inbound(
        work, make_inbound(work.clock.now(), body=body, from_number=number, channel=channel)
    )
    services.route_inbound(work, {"inbound_id": stored.inbound_id})
    services.route_inbound(work, {"inbound_id": stored.inbound_id})
    rows = work.session.scalars(select(Contact).order_by(Contact.id))
    return [row for row in rows if row.id not in before]


@pytest.mark.parametrize("form", ["{code} {pair}", "{pair}", "{code}-{pair} coming"])
def test_her_text_is_an_answer_and_she_is_told_where(work, her, form):
    page = live_page(work, her)
    assert comes_in(work, form.format(code=page.code, pair=HERS)) == []
    assert page.state is PageState.ACCEPTED
    assert page.answered_by is AnsweredBy.SMS
    message = work.session.get_one(Message, page.message_id)
    assert (message.purpose, message.channels[0]) == ("briefing", "voice")


def test_a_refusal_is_an_answer(work, her):
    assert comes_in(work, "no") == []
    assert live_page(work, her).state is PageState.DECLINED


def test_words_are_a_contact_even_from_a_responder(work, her):
    (contact,) = comes_in(work, "help Bidar bus stand")
    assert contact.channel is ContactChannel.SMS
    assert contact.person_id == her
    assert contact.incident_id is not None
    assert live_page(work, her).state is PageState.ASKED


def test_digits_from_a_stranger_are_a_contact(work, her):
    page = live_page(work, her)
    (contact,) = comes_in(work, f"{page.code} {HERS}", number="+915810000099")
    assert contact.incident_id is None
    assert page.state is PageState.ASKED


def test_a_shared_phone_answers_for_her_whose_digits_they_are(work):
    bidar = make_branch(work)
    people = [make_responder(work, bidar, phone=PHONE) for _ in range(3)]
    for number, person in enumerate(people):
        services.set_digits(work, person, f"1{number}", f"2{number}")
    report(work)
    assert comes_in(work, "11") == []
    states = [live_page(work, person).state for person in people]
    assert states == [PageState.ASKED, PageState.ACCEPTED, PageState.ASKED]


def test_a_late_answer_to_an_ended_page_is_no_new_call(work, her):
    page = live_page(work, her)
    page.state = PageState.RELEASED
    work.session.flush()
    assert comes_in(work, f"{page.code} {HERS}") == []
    assert page.state is PageState.RELEASED


@pytest.mark.parametrize("channel", ["call", "missed_call", "app"])
def test_every_way_in_becomes_a_contact(work, channel):
    (contact,) = comes_in(work, "", number="+915810000099", channel=channel)
    assert contact.channel == {"call": "hotline"}.get(channel, channel)


def test_a_member_whose_phone_it_is_is_known_and_eight_who_share_one_are_not(work):
    one = make_member(work, phone="5810000050").person_id
    for _ in range(8):
        make_member(work, phone="5810000060")
    assert comes_in(work, "help", number="+915810000050")[0].person_id == one
    assert comes_in(work, "help", number="+915810000060")[0].person_id is None


def test_an_undeliverable_page_asks_the_next_at_once(work):
    bidar = make_branch(work)
    for _ in range(6):
        make_responder(work, bidar)
    incident_id = report(work).incident_id
    page = work.session.scalars(select(Page).order_by(Page.id)).first()
    services.page_unsent(work, {"message_id": page.message_id})
    services.page_unsent(work, {"message_id": page.message_id})
    assert page.state is PageState.SILENT
    live = work.session.scalars(
        select(Page).where(Page.incident_id == incident_id, Page.state == PageState.ASKED)
    ).all()
    assert len(live) == 4
