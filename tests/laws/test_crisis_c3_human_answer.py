"""C3: only a human answer counts, she counts when she is briefed, and only a witness closes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.builders.crisis import (
    FORCED,
    HERS,
    ROUTES,
    Workers,
    as_person,
    make_in_charge,
    make_responder,
    pages_by_state,
    report,
)
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.errors import SafeWordError, WitnessError
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import (
    AnsweredBy,
    AsSheWished,
    ClosedBy,
    IncidentState,
    Outcome,
)
from union.crisis.services import Heard
from union.kernel.actor import Actor, Role
from union.kernel.errors import NotAllowedError

NIGHT = Actor.system("test")


@pytest.fixture
def unit(committing):
    return replace(committing, routes=ROUTES)


@pytest.fixture
def night(unit):
    """An incident, the three who are asked, and an operator."""
    with unit.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(3):
            make_responder(work, bidar)
        operator = make_in_charge(work, Role.OPERATOR)
        incident_id = report(work).incident_id
        pages = work.session.scalars(select(Page.id).order_by(Page.id)).all()
    return incident_id, list(pages), operator


def attack(unit, statement: str, **values) -> None:
    with unit.begin(NIGHT) as work:
        work.session.execute(text(statement), values)


def stands(unit, incident_id):
    with unit.reading(NIGHT) as work:
        incident = work.session.get_one(Incident, incident_id)
        return incident.state, set(pages_by_state(work, incident))


def test_a_delivery_means_nothing(unit, night, clock):
    incident_id, pages, _ = night
    workers = Workers(unit, clock)
    workers.settle()
    assert len(workers.provider.taken) >= len(pages)
    assert stands(unit, incident_id) == (IncidentState.SEEKING, {"asked"})


@pytest.mark.parametrize("digits", ["", "1", "11", "４８", "abc", "4", "047", "470"])
def test_a_key_pressed_by_anybody_means_nothing(unit, night, digits):
    incident_id, pages, _ = night
    with unit.begin(NIGHT) as work:
        heard = services.answer_page(work, pages[0], digits, AnsweredBy.KEYPAD)
    assert heard is Heard.WRONG
    assert stands(unit, incident_id) == (IncidentState.SEEKING, {"asked"})


def test_guessing_ends_after_four_tries_even_with_the_right_ones(unit, night):
    _, pages, _ = night
    for digits in ("10", "11", "12", "13"):
        with unit.begin(NIGHT) as work:
            services.answer_page(work, pages[0], digits, AnsweredBy.SMS)
    with unit.begin(NIGHT) as work:
        assert services.answer_page(work, pages[0], HERS, AnsweredBy.SMS) is Heard.LOCKED


def test_her_digits_are_not_another_ones(unit, night):
    _, pages, _ = night
    with unit.begin(NIGHT) as work:
        other = work.session.get_one(Page, pages[1]).person_id
        services.set_digits(work, other, "31", "13")
    with unit.begin(NIGHT) as work:
        assert services.answer_page(work, pages[1], HERS, AnsweredBy.SMS) is Heard.WRONG


def test_she_counts_only_when_she_knows_where_to_go(unit, night):
    incident_id, pages, _ = night
    for page_id in pages[:2]:
        with unit.begin(NIGHT) as work:
            services.answer_page(work, page_id, HERS, AnsweredBy.KEYPAD)
    assert stands(unit, incident_id)[0] is IncidentState.SEEKING
    for page_id in pages[:2]:
        with unit.begin(NIGHT) as work:
            services.briefed(work, page_id)
    assert stands(unit, incident_id) == (IncidentState.FILLED, {"briefed", "released"})


@pytest.mark.parametrize("state", ["briefed", "en_route", "arrived", "accepted"])
def test_the_database_refuses_a_state_nobody_answered_for(unit, night, state):
    with pytest.raises(IntegrityError):
        attack(unit, "UPDATE page SET state = :state", state=state)


def test_duress_never_counts_not_even_by_hand(unit, night):
    incident_id, pages, _ = night
    with unit.begin(NIGHT) as work:
        heard = services.answer_page(work, pages[0], FORCED, AnsweredBy.LINK)
        assert heard is Heard.LOOKS_ACCEPTED
    assert stands(unit, incident_id) == (IncidentState.SEEKING, {"asked", "silent"})
    with unit.begin(NIGHT) as work:
        assert services.answer_page(work, pages[0], HERS, AnsweredBy.LINK) is Heard.LOOKS_ACCEPTED
    for act in (services.briefed, services.set_out, services.arrive, services.check_in):
        with unit.begin(NIGHT) as work:
            act(work, pages[0])
        assert stands(unit, incident_id) == (IncidentState.SEEKING, {"asked", "silent"})
    with pytest.raises(IntegrityError, match="duress_never_counts"):
        attack(
            unit,
            "UPDATE page SET state = 'briefed', answered_at = asked_at, briefed_at = asked_at,"
            " answered_by = 'link' WHERE id = :id",
            id=pages[0],
        )


def test_a_forced_page_looks_like_something_and_only_a_forced_one(unit, night):
    _, pages, _ = night
    with pytest.raises(IntegrityError, match="seems_only_forced"):
        attack(unit, "UPDATE page SET seems = 'arrived' WHERE id = :id", id=pages[0])
    with pytest.raises(IntegrityError, match="seems_only_forced"):
        attack(unit, "UPDATE page SET duress_at = asked_at WHERE id = :id", id=pages[0])


def test_who_was_forced_is_no_witness(unit, night):
    incident_id, pages, operator = night
    with unit.begin(NIGHT) as work:
        services.answer_link(work, pages[0], HERS)
        services.arrive(work, pages[0])
        services.answer_page(work, pages[0], FORCED, AnsweredBy.LINK)
        her = work.session.get_one(Page, pages[0]).person_id
    with pytest.raises(WitnessError), as_person(unit, operator) as work:
        services.close_incident(work, incident_id, closing(her))


def test_duress_after_a_yes_takes_her_out_of_the_team(unit, night):
    incident_id, pages, _ = night
    for page_id in pages[:2]:
        with unit.begin(NIGHT) as work:
            services.answer_link(work, page_id, HERS)
    assert stands(unit, incident_id)[0] is IncidentState.FILLED
    with unit.begin(NIGHT) as work:
        services.answer_page(work, pages[0], FORCED, AnsweredBy.SMS)
    assert stands(unit, incident_id)[0] is IncidentState.SEEKING


def test_a_live_voice_is_written_down_by_a_person(unit, night):
    _, pages, operator = night
    with pytest.raises(NotAllowedError), unit.begin(NIGHT) as work:
        services.record_live_answer(work, pages[0], comes=True)
    with as_person(unit, operator) as work:
        assert services.record_live_answer(work, pages[0], comes=True) is Heard.ACCEPTED


def closing(witness: int, how: ClosedBy = ClosedBy.SAW_HER, word: str | None = None):
    return services.Closing(how, Outcome.SETTLED_THERE, AsSheWished.YES, witness, word)


def test_only_somebody_who_was_there_closes(unit, night):
    incident_id, pages, operator = night
    with unit.begin(NIGHT) as work:
        services.answer_link(work, pages[0], HERS)
        her = work.session.get_one(Page, pages[0]).person_id
    for witness in (her, operator):
        with pytest.raises(WitnessError), as_person(unit, operator) as work:
            services.close_incident(work, incident_id, closing(witness))
    with unit.begin(NIGHT) as work:
        services.arrive(work, pages[0])
    with pytest.raises(NotAllowedError), unit.begin(NIGHT) as work:
        services.close_incident(work, incident_id, closing(her))
    with as_person(unit, operator) as work:
        services.close_incident(work, incident_id, closing(her))
    assert stands(unit, incident_id)[0] is IncidentState.CLOSED


def test_or_somebody_who_heard_her_word(unit, night):
    incident_id, _, operator = night
    with as_person(unit, operator) as work:
        services.leave_safe_word(work, incident_id, " Jasmine ")
    with pytest.raises(SafeWordError), as_person(unit, operator) as work:
        services.close_incident(
            work, incident_id, closing(operator, ClosedBy.HEARD_SAFE_WORD, "rose")
        )
    with as_person(unit, operator) as work:
        services.close_incident(
            work, incident_id, closing(operator, ClosedBy.HEARD_SAFE_WORD, "jasmine")
        )
    assert stands(unit, incident_id)[0] is IncidentState.CLOSED


def test_the_database_closes_nothing_without_a_witness(unit, night):
    incident_id, _, operator = night
    by_hand = (
        "UPDATE incident SET state = 'closed', closed_at = opened_at, closed_by_person_id = :by,"
        " witness_person_id = :by, closed_how = :how, outcome = 'settled_there',"
        " as_she_wished = 'yes' WHERE id = :id"
    )
    for how in ("saw_her", "heard_safe_word"):
        with pytest.raises(IntegrityError, match=r"closed|safe word"):
            attack(unit, by_hand, by=operator, how=how, id=incident_id)
    with pytest.raises(IntegrityError, match="closed_by_a_witness"):
        attack(unit, "UPDATE incident SET state = 'closed' WHERE id = :id", id=incident_id)
