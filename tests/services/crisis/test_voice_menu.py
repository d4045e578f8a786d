"""A machine talks with a caller until one of us does; and rings back whoever rang once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from union.crisis import services
from union.crisis.models import Contact, Incident, Page
from union.crisis.rules.kinds import ContactChannel, ContactState, DealtHow, Kind, TeamRole
from union.crisis.rules.menu import LANGUAGE_OF, TONGUE_OF_KEY, Asked
from union.crisis.rules.menu_words import MENU, Said
from union.crisis.rules.rota import Duty, Hours
from union.crisis.services import rota
from union.crisis.services.lines import numbers_for, ring_her
from union.crisis.services.voice_menu import PUT_THROUGH_FOR, called, district_keys, rung_back
from union.gateways.port import ANSWERED, JOINED, UNANSWERED
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.members.services.reach import end_all_phones
from union.messages.models import Attempt, Message
from union.messages.services import Pressed, store_inbound
from union.messages.services.calls import CALLED

HERS = "+915442900234"


@pytest.fixture
def desk(work):
    """Somebody for each line, each with a telephone."""
    make_branch(work)
    return {role: make_in_charge(work, role) for role in (Role.OPERATOR, Role.DUTY_OFFICER)}


def rings(work, number: str = HERS):
    """Somebody rings us: what she hears, and the call."""
    inbound = make_inbound(work.clock.now(), channel="call", body="", from_number=number)
    call_id = store_inbound(work, inbound, routed=True).inbound_id
    return presses(work, call_id, ""), call_id


def presses(work, call_id: int, digits: str):
    return called(work, Pressed(0, None, CALLED, "kn", call_id, digits, call_id))


def contact_of(work, call_id: int) -> Contact:
    return work.session.scalars(select(Contact).where(Contact.inbound_id == call_id)).one()


def due_in(work, contact: Contact) -> timedelta:
    rows = select(Timer.due_at).where(
        Timer.subject_type == "contact", Timer.subject_id == contact.id, Timer.done_at.is_(None)
    )
    return work.session.scalars(rows).one() - work.clock.now()


def test_she_is_greeted_in_every_language_and_put_through_if_she_only_waits(work, desk):
    heard, call_id = rings(work)
    assert heard.say == tuple(words[Said.TONGUE] for words in MENU.values())
    assert len(heard.dial) == 1
    assert heard.tell
    contact = contact_of(work, call_id)
    assert (contact.channel, contact.state) == (ContactChannel.HOTLINE, ContactState.OPEN)


@pytest.mark.parametrize("key", TONGUE_OF_KEY)
def test_each_language_goes_on_in_itself(work, desk, key):
    _, call_id = rings(work)
    tongue = TONGUE_OF_KEY[key]
    assert presses(work, call_id, key).say == (MENU[tongue][Said.NEED],)
    assert contact_of(work, call_id).language == LANGUAGE_OF[tongue]


def test_two_keys_for_her_district_send_people_out_before_anybody_has_spoken(work, desk):
    bidar = make_branch(work)
    people = [make_responder(work, bidar) for _ in range(3)]
    _, call_id = rings(work)
    presses(work, call_id, "3")
    presses(work, call_id, "2")
    code = next(code for code, branch in district_keys(work).items() if branch == bidar.id)
    heard = presses(work, call_id, code)
    assert heard.dial, "she is put through all the same"
    contact = contact_of(work, call_id)
    assert contact.kind is Kind.ARREST_OR_RAID
    assert contact.incident_id is not None
    assert set(work.session.scalars(select(Page.person_id))) >= set(people[:1])


def test_who_finds_life_too_heavy_is_put_through_and_a_counsellor_asked_with_no_place(work, desk):
    counsellor = make_responder(work, make_branch(work), role=TeamRole.COUNSELLOR)
    _, call_id = rings(work)
    presses(work, call_id, "3")
    assert presses(work, call_id, "4").dial
    contact = contact_of(work, call_id)
    incident = work.session.get_one(Incident, contact.incident_id)
    assert incident.kind is Kind.THREAT_TO_OWN_LIFE
    asked = work.session.scalars(select(Page.person_id).where(Page.incident_id == incident.id))
    assert counsellor in asked.all()


def test_nobody_picks_up_and_the_next_line_rings_then_we_ring_her(work, desk):
    heard, call_id = rings(work)
    contact = contact_of(work, call_id)
    second = presses(work, call_id, UNANSWERED)
    assert contact.menu is Asked.LAST, "the only operator's telephone has just rung in vain"
    assert set(second.dial).isdisjoint(heard.dial)
    assert presses(work, call_id, UNANSWERED).say == (MENU["kn"][Said.WE_RING],)
    assert contact.menu is Asked.OVER
    assert contact.state is ContactState.OPEN
    assert due_in(work, contact) < timedelta(minutes=1)


def test_that_a_telephone_pressed_the_key_and_spoke_deals_with_nothing(work, desk):
    _, call_id = rings(work)
    for told in (JOINED, ANSWERED):
        presses(work, call_id, told)
        contact = contact_of(work, call_id)
        assert contact.put_through_at == work.clock.now()
        assert contact.state is ContactState.OPEN
        assert due_in(work, contact) == PUT_THROUGH_FOR


def test_a_machine_that_picked_up_is_nobody_and_the_next_line_rings_at_once(work, desk):
    heard, call_id = rings(work)
    following = presses(work, call_id, ANSWERED)
    contact = contact_of(work, call_id)
    assert contact.put_through_at is None
    assert following.dial
    assert set(following.dial).isdisjoint(heard.dial)
    assert presses(work, call_id, ANSWERED).say == (MENU["kn"][Said.WE_RING],)
    assert contact.put_through_at is None


def test_a_key_that_means_nothing_asks_again_and_nine_is_a_promise(work, desk):
    _, call_id = rings(work)
    presses(work, call_id, "3")
    assert presses(work, call_id, "7").say == (MENU["en"][Said.NEED],)
    assert presses(work, call_id, "9").say == (MENU["en"][Said.WE_RING],)
    assert contact_of(work, call_id).state is ContactState.OPEN


def test_where_no_operator_has_a_telephone_who_waits_is_put_through_to_the_next(work):
    make_branch(work)
    make_in_charge(work, Role.DUTY_OFFICER)
    heard, call_id = rings(work)
    assert len(heard.dial) == 1
    assert heard.tell
    assert presses(work, call_id, "3").dial == heard.dial


def test_the_line_that_rang_for_who_only_waits_is_not_rung_again_before_the_one_behind(work, desk):
    """No operator has a telephone, so the second phone rang while she was asked her language."""
    officers = numbers_for(work, Contact(), Asked.LAST)
    second = make_in_charge(work, Role.OPERATOR)
    now = work.clock.now()
    for person, duty in ((desk[Role.OPERATOR], Duty.OPERATOR), (second, Duty.SECOND_PHONE)):
        rota.add_shift(work, person, duty, None, Hours(now, now + timedelta(hours=8)))
    end_all_phones(work, desk[Role.OPERATOR])
    heard, call_id = rings(work)
    assert len(heard.dial) == 1
    assert set(heard.dial).isdisjoint(officers)
    following = presses(work, call_id, UNANSWERED)
    assert following.dial == officers
    assert contact_of(work, call_id).menu is Asked.LAST
    assert presses(work, call_id, UNANSWERED).say == (MENU["kn"][Said.WE_RING],)


def test_the_only_line_there_is_rings_once_and_then_we_ring_her(work):
    make_branch(work)
    make_in_charge(work, Role.DUTY_OFFICER)
    heard, call_id = rings(work)
    presses(work, call_id, "3")
    assert heard.dial
    assert presses(work, call_id, UNANSWERED).say == (MENU["en"][Said.WE_RING],)


def test_with_nobody_at_all_she_is_still_a_contact_with_a_timer(work):
    make_branch(work)
    heard, call_id = rings(work)
    assert heard.dial == ()
    presses(work, call_id, "2")
    assert presses(work, call_id, "1").dial == ()
    assert presses(work, call_id, "00").say == (MENU["hi"][Said.WE_RING],)
    assert due_in(work, contact_of(work, call_id)) > timedelta(0)


def missed(work, number: str | None = HERS, **fields) -> Contact:
    return services.receive_contact(
        work, services.Report(channel=ContactChannel.MISSED_CALL, number=number, **fields)
    )


def calls_out(work) -> list[Message]:
    rows = select(Message).where(Message.template == "callback").order_by(Message.id)
    return list(work.session.scalars(rows))


def test_who_rang_once_is_rung_at_once_and_put_through_by_any_key(work, desk):
    contact = missed(work)
    (message,) = calls_out(work)
    ways = work.session.scalars(select(Attempt.channel).where(Attempt.message_id == message.id))
    assert ways.all() == ["voice"]
    hers = Pressed(message.id, None, "callback", "kn", 0, "3")
    assert rung_back(work, hers).say == (MENU["en"][Said.NEED],)
    assert contact.language == "english"


def test_three_rings_in_a_minute_are_one_call_back(work, desk):
    for _ in range(3):
        missed(work)
    assert len(calls_out(work)) == 1


@pytest.mark.parametrize("fields", [{"number": None}, {"number": "5810"}, {"may_call_back": False}])
def test_who_cannot_or_does_not_want_to_be_rung_is_not(work, desk, fields):
    contact = missed(work, **{"number": HERS, **fields})
    assert calls_out(work) == []
    assert due_in(work, contact) > timedelta(0)


def test_the_desk_rings_her_and_she_is_put_through_to_the_one_who_asked(work, desk):
    operator = Actor(desk[Role.OPERATOR], None, frozenset())
    mine = Work(work.session, work.clock, operator, work.vault, work.routes)
    contact = missed(mine)
    make_in_charge(work, Role.OPERATOR)
    services.take_contact(mine, contact.id)
    ring_her(mine, contact.id)
    message = calls_out(work)[-1]
    rung_back(work, Pressed(message.id, None, "callback", "en", 0, "3"))
    heard = rung_back(work, Pressed(message.id, None, "callback", "en", 0, "1"))
    assert len(heard.dial) == 1
    assert len(calls_out(work)) == 2


def test_a_call_back_that_has_not_gone_out_is_not_made_once_somebody_spoke_with_her(work, desk):
    operator = Actor(desk[Role.OPERATOR], None, frozenset())
    mine = Work(work.session, work.clock, operator, work.vault, work.routes)
    contact = missed(mine)
    services.deal_with(mine, contact.id, DealtHow.NO_NEED)
    assert calls_out(work)[0].state == "withdrawn"
    late = Pressed(contact.call_message_id, None, "callback", "en", 0, "1")
    assert rung_back(work, late).say == (MENU["en"][Said.THANKS],)
