"""Cases opened, assigned, worked on and closed; a story that can be read and nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import report
from tests.builders.ledger import acting_as
from tests.builders.legal import NOTE, make_case, make_paralegal, tomorrow
from tests.builders.members import make_branch, make_member
from union.crisis.models import Incident, IncidentAvoid
from union.infra.audit import AuditEntry
from union.infra.timers import Timer
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.legal.errors import (
    CaseClosedError,
    CaseTakenError,
    ConsentAheadError,
    ConsentStandsError,
    ConsentWithdrawnError,
    StepInPastError,
)
from union.legal.models import LegalCase
from union.legal.queries import cases_of, unassigned_cases
from union.legal.rules import ASK_AGAIN, CaseOutcome, PartyRole, Purpose, Step
from union.legal.services import (
    NextStep,
    add_note,
    add_party,
    close_case,
    give_consent,
    hand_back_case,
    look_at_case,
    open_follow_up,
    read_case,
    set_next_step,
    take_case,
    take_out_party,
    withdraw_consent,
)
from union.office.readings.queries.openings import openings_of


def make_incident(work) -> Incident:
    make_branch(work)
    contact = report(work)
    return work.session.get_one(Incident, contact.incident_id)


def open_timer(work, case) -> Timer:
    return work.session.scalars(
        select(Timer).where(
            Timer.subject_type == "legal_case",
            Timer.subject_id == case.id,
            Timer.done_at.is_(None),
        )
    ).one()


def fire(work, case):
    timer = open_timer(work, case)
    work.clock.move_to(max(timer.due_at, work.clock.now()))
    look_at_case(work, timer)


def follow_up(work, incident) -> LegalCase:
    for _ in range(2):
        open_follow_up(work, {"incident_id": incident.id})
    return work.session.scalars(select(LegalCase).where(LegalCase.incident_id == incident.id)).one()


def test_an_incident_opens_one_case_with_the_nearest_certified_paralegal(work):
    make_paralegal(work)
    far = make_branch(work, "Kolar", 13.13, 78.13)
    make_paralegal(work, far, certified=True, point=(13.13, 78.13))
    near = make_paralegal(work, certified=True)
    case = follow_up(work, make_incident(work))
    assert case.assignee_person_id == near.person_id
    assert case.next_step == Step.FIRST_TALK
    assert case.next_on == tomorrow(work)


def test_somebody_named_in_the_conflict_never_gets_the_case(work):
    named = make_paralegal(work, certified=True)
    other = make_paralegal(work)
    incident = make_incident(work)
    work.session.add(IncidentAvoid(incident_id=incident.id, person_id=named.person_id))
    work.session.flush()
    case = follow_up(work, incident)
    assert case.assignee_person_id == other.person_id
    with acting_as(work, other):
        hand_back_case(work, case.ref)
    assert case.assignee_person_id is None
    with acting_as(work, named), pytest.raises(NotAllowedError):
        take_case(work, case.ref)


def test_without_a_paralegal_the_case_waits_and_is_offered_each_hour(work):
    case = follow_up(work, make_incident(work))
    assert case.assignee_person_id is None
    assert open_timer(work, case).due_at == work.clock.now() + ASK_AGAIN
    fire(work, case)
    assert case.assignee_person_id is None
    late = make_paralegal(work)
    fire(work, case)
    assert case.assignee_person_id == late.person_id
    assert open_timer(work, case).due_at > work.clock.now()


def test_whoever_is_first_takes_a_waiting_case(work):
    case = follow_up(work, make_incident(work))
    first, second = make_paralegal(work), make_paralegal(work)
    with acting_as(work, first):
        assert [line.ref for line in unassigned_cases(work)] == [case.ref]
        take_case(work, case.ref)
        assert [line.ref for line in cases_of(work, first.person_id)] == [case.ref]
    with acting_as(work, second), pytest.raises(CaseTakenError):
        take_case(work, case.ref)


def test_a_passed_step_is_said_and_looked_at_again(work):
    paralegal = make_paralegal(work)
    case = make_case(work, paralegal)
    fire(work, case)
    fire(work, case)
    with acting_as(work, paralegal):
        content = read_case(work, case.ref)
    assert content.overdue
    assert [line.code for line in content.events].count("step_overdue") == 1
    assert cases_of(work, paralegal.person_id)[0].overdue


def test_a_next_step_moves_the_timer(work):
    paralegal = make_paralegal(work)
    case = make_case(work, paralegal)
    day = work.clock.today() + timedelta(days=9)
    with acting_as(work, paralegal):
        set_next_step(work, case.ref, NextStep(Step.COURT, day, "bring the paper"))
        assert read_case(work, case.ref).step_words == "bring the paper"
        with pytest.raises(StepInPastError):
            set_next_step(
                work, case.ref, NextStep(Step.COURT, work.clock.today() - timedelta(days=1))
            )
    assert open_timer(work, case).due_at.astimezone(work.clock.zone).date() == day


def test_only_whoever_has_the_case_opens_or_adds_to_it(work):
    case = make_case(work, make_paralegal(work))
    outsiders = (
        make_paralegal(work),
        Actor(case.assignee_person_id, None, frozenset({Grant(Role.MEMBER)})),
        Actor(None, None, frozenset(), "anonymous"),
    )
    for outsider in outsiders:
        with acting_as(work, outsider):
            for act in (
                lambda: read_case(work, case.ref),
                lambda: add_note(work, case.ref, "x"),
                lambda: close_case(work, case.ref, CaseOutcome.PARTLY),
            ):
                with pytest.raises(NotAllowedError):
                    act()


def test_words_are_kept_under_the_case_s_own_key(work):
    paralegal = make_paralegal(work)
    member = make_member(work)
    case = make_case(work, paralegal, member.person_id)
    assert case.key_ref != member.key_ref
    with acting_as(work, paralegal):
        add_party(work, case.ref, PartyRole.POLICE, "the inspector of the night")
        content = read_case(work, case.ref)
    (party,) = content.parties
    assert (party.role, party.who) == (PartyRole.POLICE, "the inspector of the night")
    assert NOTE in [line.words for line in content.events]
    assert content.caller.who == f"Rani · {member.card}"


def test_who_was_written_down_by_mistake_is_taken_out_and_the_story_says_so(work):
    paralegal = make_paralegal(work)
    case, other = make_case(work, paralegal), make_case(work, paralegal)
    with acting_as(work, paralegal):
        wrong = add_party(work, case.ref, PartyRole.HERSELF, "the landlord of the house")
        right = add_party(work, case.ref, PartyRole.LANDLORD, "the landlord of the house")
        with pytest.raises(NotFoundError):
            take_out_party(work, other.ref, wrong.ref)
        for _ in range(2):
            take_out_party(work, case.ref, wrong.ref)
        content = read_case(work, case.ref)
    assert [party.ref for party in content.parties] == [right.ref]
    codes = [line.code for line in content.events]
    assert codes.count("party_added") == 2
    assert codes.count("party_taken_out") == 1
    with acting_as(work, make_paralegal(work)), pytest.raises(NotAllowedError):
        take_out_party(work, case.ref, right.ref)


def test_the_timeline_opens_with_consent_and_closes_without(work):
    paralegal = make_paralegal(work)
    case = follow_up(work, make_incident(work))
    with acting_as(work, paralegal):
        assert read_case(work, case.ref).timeline is None
        with pytest.raises(ConsentAheadError):
            give_consent(work, case.ref, Purpose.READ_TIMELINE, tomorrow(work))
        give_consent(work, case.ref, Purpose.READ_TIMELINE, work.clock.today())
        with pytest.raises(ConsentStandsError):
            give_consent(work, case.ref, Purpose.READ_TIMELINE, work.clock.today())
        content = read_case(work, case.ref)
        assert content.timeline
        [consent] = content.consents
        withdraw_consent(work, case.ref, consent.ref)
        with pytest.raises(ConsentWithdrawnError):
            withdraw_consent(work, case.ref, consent.ref)
        assert read_case(work, case.ref).timeline is None


def test_she_sees_who_opened_her_case_and_what_followed_it(work):
    paralegal = make_paralegal(work)
    member = make_member(work)
    case = make_case(work, paralegal, member.person_id)
    with acting_as(work, paralegal):
        read_case(work, case.ref)
    [opening] = openings_of(work, member.person_id)
    assert (opening.what, opening.at) == ("opened_case", work.clock.now())
    assert opening.by.startswith("Para · ")
    assert openings_of(work, paralegal.person_id) == []


def test_a_case_known_later_to_be_hers_shows_its_earlier_readings(work):
    paralegal = make_paralegal(work)
    case = make_case(work, paralegal)
    with acting_as(work, paralegal):
        read_case(work, case.ref)
    member = make_member(work)
    case.subject_person_id = member.person_id
    work.session.flush()
    assert len(openings_of(work, member.person_id)) == 1


def test_a_closed_case_stays_closed_and_reminds_nobody(work):
    paralegal = make_paralegal(work)
    case = make_case(work, paralegal)
    with acting_as(work, paralegal):
        close_case(work, case.ref, CaseOutcome.AS_SHE_WISHED, "settled at the station")
        with pytest.raises(CaseClosedError):
            add_note(work, case.ref, "one more")
        assert read_case(work, case.ref).outcome is CaseOutcome.AS_SHE_WISHED
    assert cases_of(work, paralegal.person_id) == []
    left = select(Timer).where(Timer.subject_type == "legal_case", Timer.done_at.is_(None))
    assert work.session.scalars(left).all() == []


def test_nobody_has_her_own_case(work):
    paralegal = make_paralegal(work)
    with pytest.raises(NotAllowedError):
        make_case(work, paralegal, paralegal.person_id)


def test_every_change_is_written_down(work):
    paralegal = make_paralegal(work)
    member = make_member(work)
    case = make_case(work, paralegal, member.person_id)
    with acting_as(work, paralegal):
        give_consent(work, case.ref, Purpose.FOLLOW_UP, work.clock.today())
        close_case(work, case.ref, CaseOutcome.PARTLY)
    actions = work.session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject_person_id == member.person_id)
        .order_by(AuditEntry.id)
    ).all()
    assert actions == ["case_made", "case_assigned", "consent_given", "case_closed"]
