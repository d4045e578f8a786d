"""One call on one night, and everything that can go wrong between asking and being there."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders.crisis import FORCED, NIGHT
from union.crisis import services
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import (
    AsSheWished,
    ClosedBy,
    IncidentState,
    Kind,
    Outcome,
    TeamRole,
)
from union.crisis.services import Heard
from union.gateways.port import GatewayUnreachableError
from union.kernel.actor import Role
from union.messages.services import claim_due

SEEKING, FILLED = IncidentState.SEEKING, IncidentState.FILLED


def test_the_nearest_are_asked_at_once_with_some_to_spare(night):
    night.team(6)
    incident = night.call()
    assert len(night.asked(incident)) == 4
    assert len(night.workers.provider.taken) == 4


def test_nobody_answers_and_the_next_are_asked(night):
    night.team(8)
    incident = night.call()
    first = set(night.asked(incident))
    night.passes(seconds=91)
    pages = night.pages(incident)
    assert first == set(pages["silent"])
    assert pages["asked"]
    assert first.isdisjoint(pages["asked"])


def test_who_does_not_answer_is_told_by_another_way_before_that(night):
    night.team(3)
    incident = night.call()
    assert set(night.workers.provider.ways()) == {"sms"}
    night.passes(seconds=50)
    assert "voice" in night.workers.provider.ways()
    assert night.asked(incident)


def test_two_come_and_the_others_are_thanked(night):
    night.team(6)
    incident = night.call()
    asked = night.asked(incident)
    assert night.comes(asked[0]) is Heard.ACCEPTED
    assert night.state(incident) is SEEKING
    night.comes(asked[1])
    assert night.state(incident) is FILLED
    assert set(night.pages(incident)["released"]) == set(asked[2:])
    assert night.comes(asked[2]) is Heard.ENOUGH
    assert night.state(incident) is FILLED


def test_a_no_asks_the_next_one_at_once(night):
    night.team(6)
    incident = night.call()
    asked = night.asked(incident)
    night.do(asked[0], services.decline_page)
    assert len(night.asked(incident)) == 4
    assert asked[0] not in night.asked(incident)


def test_a_no_may_become_a_yes(night):
    night.team(4)
    incident = night.call()
    asked = night.asked(incident)
    night.do(asked[0], services.decline_page)
    assert night.comes(asked[0]) is Heard.ACCEPTED
    assert asked[0] in night.pages(incident)["briefed"]


def test_an_answer_after_the_silence_still_counts(night):
    night.team(4)
    incident = night.call()
    late = night.asked(incident)[0]
    night.passes(minutes=3)
    assert late in night.pages(incident)["silent"]
    assert night.comes(late) is Heard.ACCEPTED


def test_a_team_that_loses_somebody_is_looked_for_again(night):
    night.team(8)
    incident = night.call()
    asked = night.asked(incident)
    for person in asked[:2]:
        night.comes(person)
    assert night.state(incident) is FILLED
    night.do(asked[0], services.drop_out)
    assert night.state(incident) is SEEKING
    assert "opened_again" in night.said(incident)
    fresh = night.asked(incident)
    assert fresh
    night.comes(fresh[0])
    assert night.state(incident) is FILLED


def test_who_is_not_there_in_time_no_longer_counts_and_may_still_come(night):
    night.team(6)
    incident = night.call()
    asked = night.asked(incident)
    for person in asked[:2]:
        night.comes(person)
    night.do(asked[0], services.set_out, 20)
    night.do(asked[1], services.arrive)
    night.passes(minutes=36)
    assert asked[0] in night.pages(incident)["dropped_out"]
    assert night.state(incident) is SEEKING
    night.do(asked[0], services.arrive)
    assert set(night.pages(incident)["arrived"]) == set(asked[:2])
    assert night.state(incident) is FILLED


def test_a_dead_gateway_moves_on_to_her_other_way(night):
    night.team(4)
    night.workers.provider.broken["sms"] = GatewayUnreachableError
    incident = night.call()
    night.passes(seconds=2)
    delivered = [way for way in night.workers.provider.ways() if way != "sms"]
    assert len(delivered) >= len(night.asked(incident))


def test_all_gateways_dead_and_the_search_goes_on_to_those_in_charge(night):
    night.team(4)
    night.in_charge(Role.COORDINATOR)
    night.in_charge(Role.DUTY_OFFICER)
    for way in ("sms", "voice", "push"):
        night.workers.provider.broken[way] = GatewayUnreachableError
    incident = night.call()
    night.passes(minutes=30)
    assert night.state(incident) is SEEKING
    assert "cannot_be_reached" in night.said(incident) or "silent" in night.said(incident)
    night.workers.provider.broken.clear()
    before = len(night.workers.provider.taken)
    night.passes(minutes=30)
    assert len(night.workers.provider.taken) > before


def test_a_lease_that_ends_is_sent_again_another_way(night):
    night.team(4)
    with night.unit.begin(NIGHT) as work:
        services.receive_contact(
            work,
            services.Report(district="Bidar", place="Bidar lake side", kind=Kind.CLIENT_VIOLENCE),
        )
    with night.unit.begin(NIGHT) as work:
        killed = claim_due(work, "sms", "https://example.test")
    assert killed
    night.passes(seconds=20)
    assert night.workers.provider.ways().count("voice") == len(killed)


def test_the_search_never_ends(night):
    night.team(1)
    duty = night.in_charge(Role.DUTY_OFFICER)
    incident = night.call()
    night.passes(hours=1)
    asked_duty = [p for p in night.pages(incident)["silent"] if p == duty]
    assert len(asked_duty) > 5
    night.passes(hours=1)
    assert len([p for p in night.pages(incident)["silent"] if p == duty]) > 2 * len(asked_duty) - 3


def test_the_duty_officer_holds_it_for_a_while_and_then_it_goes_on(night):
    duty = night.in_charge(Role.DUTY_OFFICER)
    incident = night.call()
    night.passes(minutes=20)
    night.comes(duty)
    assert "held" in night.said(incident)
    told = len(night.said(incident))
    night.passes(minutes=15)
    assert len(night.said(incident)) == told
    night.passes(minutes=10)
    assert len(night.said(incident)) > told
    assert night.state(incident) is SEEKING


def test_forced_she_does_not_count_and_the_coordinators_hear_of_it_in_silence(night):
    night.team(6)
    coordinator = night.in_charge(Role.COORDINATOR)
    incident = night.call()
    asked = night.asked(incident)
    assert night.comes(asked[0], FORCED) is Heard.LOOKS_ACCEPTED
    assert coordinator in night.asked(incident)
    assert asked[0] in night.pages(incident)["silent"]
    night.passes(hours=1)
    assert asked[0] not in night.asked(incident)


def test_a_responder_who_is_silent_there_becomes_a_call_of_her_own(night):
    night.team(8)
    incident = night.call()
    asked = night.asked(incident)
    for person in asked[:2]:
        night.comes(person)
        night.do(person, services.arrive)
    night.passes(minutes=85)
    night.do(asked[1], services.check_in)
    night.passes(minutes=6)
    assert "safety_asked" in night.said(incident)
    night.passes(minutes=11)
    assert "safety_alarm" in night.said(incident)
    with night.unit.reading(NIGHT) as work:
        kinds = [i.kind for i in work.session.query(Incident).order_by(Incident.id)]
    assert kinds == [Kind.CLIENT_VIOLENCE, Kind.RESPONDER_SAFETY]


def test_closing_lets_everybody_go_and_hears_them_two_days_later(night):
    night.team(4)
    operator = night.in_charge(Role.OPERATOR)
    incident = night.call()
    asked = night.asked(incident)
    for person in asked[:2]:
        night.comes(person)
    night.do(asked[0], services.arrive)
    night.as_person(
        operator,
        services.close_incident,
        incident,
        services.Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.PARTLY, asked[0]),
    )
    assert night.state(incident) is IncidentState.CLOSED
    assert "released" in night.pages(incident)
    night.deal_with_all(operator)
    night.passes(days=2, minutes=1)
    assert night.said(incident)[-1] == "debrief_due"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.ARREST_OR_RAID, {"responder", "paralegal"}),
        (Kind.THREAT_TO_OWN_LIFE, {"responder", "counsellor"}),
        (Kind.CLIENT_VIOLENCE, {"responder"}),
    ],
)
def test_the_roles_a_kind_asks_for_are_asked_side_by_side(night, kind, expected):
    night.team(4)
    night.team(2, role=TeamRole.PARALEGAL)
    night.team(2, role=TeamRole.COUNSELLOR)
    incident = night.call(kind=kind)
    with night.unit.reading(NIGHT) as work:
        roles = {page.asked_as.value for page in work.session.query(Page)}
    assert roles == expected
    assert night.state(incident) is SEEKING


def test_a_lapsed_certificate_is_passed_over(night):
    night.team(2, ends_on=date(2026, 10, 15))
    good = night.team(2)
    incident = night.call()
    assert set(night.asked(incident)) == set(good)
