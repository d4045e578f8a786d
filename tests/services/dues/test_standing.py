from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders.dues import make_payer, make_payment, waive
from tests.builders.ledger import acting_as
from union.dues.errors import NotProposedError
from union.dues.queries.arrears import months_in_arrears
from union.dues.queries.standing import events_of, standing_of, standings
from union.dues.rules.standing import Proposal, Standing
from union.dues.services import (
    NewRule,
    NewWaiver,
    OpeningArrears,
    TakeBack,
    charge_month,
    decide_standing,
    open_arrears_batch,
    set_rule,
    take_back,
)
from union.infra.people import new_people
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError
from union.kernel.periods import Month
from union.members.models import Member

APRIL, SEPTEMBER, OCTOBER = Month(2026, 4), Month(2026, 9), Month(2026, 10)
TODAY = date(2026, 10, 16)


@pytest.fixture
def secretary(work):
    person = new_people(work, 1)[0].id
    return Actor(person, None, frozenset({Grant(Role.MEMBERSHIP_SECRETARY)}))


@pytest.fixture
def behind(work):
    """Somebody who never paid since April: six full months behind in October."""
    member = make_payer(work, fee_minor=2000)
    for month in APRIL.through(OCTOBER):
        charge_month(work, month)
    return member.person_id


def stands(work, person_id, on=TODAY) -> Standing:
    return standing_of(work, person_id, on).standing


def test_it_can_be_asked_for_any_day_and_what_was_paid_later_does_not_help(work, behind):
    make_payment(work, behind, 6000, happened_on=date(2026, 7, 10))
    told = {
        date(2026, 4, 30): Standing.GOOD,
        date(2026, 5, 31): Standing.IN_GRACE,
        date(2026, 7, 9): Standing.IN_ARREARS,
        date(2026, 7, 10): Standing.GOOD,
        date(2026, 8, 1): Standing.IN_GRACE,
        TODAY: Standing.IN_ARREARS,
    }
    assert {day: stands(work, behind, day) for day in told} == told
    for day in told:
        view = standing_of(work, behind, day)
        assert view.months_behind == months_in_arrears(work, behind, day)


def test_a_payment_taken_back_never_was_on_any_day(work, behind):
    payment = make_payment(work, behind, 12000, happened_on=date(2026, 7, 10))
    take_back(work, TakeBack(payment.id, "wrong_member"))
    assert stands(work, behind, date(2026, 8, 1)) is Standing.IN_ARREARS
    assert stands(work, behind) is Standing.IN_ARREARS


def test_the_rule_proposes_and_a_person_decides(work, behind, secretary):
    assert standing_of(work, behind, TODAY).proposal is Proposal.SUSPEND
    assert stands(work, behind) is Standing.IN_ARREARS
    with acting_as(work, secretary):
        event = decide_standing(work, behind, Proposal.SUSPEND)
    assert (event.months_behind, event.made_by) == (6, secretary.person_id)
    assert stands(work, behind) is Standing.SUSPENDED
    assert stands(work, behind, date(2026, 10, 15)) is Standing.IN_ARREARS
    make_payment(work, behind, 12000)
    assert stands(work, behind) is Standing.SUSPENDED
    assert standing_of(work, behind, TODAY).proposal is Proposal.REINSTATE
    with acting_as(work, secretary):
        decide_standing(work, behind, Proposal.REINSTATE)
    assert stands(work, behind) is Standing.GOOD
    assert [one.what for one in events_of(work, [behind])] == ["reinstated", "suspended"]


def test_nobody_is_suspended_whom_the_rule_does_not_propose(work, behind, secretary):
    make_payment(work, behind, 2000)
    with acting_as(work, secretary), pytest.raises(NotProposedError):
        decide_standing(work, behind, Proposal.SUSPEND)
    with acting_as(work, secretary), pytest.raises(NotProposedError):
        decide_standing(work, behind, Proposal.REINSTATE)


def test_neither_the_machine_nor_she_herself_decides(work, behind):
    herself = Actor(behind, None, frozenset({Grant(Role.MEMBERSHIP_SECRETARY)}))
    for actor in (Actor.system("rule"), herself):
        with acting_as(work, actor), pytest.raises(NotAllowedError):
            decide_standing(work, behind, Proposal.SUSPEND)


def test_who_is_let_off_now_is_not_proposed(work, behind):
    waive(work, NewWaiver(behind, OCTOBER, None, "illness"))
    view = standing_of(work, behind, TODAY)
    assert (view.standing, view.proposal) == (Standing.IN_ARREARS, None)


def test_arrears_of_an_old_register_rest_for_a_month(work, clock):
    member = make_payer(work).person_id
    open_arrears_batch(work, [OpeningArrears(member, None, 2000, Month(2025, 10))], OCTOBER)
    assert standing_of(work, member, TODAY).proposal is None
    clock.move_to(datetime(2026, 11, 14, 6, tzinfo=UTC))
    assert standing_of(work, member, clock.today()).proposal is None
    clock.move_to(datetime(2026, 11, 16, 6, tzinfo=UTC))
    assert standing_of(work, member, clock.today()).proposal is Proposal.SUSPEND


def test_a_new_rule_changes_no_day_before_it(work, behind, clock):
    clock.move_to(datetime(2026, 10, 20, 6, tzinfo=UTC))
    set_rule(work, NewRule(date(2026, 10, 20), 15, 6, 9, 12, 30, (1, 3, 5)))
    assert stands(work, behind, TODAY) is Standing.IN_ARREARS
    assert stands(work, behind, date(2026, 10, 20)) is Standing.IN_GRACE


def test_merged_entries_stand_as_one(work, behind):
    kept = make_payer(work, fee_minor=0)
    from_other = standings(work, TODAY)
    assert {behind, kept.person_id} <= set(from_other)
    work.session.get_one(Member, behind).merged_into = kept.person_id
    work.session.flush()
    after = standings(work, TODAY)
    assert behind not in after
    assert after[kept.person_id].months_behind == 6
