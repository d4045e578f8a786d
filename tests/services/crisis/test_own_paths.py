"""Paths of their own: a threat to her own life, a number let rest, a text that is thanked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder, report
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from union.crisis import services
from union.crisis.errors import OwnLifeError, StateError
from union.crisis.models import Contact, Incident, IncidentEvent, Page, Staying
from union.crisis.queries.quiet import nuisance_of
from union.crisis.queries.waiting import waiting_contacts
from union.crisis.rules.kinds import (
    ContactChannel,
    ContactState,
    DealtHow,
    Kind,
    PageState,
)
from union.crisis.services.nuisance import hear_number_again, let_number_rest
from union.crisis.services.staying import (
    STAYS_FOR,
    leave_her,
    on_staying,
    stay_with_her,
    who_stays,
)
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.messages.models import Message
from union.messages.services import store_inbound

HERS = "+915442900234"


def of(work, person_id: int) -> Work:
    return Work(
        work.session, work.clock, Actor(person_id, None, frozenset()), work.vault, work.routes
    )


@pytest.fixture
def operator(work):
    make_responder(work, make_branch(work))
    return make_in_charge(work, Role.OPERATOR)


@pytest.fixture
def desk(work, operator) -> Work:
    return of(work, operator)


def said(work, incident_id: int) -> list[str]:
    rows = select(IncidentEvent.code).where(IncidentEvent.incident_id == incident_id)
    return list(work.session.scalars(rows.order_by(IncidentEvent.id)))


def timer_of(work, staying: Staying) -> Timer:
    rows = select(Timer).where(
        Timer.subject_type == "staying", Timer.subject_id == staying.id, Timer.done_at.is_(None)
    )
    return work.session.scalars(rows).one()


def test_staying_is_a_lease_that_is_said_again(desk):
    incident_id = report(desk, kind=Kind.THREAT_TO_OWN_LIFE).incident_id
    first = stay_with_her(desk, incident_id)
    desk.clock.advance(timedelta(minutes=8))
    again = stay_with_her(desk, incident_id)
    assert again.id == first.id
    assert again.until == desk.clock.now() + STAYS_FOR
    assert timer_of(desk, again).due_at == again.until


def test_who_no_longer_says_so_is_not_taken_to_be_there_and_others_are_told(work, desk):
    incident_id = report(desk, kind=Kind.THREAT_TO_OWN_LIFE).incident_id
    staying = stay_with_her(desk, incident_id)
    desk.clock.advance(STAYS_FOR)
    on_staying(work, timer_of(work, staying))
    assert who_stays(work, incident_id) is None
    assert said(work, incident_id)[-1] == "nobody_with_her"
    told = work.session.scalars(select(Message.person_id).where(Message.template == "desk"))
    assert desk.actor.person_id in told.all()


def test_another_takes_over_and_only_she_who_stays_leaves(work, desk):
    incident_id = report(desk, kind=Kind.THREAT_TO_OWN_LIFE).incident_id
    stay_with_her(desk, incident_id)
    other = of(work, make_in_charge(work, Role.OPERATOR))
    with pytest.raises(StateError):
        leave_her(other, incident_id)
    stay_with_her(other, incident_id)
    assert who_stays(work, incident_id).person_id == other.actor.person_id
    leave_her(other, incident_id)
    assert who_stays(work, incident_id) is None
    assert said(work, incident_id)[-3:] == ["with_her", "with_her", "left_her"]


@pytest.mark.parametrize("how", [DealtHow.NOT_REACHED, DealtHow.NO_NEED, DealtHow.NUISANCE])
def test_who_may_end_her_life_is_not_let_rest_by_a_button(desk, how):
    contact = report(desk, kind=Kind.THREAT_TO_OWN_LIFE)
    contact.tries = 3
    with pytest.raises(OwnLifeError):
        services.deal_with(desk, contact.id, how)
    assert services.deal_with(desk, contact.id, DealtHow.SPOKEN).state is ContactState.DEALT


def test_a_text_tells_what_happens_and_is_thanked_for_once_in_harmless_words(work):
    make_branch(work)
    text = services.Report(
        channel=ContactChannel.SMS, number=HERS, words="ಪೊಲೀಸರು 6 ಜನ ಹುಡುಗಿಯರನ್ನು ಹಿಡಿದಿದ್ದಾರೆ Bidar"
    )
    contact = services.receive_contact(work, text)
    services.receive_contact(work, services.Report(channel=ContactChannel.SMS, number=HERS))
    assert (contact.kind, contact.people) == (Kind.ARREST_OR_RAID, 6)
    assert contact.language == "kannada"
    assert contact.incident_id is not None
    assert contact.state is ContactState.OPEN, "a person reads it all the same"
    rows = select(Message.template).where(Message.person_id.is_(None))
    assert work.session.scalars(rows).all() == ["receipt"]


def test_nuisance_is_counted_and_only_a_person_lets_a_number_rest_and_takes_it_back(work, desk):
    def rings(number: str):
        told = services.Report(channel=ContactChannel.HOTLINE, number=number)
        return services.receive_contact(work, told)

    for _ in range(3):
        services.deal_with(desk, rings(HERS).id, DealtHow.NUISANCE)
    fourth, other = rings(HERS), rings("+915442900299")
    assert nuisance_of(work, fourth) == (4, 3)
    assert [one.ref for one in waiting_contacts(work)] == [fourth.ref, other.ref]
    let_number_rest(desk, fourth.id)
    let_number_rest(desk, fourth.id)
    assert [one.ref for one in waiting_contacts(work)] == [other.ref, fourth.ref]
    assert fourth.state is ContactState.OPEN
    hear_number_again(desk, fourth.id)
    assert [one.ref for one in waiting_contacts(work)] == [fourth.ref, other.ref]


def goes(work, number: str):
    inbound = make_inbound(
        work.clock.now(), channel="missed_call", body="going", from_number=number
    )
    stored = store_inbound(work, inbound)
    for _ in range(2):
        services.route_inbound(work, {"inbound_id": stored.inbound_id})
    rows = select(Contact).where(Contact.inbound_id == stored.inbound_id)
    return work.session.scalars(rows).one()


def test_one_of_ours_who_was_called_herself_rings_once_and_others_are_asked_too(work):
    bidar = make_branch(work)
    her = make_responder(work, bidar, phone="5810000071")
    others = {make_responder(work, bidar) for _ in range(4)}
    contact = goes(work, "+915810000071")
    assert contact.channel is ContactChannel.OWN_RESPONDER
    assert contact.state is ContactState.OPEN
    asked = set(
        work.session.scalars(
            select(Page.person_id).where(
                Page.incident_id == contact.incident_id, Page.state == PageState.ASKED
            )
        )
    )
    assert her in asked, "she is rung for her digits: a missed call counts for nothing"
    assert len(asked & others) >= 2
    assert work.session.get_one(Incident, contact.incident_id).state == "seeking"
    templates = work.session.scalars(select(Message.template)).all()
    assert "callback" in templates, "and a person asks her where"
    assert said(work, contact.incident_id)[-1] == "rang_her_own_line"


def test_a_stranger_on_that_line_is_a_caller_like_any_other(work):
    make_branch(work)
    contact = goes(work, "+915810000099")
    assert contact.incident_id is None
    assert contact.state is ContactState.OPEN
