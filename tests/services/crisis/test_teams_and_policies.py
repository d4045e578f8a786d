"""Certificates, digits, landmarks, policies: what the engine stands on."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder, report
from tests.builders.members import make_branch, make_member
from union.crisis import services
from union.crisis.errors import (
    CertificateError,
    DigitsError,
    EndedError,
    NoIncidentError,
    NotReachedTooSoonError,
    StateError,
)
from union.crisis.models import Certificate, Incident, IncidentChoice, Page, TeamProfile
from union.crisis.rules.escalation import read_steps
from union.crisis.rules.kinds import (
    AskedAs,
    ContactChannel,
    DealtHow,
    IncidentState,
    Kind,
    PageState,
)
from union.crisis.rules.policies import Draft, Scope
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError

HEAD = "member,district,role,certified_on,certificate_ends,speaks,shift,reached_by,lat,lon"
GOOD = "Bidar,responder,2025-03-29,2027-03-29,Kannada; Urdu,any,app; sms; call,17.9,77.5"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("KA/99999," + GOOD, "not_in_the_register"),
        ("{card}," + GOOD.replace("Bidar", "Atlantis"), "district_unknown"),
        ("{card}," + GOOD.replace("responder", "captain"), "row_unreadable"),
        ("{card}," + GOOD.replace("2025-03-29", "29/3/25"), "row_unreadable"),
        ("no card," + GOOD, "card_unreadable"),
    ],
)
def test_a_row_that_cannot_be_is_named_and_the_rest_is_taken(work, row, reason):
    card = make_member(work, make_branch(work), category="woman").card_number
    lines = [HEAD, row.format(card=card), f"{card},{GOOD}"]
    report_of = services.import_teams(work, lines)
    assert (report_of.rows, report_of.taken, report_of.refused) == (2, 1, ((2, reason),))
    again = services.import_teams(work, lines)
    assert (again.taken, again.known) == (0, 1)
    profile = work.session.scalars(select(TeamProfile)).one()
    assert profile.languages == ["kannada", "urdu"]
    assert profile.reached_by == ["app", "sms", "call"]
    assert profile.gender == "woman"


def test_the_dead_are_never_taken(work):
    member = make_member(work, make_branch(work), status="died", status_on=date(2026, 1, 1))
    found = services.import_teams(work, [HEAD, f"{member.card_number},{GOOD}"])
    assert found.refused == ((2, "no_longer_a_member"),)
    assert work.session.scalars(select(Certificate)).all() == []


@pytest.mark.parametrize(
    ("hers", "forced"),
    [("47", "47"), ("4", "74"), ("47", "7x"), ("", ""), ("00", "47"), ("99", "00")],
)
def test_digits_are_two_different_pairs(work, hers, forced):
    person = make_responder(work)
    with pytest.raises(DigitsError):
        services.set_digits(work, person, hers, forced)


def test_digits_are_kept_as_hashes_only(work):
    one, other = make_responder(work), make_responder(work)
    hashes = {
        blob
        for person in (one, other)
        for profile in [work.session.get_one(TeamProfile, person)]
        for blob in (profile.digits_hash, profile.duress_hash)
    }
    assert len(hashes) == 4
    assert hashes.isdisjoint({b"47", b"74"})


def test_an_incident_keeps_the_policy_it_began_with(work):
    make_responder(work)
    first = work.session.get_one(Incident, report(work, kind=Kind.EVICTION).incident_id)
    steps = [{"who": "duty_officer", "wait_seconds": 60}]
    draft = Draft({"responder": 1}, read_steps(steps))
    newer = services.new_policy(work, Scope(Kind.EVICTION), draft)
    second = work.session.get_one(
        Incident,
        report(work, kind=Kind.EVICTION, district="Kolar", place="x").incident_id
        or report(work, kind=Kind.EVICTION, place="Bidar fort gate").incident_id,
    )
    assert newer.version == 2
    assert first.policy_id != newer.id
    assert second.policy_id == newer.id


def test_a_policy_is_found_and_written_under_a_bare_word_too(work):
    first = services.policy_in_force(work, "eviction")
    steps = [{"who": "duty_officer", "wait_seconds": 60}]
    newer = services.new_policy(work, Scope("eviction"), Draft({"responder": 1}, read_steps(steps)))
    assert (first.version, newer.version) == (1, 2)
    assert services.policy_in_force(work, Kind.EVICTION) is newer


def test_a_decision_keeps_what_went_in_and_why(work):
    person = make_responder(work)
    report(work, language="tamil")
    choice = work.session.scalars(select(IncidentChoice).order_by(IncidentChoice.id)).first()
    assert choice.inputs["language"] == "tamil"
    assert choice.inputs["hour"] == 0
    assert choice.chosen[0]["person_id"] == person
    assert choice.chosen[0]["reasons"] == ["other_language"]


def test_what_the_desk_may_not_do(work):
    operator = make_in_charge(work, Role.OPERATOR)
    missed = services.receive_contact(work, services.Report(channel=ContactChannel.MISSED_CALL))
    with pytest.raises(NotAllowedError):
        services.take_contact(work, missed.id)
    work.actor = type(work.actor)(operator, None, frozenset())
    with pytest.raises(NotReachedTooSoonError):
        services.deal_with(work, missed.id, DealtHow.NOT_REACHED)
    with pytest.raises(NoIncidentError):
        services.deal_with(work, missed.id, DealtHow.SPOKEN)
    services.deal_with(work, missed.id, DealtHow.NO_NEED)
    with pytest.raises(StateError):
        services.take_contact(work, missed.id)


def test_somebody_named_in_it_is_let_go_and_never_asked(work):
    people = [make_responder(work) for _ in range(4)]
    operator = make_in_charge(work, Role.OPERATOR)
    incident_id = report(work).incident_id
    work.actor = type(work.actor)(operator, None, frozenset())
    services.name_in_conflict(work, incident_id, people[0])
    pages = work.session.scalars(select(Page).where(Page.person_id == people[0])).all()
    assert [page.state for page in pages] == [PageState.RELEASED]
    services.widen_now(work, incident_id)
    pages = work.session.scalars(select(Page).where(Page.person_id == people[0])).all()
    assert len(pages) == 1


def test_the_caller_herself_is_never_asked(work):
    her = make_responder(work)
    others = [make_responder(work) for _ in range(2)]
    report(work, person_id=her)
    asked = set(work.session.scalars(select(Page.person_id)))
    assert asked == set(others)


def test_asking_by_hand_needs_a_certificate(work):
    stranger = make_member(work, make_branch(work)).person_id
    coordinator = make_in_charge(work, Role.COORDINATOR)
    incident_id = report(work).incident_id
    work.actor = type(work.actor)(coordinator, None, frozenset())
    with pytest.raises(CertificateError):
        services.ask_by_hand(work, incident_id, stranger, AskedAs.RESPONDER)
    with pytest.raises(CertificateError):
        services.call_lapsed(work, incident_id, stranger, AskedAs.RESPONDER, "near")


def test_nothing_is_done_to_what_has_ended(work):
    coordinator = make_in_charge(work, Role.COORDINATOR)
    first = report(work).incident_id
    second = report(work, place="Bidar fort gate", kind=Kind.EVICTION).incident_id
    work.actor = type(work.actor)(coordinator, None, frozenset())
    services.merge_incidents(work, second, first)
    assert work.session.get_one(Incident, second).state is IncidentState.MERGED
    for act in (services.widen_now, lambda w, i: services.leave_safe_word(w, i, "rose")):
        with pytest.raises(EndedError):
            act(work, second)


def test_help_for_a_responder_is_a_call_of_its_own(work):
    her, *_ = [make_responder(work) for _ in range(4)]
    report(work)
    page = work.session.scalars(select(Page).where(Page.person_id == her)).one()
    with pytest.raises(StateError):
        services.call_for_help(work, page.id)
    services.answer_link(work, page.id, "47")
    incident = services.call_for_help(work, page.id)
    assert incident.kind is Kind.RESPONDER_SAFETY
    asked = work.session.scalars(select(Page.person_id).where(Page.incident_id == incident.id))
    assert her not in set(asked)
