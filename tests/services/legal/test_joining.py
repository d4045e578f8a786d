"""Two entries are joined: no open case stays with whom it goes around, nor with whose it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import choose_words, make_case, make_keeper, make_paralegal, own_key_of
from tests.builders.members import make_member
from union.infra.rooms import CaseRoom, CaseRoomKey
from union.kernel.actor import Actor, Grant, Role
from union.legal.invariants import INVARIANTS
from union.legal.models import CaseShare
from union.legal.queries import cases_to_let_into, holders_of, lawyers
from union.legal.rules import CaseOutcome, Part, Purpose
from union.legal.services import (
    NewComplaint,
    NewShare,
    close_case,
    give_consent,
    keep_out,
    open_complaint,
    share_case,
)
from union.members.services.pairs import merge_members, propose_pair
from union.office.services.register_decisions import decide_duplicate


def person_with(work, role) -> Actor:
    member = make_member(work)
    account = make_account(work, member.person_id)
    give_role(work, account.id, Grant(role))
    return Actor(member.person_id, account.id, frozenset({Grant(role)}))


def join(work, one, other) -> None:
    """As the membership secretary does it, on a page."""
    decide_duplicate(work, propose_pair(work, one, other, []).id, same=True)
    work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    broken = INVARIANTS["case_with_whom_it_goes_around"]
    assert work.session.connection().exec_driver_sql(broken).all() == []


def live_keys_of(work, case, person_id) -> list[int]:
    return list(
        work.session.scalars(
            select(CaseRoomKey.id)
            .join(CaseRoom, CaseRoom.id == CaseRoomKey.room_id)
            .where(
                CaseRoom.case_id == case.id,
                CaseRoomKey.person_id == person_id,
                CaseRoomKey.ended_at.is_(None),
            )
        )
    )


def complaint_about(work, named) -> tuple:
    """A complaint about somebody, and the two who received it; a third could."""
    hearers = [person_with(work, Role.COUNSELLOR) for _ in range(3)]
    choose_words(work, *hearers)
    hers = make_member(work)
    with acting_as(work, Actor(hers.person_id, None, frozenset({Grant(Role.MEMBER)}))):
        case = open_complaint(work, NewComplaint(hers.person_id, "words", frozenset({named})))
    return case, hers, holders_of(work, case), {one.person_id for one in hearers}


@pytest.mark.parametrize("kept", [True, False])
def test_a_complaint_leaves_the_hands_of_her_whom_it_names(work, kept):
    named = make_member(work).person_id
    case, _, two, all_three = complaint_about(work, named)
    twin = min(two)
    assert live_keys_of(work, case, twin)
    join(work, *((named, twin) if kept else (twin, named)))
    assert holders_of(work, case) == all_three - {twin}
    assert live_keys_of(work, case, twin) == []


def test_a_complaint_leaves_the_hands_of_her_whose_it_is(work):
    case, hers, two, all_three = complaint_about(work, make_member(work).person_id)
    twin = max(two)
    join(work, hers.person_id, twin)
    assert holders_of(work, case) == all_three - {twin}


@pytest.mark.parametrize("other", [True, False])
def test_a_paralegals_case_goes_to_another_or_waits_to_be_taken(work, other):
    hers, subject, named = make_paralegal(work), make_member(work), make_member(work)
    keeper = make_keeper(work)
    choose_words(work, hers)
    case = make_case(work, hers, subject.person_id)
    next_one = make_paralegal(work) if other else None
    with acting_as(work, hers):
        keep_out(work, case.ref, named.person_id)
    join(work, named.person_id, hers.person_id)
    assert case.assignee_person_id == (next_one.person_id if next_one else None)
    assert live_keys_of(work, case, hers.person_id) == []
    if next_one is not None:
        choose_words(work, next_one)
        with acting_as(work, keeper):
            assert [one.id for one in cases_to_let_into(work)] == [case.id]


def test_her_own_case_leaves_her(work):
    hers, subject = make_paralegal(work), make_member(work)
    case = make_case(work, hers, subject.person_id)
    join(work, subject.person_id, hers.person_id)
    assert case.assignee_person_id is None


def test_what_was_shown_to_her_is_shown_no_more(work):
    paralegal, named = make_paralegal(work), make_member(work)
    lawyer = person_with(work, Role.LAWYER)
    choose_words(work, paralegal, lawyer)
    case = make_case(work, paralegal, make_member(work).person_id)
    with acting_as(work, paralegal):
        give_consent(work, case.ref, Purpose.SHARE_LAWYER, work.clock.today())
        office = next(x.office for x in lawyers(work, case) if x.person_id == lawyer.person_id)
        until = work.clock.today() + timedelta(days=9)
        new = NewShare(office, frozenset({Part.STORY}), until)
        share = share_case(work, case.ref, new, own_key_of(work, paralegal))
        keep_out(work, case.ref, named.person_id)
    join(work, named.person_id, lawyer.person_id)
    assert work.session.get(CaseShare, share.id).ended_at == work.clock.now()
    assert live_keys_of(work, case, lawyer.person_id) == []
    assert case.assignee_person_id == paralegal.person_id


def test_what_is_closed_stays_as_it_is(work):
    hers, subject = make_paralegal(work), make_member(work)
    case = make_case(work, hers, subject.person_id)
    with acting_as(work, hers):
        close_case(work, case.ref, CaseOutcome.AS_SHE_WISHED)
    join(work, subject.person_id, hers.person_id)
    assert case.assignee_person_id == hers.person_id


@pytest.mark.parametrize("way", ["named", "hers"])
def test_the_database_refuses_a_joining_that_leaves_it_with_her(work, way):
    """As the application's login would write it, past every service."""
    named = make_member(work).person_id
    _, hers, two, _ = complaint_about(work, named)
    work.session.execute(text("SET CONSTRAINTS joining_goes_around IMMEDIATE"))
    with pytest.raises(DBAPIError) as caught, work.session.begin_nested():
        merge_members(work, named if way == "named" else hers.person_id, min(two))
    assert caught.value.orig.diag.constraint_name == "joining_goes_around"
