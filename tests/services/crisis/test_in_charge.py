"""Of those in charge, whoever is down for these hours is asked first, and the others after her."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder, report
from tests.builders.identity import give_role, make_account
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Incident, IncidentEvent, Page
from union.crisis.queries.preview import who_would_be_asked
from union.crisis.rules.escalation import read_steps
from union.crisis.rules.kinds import AskedAs, Kind, PageState
from union.crisis.rules.policies import Draft, Scope
from union.crisis.rules.rota import Duty, Hours
from union.crisis.services import rota
from union.crisis.services.search import HELD_FOR, advance, look
from union.kernel.actor import Grant, Role
from union.members.models import Branch
from union.members.services.reach import end_all_phones

WAIT = 60
STEPS = [{"who": "duty_officer", "wait_seconds": WAIT}]


@pytest.fixture
def officers(work) -> list[int]:
    make_branch(work)
    services.new_policy(
        work, Scope(Kind.CLIENT_VIOLENCE), Draft({"responder": 1}, read_steps(STEPS))
    )
    return [make_in_charge(work, Role.DUTY_OFFICER) for _ in range(3)]


def hours(work) -> Hours:
    return Hours(work.clock.now(), work.clock.now() + timedelta(hours=8))


def down(work, person_id: int) -> None:
    rota.add_shift(work, person_id, Duty.DUTY_OFFICER, None, hours(work))


def begin(work, **fields) -> Incident:
    return work.session.get_one(Incident, report(work, **fields).incident_id)


def asked(work, incident: Incident) -> list[int]:
    waiting = select(Page.person_id).where(
        Page.incident_id == incident.id,
        Page.asked_as == AskedAs.DUTY_OFFICER,
        Page.state == PageState.ASKED,
    )
    return list(work.session.scalars(waiting.order_by(Page.id)))


def a_step_later(work, clock, incident: Incident) -> None:
    clock.advance(timedelta(seconds=WAIT))
    advance(work, incident)


def test_where_the_rota_names_nobody_all_are_asked(work, officers):
    assert asked(work, begin(work)) == officers


def test_the_one_who_is_down_is_asked_first_and_then_the_others(work, clock, officers):
    down(work, officers[1])
    incident = begin(work)
    assert asked(work, incident) == [officers[1]]
    a_step_later(work, clock, incident)
    assert sorted(asked(work, incident)) == officers


@pytest.mark.parametrize("at_another_hour", [True, False])
def test_shown_beforehand_they_are_asked_in_the_same_order(work, officers, at_another_hour):
    """At another hour nobody is down, so all are asked; who is away by then is not."""
    down(work, officers[1])
    at, asks = work.clock.now(), [(officers[1],), (officers[0], officers[2])]
    if at_another_hour:
        at += timedelta(hours=9)
        rota.say_away(work, officers[0], Hours(at - timedelta(hours=1), at + timedelta(hours=8)))
        asks = [(officers[1], officers[2])]
    (branch_id,) = work.session.scalars(select(Branch.id))
    shown = who_would_be_asked(work, Draft({}, read_steps(STEPS)), branch_id, at)
    assert [one.in_charge for one in shown] == asks


def test_the_others_are_left_alone_while_hers_rings(work, officers):
    down(work, officers[1])
    incident = begin(work)
    look(work, incident)
    assert asked(work, incident) == [officers[1]]


def test_when_she_says_no_the_others_are_asked(work, clock, officers):
    down(work, officers[1])
    incident = begin(work)
    (page,) = work.session.scalars(select(Page).where(Page.person_id == officers[1]))
    services.decline_page(work, page.id)
    assert asked(work, incident) == [officers[0], officers[2]], "not her again in the same breath"
    a_step_later(work, clock, incident)
    assert sorted(asked(work, incident)) == officers, "all were in vain: everybody once more"


def test_while_she_has_it_in_hand_nobody_else_is_rung_and_then_they_are(work, clock, officers):
    down(work, officers[1])
    incident = begin(work)
    (page,) = work.session.scalars(select(Page).where(Page.person_id == officers[1]))
    services.answer_link(work, page.id, "47")
    look(work, incident)
    assert asked(work, incident) == []
    clock.advance(HELD_FOR)
    advance(work, incident)
    assert asked(work, incident) == [officers[0], officers[2]]


def test_who_is_down_and_goes_there_herself_leaves_it_to_the_others(work, clock, officers):
    steps = [{"who": "nearest", "wait_seconds": WAIT}, *STEPS]
    needs = {"responder": 1, "paralegal": 1}
    services.new_policy(work, Scope(Kind.EVICTION), Draft(needs, read_steps(steps)))
    goes = make_responder(work, make_branch(work, "Kolar", 13.13, 78.13))
    account = make_account(work, goes)
    give_role(work, account.id, Grant(Role.DUTY_OFFICER))
    down(work, goes)
    incident = begin(work, kind=Kind.EVICTION, district="Kolar", place="Kolar bus stand")
    (page,) = work.session.scalars(select(Page).where(Page.person_id == goes))
    services.answer_link(work, page.id, "47")
    a_step_later(work, clock, incident)
    assert asked(work, incident) == officers


@pytest.mark.parametrize("of_others", [0, 1])
def test_where_the_only_officer_goes_there_herself_nobody_is_in_charge(work, clock, of_others):
    goes = make_responder(work, make_branch(work))
    give_role(work, make_account(work, goes).id, Grant(Role.DUTY_OFFICER))
    others = [make_in_charge(work, Role.DUTY_OFFICER) for _ in range(of_others)]
    steps = [{"who": "nearest", "wait_seconds": WAIT}, *STEPS]
    needs = {"responder": 1, "paralegal": 1}
    services.new_policy(work, Scope(Kind.EVICTION), Draft(needs, read_steps(steps)))
    incident = begin(work, kind=Kind.EVICTION)
    (page,) = work.session.scalars(select(Page).where(Page.person_id == goes))
    services.answer_link(work, page.id, "47")
    a_step_later(work, clock, incident)
    assert asked(work, incident) == others
    said = work.session.scalars(
        select(IncidentEvent.facts).where(
            IncidentEvent.incident_id == incident.id, IncidentEvent.code == "nobody_in_charge"
        )
    )
    missing = [facts["asked_as"] for facts in said]
    assert (AskedAs.DUTY_OFFICER in missing) is (not others)


def test_in_a_place_nobody_knows_a_refusal_rings_no_officer_anew(work, clock, officers):
    near = [{"who": "nearest", "wait_seconds": WAIT}] * 3
    services.new_policy(
        work, Scope(Kind.EVICTION), Draft({"responder": 1}, read_steps([*near, *STEPS]))
    )
    down(work, officers[1])
    rota.say_away(work, officers[2], hours(work))
    incident = begin(work, kind=Kind.EVICTION, place="behind the blue gate", district=None)
    a_step_later(work, clock, incident)
    for page in work.session.scalars(select(Page).where(Page.state == PageState.ASKED)).all():
        services.decline_page(work, page.id)
    before = len(work.session.scalars(select(Page.id)).all())
    look(work, incident)
    look(work, incident)
    assert len(work.session.scalars(select(Page.id)).all()) == before


def test_who_is_down_and_away_is_not_waited_for(work, officers):
    down(work, officers[1])
    rota.say_away(work, officers[1], hours(work))
    assert asked(work, begin(work)) == [officers[0], officers[2]]


def test_who_is_down_and_must_stay_away_is_not_waited_for(work, officers):
    down(work, officers[1])
    assert asked(work, begin(work, person_id=officers[1])) == [officers[0], officers[2]]


def test_in_a_place_nobody_knows_the_others_are_asked_before_the_last_step(work, clock, officers):
    near = [{"who": "nearest", "wait_seconds": WAIT}] * 3
    services.new_policy(
        work, Scope(Kind.EVICTION), Draft({"responder": 1}, read_steps([*near, *STEPS]))
    )
    down(work, officers[1])
    incident = begin(work, kind=Kind.EVICTION, place="behind the blue gate", district=None)
    assert incident.branch_id is None
    assert asked(work, incident) == [officers[1]]
    a_step_later(work, clock, incident)
    assert incident.step == 1
    assert sorted(asked(work, incident)) == officers


def test_who_is_down_and_cannot_be_told_is_not_waited_for(work, officers):
    down(work, officers[1])
    end_all_phones(work, officers[1])
    assert asked(work, begin(work)) == [officers[0], officers[2]]
