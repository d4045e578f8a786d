"""What is learnt later: a kind, a district put right; the hours of somebody taken; a safe word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.errors import (
    CustodyError,
    NoSafeWordError,
    NoWordLeftError,
    PolicyUnsafeError,
    StateError,
)
from union.crisis.models import (
    CrisisPolicy,
    CustodyClock,
    Incident,
    IncidentChoice,
    IncidentEvent,
    Page,
)
from union.crisis.queries.policies import policy_at, words_of
from union.crisis.queries.why import decisions_of, left_out_lately
from union.crisis.rules.custody import CustodyEnd
from union.crisis.rules.escalation import Step
from union.crisis.rules.kinds import (
    AskedAs,
    AsSheWished,
    ClosedBy,
    IncidentState,
    Kind,
    Outcome,
    PageState,
    Severity,
    TeamRole,
    Who,
)
from union.crisis.rules.policies import Draft, Scope
from union.crisis.services.custody import TIMERS, end_custody, say_taken
from union.crisis.services.policies import end_policy
from union.infra.outbox import Outbox
from union.infra.timers import Timer
from union.kernel.actor import Actor, Role
from union.messages.models import Message

LAST = Step(Who.DUTY_OFFICER, 60)
ONE = Draft({"responder": 1}, (LAST,))
MANY = Draft({"responder": 3}, (Step(Who.NEAREST, 60, ways=("voice",)), LAST))


def acting(work, person_id: int) -> None:
    work.actor = Actor(person_id, None, frozenset())


def said(work, incident_id: int) -> list[str]:
    rows = select(IncidentEvent.code).where(IncidentEvent.incident_id == incident_id)
    return list(work.session.scalars(rows.order_by(IncidentEvent.id)))


def states(work, incident_id: int) -> dict[int, PageState]:
    pages = work.session.scalars(
        select(Page).where(Page.incident_id == incident_id).order_by(Page.id)
    )
    return {page.person_id: page.state for page in pages}


def test_a_kind_known_later_brings_its_steps_as_they_were_when_it_began(work, clock):
    for _ in range(5):
        make_responder(work)
    make_responder(work, role=TeamRole.PARALEGAL)
    contact = report(work, kind=Kind.UNKNOWN)
    incident = work.session.get_one(Incident, contact.incident_id)
    began = incident.policy_id
    clock.advance(timedelta(minutes=1))
    newer = services.new_policy(work, Scope(Kind.EVICTION), MANY)
    services.tell_more(work, contact.id, services.Report(contact.channel, kind=Kind.EVICTION))
    assert incident.policy_id not in (began, newer.id), "the steps in force when it began"
    policy = work.session.get_one(CrisisPolicy, incident.policy_id)
    assert (policy.kind, policy.version) == (Kind.EVICTION, 1)
    assert incident.needs == {"responder": 2, "paralegal": 1}, "what was needed is never less"
    assert said(work, incident.id).index("kind_known") < said(work, incident.id).index(
        "policy_taken"
    )


def test_a_district_and_a_grave_call_may_have_steps_of_their_own(work, clock):
    bidar = make_branch(work)
    for _ in range(4):
        make_responder(work, bidar)
    own = services.new_policy(work, Scope(Kind.EVICTION, Severity.GRAVE, bidar.id), MANY)
    small = work.session.get_one(Incident, report(work, kind=Kind.EVICTION).incident_id)
    assert small.policy_id != own.id
    assert len(states(work, small.id)) == 2
    grave = report(work, kind=Kind.EVICTION, people=6, place="Bidar fort gate")
    incident = work.session.get_one(Incident, grave.incident_id)
    assert incident.policy_id == own.id
    assert incident.needs == {"responder": 3}
    acting(work, make_in_charge(work, Role.COORDINATOR))
    clock.advance(timedelta(minutes=1))
    ended = end_policy(work, Scope(Kind.EVICTION, Severity.GRAVE, bidar.id), "no more", 1)
    assert words_of(work, ended) == "no more"
    wanted = Scope(Kind.EVICTION, Severity.GRAVE, bidar.id)
    assert policy_at(work, wanted, clock.now()).scope.branch_id is None
    assert policy_at(work, wanted, incident.opened_at).id == own.id


def test_an_unsafe_policy_is_refused_by_the_service(work):
    with pytest.raises(PolicyUnsafeError):
        services.new_policy(work, Scope(Kind.EVICTION), Draft({"responder": 1}, ()))


def test_a_step_for_one_role_asks_no_other_and_first_by_its_way(work):
    her = make_responder(work, reached_by=("sms", "call"))
    lawyer = make_responder(work, role=TeamRole.PARALEGAL)
    first = Step(Who.NEAREST, 60, roles=frozenset({AskedAs.PARALEGAL}))
    draft = Draft({"responder": 1, "paralegal": 1}, (first, Step(Who.STATE, 60, 1), LAST))
    services.new_policy(work, Scope(Kind.EVICTION), draft)
    incident_id = report(work, kind=Kind.EVICTION).incident_id
    assert set(states(work, incident_id)) == {lawyer}
    acting(work, make_in_charge(work, Role.OPERATOR))
    services.widen_now(work, incident_id)
    assert her in states(work, incident_id)


def test_a_district_put_right_asks_there_and_lets_go_whom_only_the_old_place_asked(work):
    bidar, kolar = make_branch(work), make_branch(work, "Kolar", 13.13, 78.13)
    for name, place in (("Mandya", 12.5), ("Mysuru", 12.3), ("Hassan", 13.0), ("Udupi", 13.3)):
        make_branch(work, name, place, 76.9)
    far = [make_responder(work, bidar) for _ in range(4)]
    near = [make_responder(work, kolar, point=(13.13, 78.13)) for _ in range(4)]
    contact = report(work)
    incident = work.session.get_one(Incident, contact.incident_id)
    gone_there = far[0]
    page = work.session.scalars(select(Page).where(Page.person_id == gone_there)).one()
    services.answer_link(work, page.id, "47")
    services.arrive(work, page.id)
    told = services.Report(contact.channel, district="Kolar", place="Kolar bus stand")
    services.tell_more(work, contact.id, told)
    assert incident.branch_id == kolar.id
    stand = states(work, incident.id)
    assert stand[gone_there] is PageState.ARRIVED, "who is there stays"
    assert {stand[one] for one in far[1:3]} == {PageState.RELEASED}
    assert sum(stand.get(one) is PageState.ASKED for one in near) == 3, (
        "one is there, two are wanted"
    )
    assert incident.step == 0
    again = len(said(work, incident.id))
    services.tell_more(work, contact.id, services.Report(contact.channel, district="Kolar"))
    assert "place_known_better" not in said(work, incident.id)[again:]


def test_a_decision_says_why_her_and_why_not_others(work):
    first, second, third = (make_responder(work, languages=("Kannada",)) for _ in range(3))
    asleep = make_responder(work, shift="day")
    incident_id = report(work, language="kannada").incident_id
    in_order = select(IncidentChoice).order_by(IncidentChoice.id)
    kept, nobody_more = work.session.scalars(in_order).all()
    assert nobody_more.chosen == []
    assert [one["person_id"] for one in kept.chosen] == [first, second, third]
    assert kept.inputs["why_not"] == [[asleep, "off_shift"]]

    def by_id(_, people):
        return {one: f"no. {one}" for one in people}

    (whole,) = decisions_of(work, incident_id, by_id, each=True)
    assert whole.why_not == ((f"no. {asleep}", "off_shift"),)
    assert whole.chosen[0].name == f"no. {first}"
    (desk,) = decisions_of(work, incident_id, by_id)
    assert (desk.why_not, desk.left_out) == ((), {"off_shift": 1})
    assert left_out_lately(work, [incident_id]) == {incident_id: {"off_shift": 1}}


@pytest.fixture
def held(work):
    """A raid, a paralegal who came to it, a coordinator; the incident's id and both of them."""
    make_responder(work)
    lawyer = make_responder(work, role=TeamRole.PARALEGAL)
    coordinator = make_in_charge(work, Role.COORDINATOR)
    incident_id = report(work, kind=Kind.ARREST_OR_RAID).incident_id
    page = work.session.scalars(select(Page).where(Page.person_id == lawyer)).one()
    services.answer_link(work, page.id, "47")
    acting(work, coordinator)
    return incident_id, lawyer, coordinator


def custody_timer(work) -> Timer:
    open_ones = select(Timer).where(Timer.subject_type == "custody", Timer.done_at.is_(None))
    return work.session.scalars(open_ones).one()


def ring(work, clock) -> None:
    """Let the clock of custody come to its next hour."""
    timer = custody_timer(work)
    clock.move_to(max(timer.due_at, clock.now()))
    TIMERS[timer.kind](work, timer)


def test_twelve_twenty_and_twenty_three_hours_are_told_to_law_and_coordinator(work, clock, held):
    incident_id, lawyer, coordinator = held
    since = clock.now()
    hours = []
    for _ in range(5):
        before = set(work.session.scalars(select(Message.id)))
        ring(work, clock)
        told = work.session.scalars(select(Message).where(Message.id.not_in(before))).all()
        assert {message.person_id for message in told} == {lawyer, coordinator}
        hours.append((clock.now() - since) / timedelta(hours=1))
    assert hours == [12, 20, 23, 24, 48]
    facts = select(Outbox).where(Outbox.fact == "follow_up_needed")
    assert work.session.scalars(facts).first() is not None, "the case is with the paralegals"
    assert work.session.get_one(Incident, incident_id).state is IncidentState.SEEKING


def test_the_true_hour_takes_the_place_of_the_one_we_heard(work, clock, held):
    incident_id, *_ = held
    clock.advance(timedelta(hours=1))
    earlier = clock.now() - timedelta(hours=13)
    say_taken(work, incident_id, earlier)
    old, new = work.session.scalars(select(CustodyClock).order_by(CustodyClock.id)).all()
    assert (old.assumed, old.ended_how) == (True, CustodyEnd.CORRECTED)
    assert (new.assumed, new.taken_at) == (False, earlier)
    assert custody_timer(work).due_at < clock.now(), "twelve hours are gone: told at once"
    ring(work, clock)
    assert new.warned_hours == 12
    assert custody_timer(work).due_at == earlier + timedelta(hours=20)
    for wrong in (timedelta(minutes=1), -timedelta(days=31)):
        with pytest.raises(CustodyError):
            say_taken(work, incident_id, clock.now() + wrong)


def test_a_ring_heard_twice_tells_once(work, clock, held):
    timer = custody_timer(work)
    clock.move_to(timer.due_at)
    TIMERS[timer.kind](work, timer)
    count = said(work, held[0]).count("custody_warned")
    TIMERS[timer.kind](work, timer)
    assert said(work, held[0]).count("custody_warned") == count == 1


def test_only_a_person_stops_it_and_the_end_of_the_call_does_unless_she_is_held(work, clock, held):
    incident_id, lawyer, coordinator = held
    end_custody(work, incident_id, CustodyEnd.RELEASED)
    with pytest.raises(StateError):
        end_custody(work, incident_id, CustodyEnd.RELEASED)
    say_taken(work, incident_id, clock.now())
    page = work.session.scalars(select(Page).where(Page.person_id == lawyer)).one()
    services.arrive(work, page.id)
    closing = services.Closing(
        ClosedBy.SAW_HER, Outcome.STILL_HELD, AsSheWished.NO, witness_person_id=lawyer
    )
    services.close_incident(work, incident_id, closing)
    assert custody_timer(work) is not None
    ring(work, clock)
    assert said(work, incident_id)[-1] == "custody_warned"
    acting(work, coordinator)
    end_custody(work, incident_id, CustodyEnd.PRODUCED)
    open_ones = select(CustodyClock).where(CustodyClock.ended_at.is_(None))
    assert work.session.scalars(open_ones).all() == []


def test_an_empty_word_and_one_never_left_are_said_to_be_so(work, held):
    incident_id, _, coordinator = held
    closing = services.Closing(
        ClosedBy.HEARD_SAFE_WORD, Outcome.TALKED_THROUGH, AsSheWished.YES, coordinator, "rose"
    )
    with pytest.raises(NoWordLeftError):
        services.close_incident(work, incident_id, closing)
    for empty in ("", "  "):
        with pytest.raises(NoSafeWordError):
            services.leave_safe_word(work, incident_id, empty)
    services.leave_safe_word(work, incident_id, "rose")
    silent = services.Closing(
        ClosedBy.HEARD_SAFE_WORD, Outcome.TALKED_THROUGH, AsSheWished.YES, coordinator, " "
    )
    with pytest.raises(NoSafeWordError):
        services.close_incident(work, incident_id, silent)


def test_what_was_taken_for_nuisance_says_nothing_of_what_happens(work):
    make_branch(work)
    acting(work, make_in_charge(work, Role.OPERATOR))
    contact = report(work, kind=Kind.UNKNOWN)
    incident = work.session.get_one(Incident, contact.incident_id)
    other = report(work, kind=Kind.NUISANCE, place=None, district=None)
    assert other.incident_id is None
    services.attach_by_hand(work, other.id, incident.id)
    assert incident.kind is Kind.UNKNOWN
    assert services.split_off(work, other.id).kind is Kind.UNKNOWN
