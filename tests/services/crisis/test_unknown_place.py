"""A place nobody knows is enough to ask somebody; who is right is asked when it becomes known."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, make_in_charge, make_responder, pages_by_state
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Contact, Incident, IncidentChoice, IncidentEvent, Page
from union.crisis.queries.board import board
from union.crisis.rules.kinds import AskedAs, ContactChannel
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.members.models import Membership

BIDAR, MYSURU = ("Bidar", 17.91, 77.52), ("Mysuru", 12.30, 76.64)


@pytest.fixture
def teams(work) -> dict[str, list[int]]:
    """Three who go in each of two districts far from each other, with others between them."""
    for number in range(5):
        make_branch(work, f"Between {number}", 16.0 + number / 10, 77.0)
    return {
        name: [make_responder(work, make_branch(work, *where), point=where[1:]) for _ in range(3)]
        for name, where in (("Bidar", BIDAR), ("Mysuru", MYSURU))
    }


def told(work, place: str, **fields) -> tuple[Contact, Incident]:
    contact = services.receive_contact(work, services.Report(place=place, **fields))
    return contact, work.session.get_one(Incident, contact.incident_id)


def asked_of(work, incident: Incident, role: AskedAs) -> set[int]:
    rows = select(Page.person_id).where(
        Page.incident_id == incident.id, Page.asked_as == role, Page.state == "asked"
    )
    return set(work.session.scalars(rows))


def codes(work, incident: Incident) -> list[str]:
    rows = select(IncidentEvent.code).where(IncidentEvent.incident_id == incident.id)
    return list(work.session.scalars(rows.order_by(IncidentEvent.id)))


def test_those_in_charge_are_asked_at_once_and_the_board_says_so(work, teams):
    coordinator = make_in_charge(work, Role.COORDINATOR)
    officer = make_in_charge(work, Role.DUTY_OFFICER)
    _, incident = told(work, "behind the blue gate")
    assert asked_of(work, incident, AskedAs.COORDINATOR) == {coordinator}
    assert asked_of(work, incident, AskedAs.DUTY_OFFICER) == {officer}
    assert asked_of(work, incident, AskedAs.RESPONDER) == set()
    (watch,) = board(work).watches
    assert "place_unknown" in watch.holes
    assert incident.branch_id is None
    kept = select(IncidentChoice).where(IncidentChoice.incident_id == incident.id)
    assert work.session.scalars(kept).first() is not None


def test_with_nobody_in_charge_somebody_is_asked_wherever_she_lives(work, teams):
    _, incident = told(work, "behind the blue gate")
    assert asked_of(work, incident, AskedAs.RESPONDER)


def test_a_misspelt_district_is_asked_by_a_guess_that_stays_a_guess(work, teams):
    make_in_charge(work, Role.COORDINATOR)
    _, incident = told(work, "Maisuru, lodge behind the stand")
    assert asked_of(work, incident, AskedAs.RESPONDER) <= set(teams["Mysuru"])
    assert asked_of(work, incident, AskedAs.RESPONDER)
    assert incident.branch_id is None


def test_else_those_where_whoever_took_the_call_lives(work, teams):
    make_in_charge(work, Role.COORDINATOR)
    operator = make_in_charge(work, Role.OPERATOR)
    bidar = make_branch(work, *BIDAR)
    work.session.scalars(
        select(Membership).where(Membership.person_id == operator)
    ).one().branch_id = bidar.id
    desk = Work(
        work.session, work.clock, Actor(operator, None, frozenset()), work.vault, work.routes
    )
    contact = services.receive_contact(desk, services.Report(), ask=False)
    services.take_contact(desk, contact.id)
    services.tell_more(desk, contact.id, services.Report(place="behind the blue gate"))
    incident = work.session.get_one(Incident, contact.incident_id)
    assert asked_of(work, incident, AskedAs.RESPONDER) <= set(teams["Bidar"])
    assert asked_of(work, incident, AskedAs.RESPONDER)


def test_when_the_district_is_known_the_nearest_are_asked_and_the_far_ones_let_go(work, teams):
    coordinator = make_in_charge(work, Role.COORDINATOR)
    contact, incident = told(work, "Maisuru road, blue gate")
    far = work.session.scalars(
        select(Page).where(Page.person_id.in_(teams["Mysuru"])).order_by(Page.id)
    ).all()
    services.answer_link(work, far[0].id, HERS)
    services.tell_more(
        work, contact.id, services.Report(place="Maisuru road, blue gate", district="Bidar")
    )
    assert incident.branch_id is not None
    assert asked_of(work, incident, AskedAs.RESPONDER) == set(teams["Bidar"])
    assert set(pages_by_state(work, incident)["released"]) == {p.person_id for p in far}
    assert asked_of(work, incident, AskedAs.COORDINATOR) == {coordinator}
    assert "place_known_better" in codes(work, incident)
    assert "place_unknown" not in board(work).watches[0].holes


def test_those_in_charge_are_not_rung_anew_at_every_refusal(work, teams):
    coordinator = make_in_charge(work, Role.COORDINATOR)
    _, incident = told(work, "Maisuru, blue gate")
    her = asked_of(work, incident, AskedAs.RESPONDER).pop()
    services.decline_page(
        work, work.session.scalars(select(Page).where(Page.person_id == coordinator)).one().id
    )
    services.decline_page(
        work, work.session.scalars(select(Page).where(Page.person_id == her)).one().id
    )
    pages = work.session.scalars(select(Page).where(Page.person_id == coordinator)).all()
    assert len(pages) == 1


def test_words_that_name_no_place_are_still_for_a_person_to_read(work, teams):
    contact = services.receive_contact(
        work, services.Report(channel=ContactChannel.SMS, words="please help me")
    )
    assert contact.incident_id is None


def test_joined_with_one_whose_district_is_known_it_is_known_too(work, teams):
    operator = make_in_charge(work, Role.COORDINATOR)
    _, unknown = told(work, "behind the blue gate")
    _, known = told(work, "the fort", district="Bidar")
    desk = Work(
        work.session, work.clock, Actor(operator, None, frozenset()), work.vault, work.routes
    )
    services.merge_incidents(desk, known.id, unknown.id)
    assert unknown.branch_id == known.branch_id
    assert asked_of(work, unknown, AskedAs.RESPONDER) == set(teams["Bidar"])
