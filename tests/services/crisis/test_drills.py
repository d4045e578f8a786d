"""Practice calls: when they go, who answers them, and that they count nowhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from tests.builders.crisis import FORCED, HERS, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from union.crisis.models import Contact, DrillPage, Incident, IncidentEvent, Page
from union.crisis.queries.drills import askings, forced_in_drills
from union.crisis.rules.answers import read_answer
from union.crisis.rules.drills import ANSWER_WITHIN, DrillState, may_go, score, silent_in_a_row
from union.crisis.rules.kinds import AnsweredBy
from union.crisis.services import drills, rota, route_inbound, training
from union.crisis.services.force import Heard
from union.crisis.services.rota_timers import TIMERS
from union.gateways.port import VoiceScript
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.messages.models import Message
from union.messages.services import Pressed, store_inbound


@pytest.fixture
def coordinator(work) -> int:
    return make_in_charge(work, Role.COORDINATOR)


@pytest.fixture
def office(work, coordinator) -> Work:
    """The same work in a coordinator's hands."""
    work.actor = Actor(coordinator, None, frozenset())
    return work


def drill_of(work, person_id) -> DrillPage:
    return work.session.scalars(select(DrillPage).where(DrillPage.person_id == person_id)).one()


def due(work, drill) -> Timer:
    return work.session.scalars(
        select(Timer)
        .where(Timer.subject_type == "drill_page", Timer.subject_id == drill.id)
        .where(Timer.done_at.is_(None), Timer.kind != drills.OTHER_WAY)
    ).one()


def fire(work, drill) -> None:
    timer = due(work, drill)
    work.clock.move_to(max(timer.due_at, work.clock.now()))
    TIMERS[timer.kind](work, timer)


def sent(work, person_id) -> DrillPage:
    drill = drill_of(work, person_id)
    fire(work, drill)
    assert drill.state is DrillState.SENT
    return drill


def test_until_somebody_switches_them_on_none_are_planned(work):
    make_responder(work)
    assert drills.plan_drills(work) == 0


def test_each_has_one_a_month_by_day_and_as_a_page_goes(office):
    people = [make_responder(office) for _ in range(5)]
    lapsed = make_responder(office, ends_on=date(2026, 10, 15))
    drills.switch_drills(office, on=True)
    assert drills.plan_drills(office) == 0
    found = office.session.scalars(select(DrillPage)).all()
    assert sorted(one.person_id for one in found) == people
    assert lapsed not in people
    zone = office.clock.zone
    for one in found:
        assert may_go(one.due_at.astimezone(zone), at_night=False)
        assert one.due_at.astimezone(zone).month == 10
    drill = sent(office, min(found, key=lambda one: one.due_at).person_id)
    message = office.session.get_one(Message, drill.message_id)
    assert (message.template, message.urgent, message.channels) == ("page", True, ["sms", "voice"])


def test_it_waits_while_somebody_near_needs_people(office):
    bidar = make_branch(office)
    her = make_responder(office, bidar)
    far = make_responder(office, make_branch(office, "Hassan", 13.0, 76.1))
    drills.switch_drills(office, on=True)
    report(office)
    drill = drill_of(office, her)
    first = drill.due_at
    fire(office, drill)
    assert drill.state in (DrillState.PLANNED, DrillState.LET_BE)
    assert drill.sent_at is None
    assert drill.state is DrillState.LET_BE or drill.due_at > first
    assert drill_of(office, far).state is DrillState.PLANNED


def test_the_database_refuses_one_while_people_are_needed(office):
    her = make_responder(office)
    drills.switch_drills(office, on=True)
    report(office)
    with pytest.raises(IntegrityError, match="while people are needed"):
        office.session.execute(
            text("UPDATE drill_page SET state = 'sent', sent_at = due_at WHERE person_id = :her"),
            {"her": her},
        )


def test_who_is_away_is_not_rung_for_practice(office):
    her = make_responder(office)
    make_responder(office)
    drills.switch_drills(office, on=True)
    away = rota.days_away(office, date(2026, 10, 16), date(2026, 11, 30))
    rota.say_away(office, her, away, sure=True)
    drill = drill_of(office, her)
    while drill.state is DrillState.PLANNED:
        fire(office, drill)
    assert drill.state is DrillState.LET_BE


def test_only_her_two_digits_answer_it(office):
    her = make_responder(office)
    drills.switch_drills(office, on=True)
    drill = sent(office, her)
    assert drills.answer_drill(office, drill.id, "11", AnsweredBy.KEYPAD) is Heard.WRONG
    office.clock.advance(timedelta(seconds=50))
    assert drills.answer_drill(office, drill.id, HERS, AnsweredBy.KEYPAD) is Heard.ENOUGH
    assert (drill.state, drill.answered_by) == (DrillState.ANSWERED, AnsweredBy.KEYPAD)
    office.clock.advance(timedelta(minutes=9))
    drills.answer_drill(office, drill.id, HERS, AnsweredBy.LINK)
    found = score(askings(office)[her])
    assert (found.asked, found.in_time, found.median_seconds) == (1, 1, 50)


def test_four_wrong_pairs_end_it(office):
    her = make_responder(office)
    drills.switch_drills(office, on=True)
    drill = sent(office, her)
    heard = [drills.answer_drill(office, drill.id, "11", AnsweredBy.SMS) for _ in range(5)]
    assert heard[-2:] == [Heard.LOCKED, Heard.LOCKED]
    assert drills.answer_drill(office, drill.id, HERS, AnsweredBy.SMS) is Heard.LOCKED


def test_her_other_pair_sounds_the_same_counts_nothing_and_is_told(office, coordinator):
    her = make_responder(office)
    drills.switch_drills(office, on=True)
    drill = sent(office, her)
    assert drills.answer_drill(office, drill.id, FORCED, AnsweredBy.LINK) is Heard.ENOUGH
    assert drill.state is DrillState.SILENT
    assert askings(office) == {}
    assert [one.id for one in forced_in_drills(office)] == [drill.id]
    told = select(Message.person_id).where(Message.template == "desk", Message.urgent)
    assert coordinator in office.session.scalars(told).all()
    assert drills.answer_drill(office, drill.id, HERS, AnsweredBy.LINK) is Heard.ENOUGH
    assert drill.state is DrillState.SILENT, "whoever holds her hand can press the other pair too"
    drills.spoke_with_her(office, drill.id)
    assert forced_in_drills(office) == []


def test_a_text_answers_by_its_number_or_by_her_pair(office):
    her, other = make_responder(office), make_responder(office)
    drills.switch_drills(office, on=True)
    drill = sent(office, her)
    assert not drills.answer_text(office, read_answer(f"{int(drill.code) - 1} {HERS}"), [her])
    assert not drills.answer_text(office, read_answer(HERS), [other])
    assert drills.answer_text(office, read_answer(f"{drill.code} {HERS}"), [her, other])
    assert drill.state is DrillState.ANSWERED


def test_whoever_asks_for_help_beside_her_pair_reaches_a_person(office):
    her = make_responder(office, phone="5810000041")
    drills.switch_drills(office, on=True)
    drill = sent(office, her)
    inbound = make_inbound(office.clock.now(), body=f"{HERS} help", from_number="+915810000041")
    route_inbound(office, {"inbound_id": store_inbound(office, inbound).inbound_id})
    assert drill.state is DrillState.ANSWERED
    assert office.session.scalars(select(Contact.person_id)).all() == [her]


def test_keys_in_its_call_answer_it(office):
    her = make_responder(office)
    drills.switch_drills(office, on=True)
    drill = sent(office, her)

    def press(digits) -> VoiceScript:
        return drills.pressed_drill(
            office, Pressed(drill.message_id, her, "drill", "en", 1, digits)
        )

    assert press("11").gather == 2
    assert press(HERS).gather == 0
    assert drill.state is DrillState.ANSWERED


def test_silence_is_kept_and_three_of_them_ask_a_person_to_ring(office):
    her = make_responder(office)
    drills.switch_drills(office, on=True)
    for _ in range(3):
        drill = office.session.scalars(
            select(DrillPage).where(DrillPage.person_id == her).order_by(DrillPage.id.desc())
        ).first()
        fire(office, drill)
        sent_at = office.clock.now()
        fire(office, drill)
        assert office.clock.now() - sent_at == ANSWER_WITHIN
        assert drill.state is DrillState.SILENT
        following = (drill.month + timedelta(days=31)).replace(day=1)
        office.clock.move_to(rota.days_away(office, following, following).starts_at)
        drills.plan_drills(office)
    assert silent_in_a_row(askings(office)[her]) == 3
    assert score(askings(office)[her]).in_time == 0


def test_it_never_counts_as_a_call_for_help(office):
    her = make_responder(office)
    drills.switch_drills(office, on=True)
    drills.answer_drill(office, sent(office, her).id, HERS, AnsweredBy.KEYPAD)
    for model in (Incident, Page, IncidentEvent):
        assert office.session.scalar(select(func.count()).select_from(model)) == 0


def test_a_paper_that_ends_is_told_once_to_her_and_the_coordinator(work, coordinator):
    soon = make_responder(work, ends_on=date(2026, 12, 15))
    make_responder(work, ends_on=date(2026, 12, 16))
    make_responder(work, ends_on=date(2026, 10, 15))
    assert training.announce_ends(work) == 1
    rows = select(Message.person_id, Message.template).where(Message.purpose == "rota")
    assert {tuple(one) for one in work.session.execute(rows)} == {
        (soon, "come_by"),
        (coordinator, "desk"),
    }
    assert training.announce_ends(work) == 0
    work.clock.advance(timedelta(days=1))
    assert training.announce_ends(work) == 1
