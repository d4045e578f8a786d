"""What the committee's rule is told about dues: how things stood on the first day claimed."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders.dues import make_payer, make_payment
from tests.builders.welfare import make_claim, make_committee, make_scheme
from union.dues.queries.arrears import months_in_arrears
from union.dues.rules.opening import OpeningArrears
from union.dues.services import charge_month, open_arrears
from union.kernel.periods import Month
from union.members.services import merge_members
from union.welfare.queries import claim_view
from union.welfare.rules import Outcome, Reason

ILL_ON = date(2026, 10, 1)


@pytest.fixture
def member(work):
    """A member charged from May to October, who has paid nothing."""
    member = make_payer(work)
    for month in range(5, 11):
        charge_month(work, Month(2026, month))
    return member


def test_full_months_before_the_day_are_counted(work, member):
    assert months_in_arrears(work, member.person_id, ILL_ON) == 5
    assert months_in_arrears(work, member.person_id, date(2026, 9, 30)) == 4
    assert months_in_arrears(work, member.person_id, date(2026, 5, 31)) == 0


def test_what_was_paid_by_then_helps_and_what_came_later_does_not(work, member):
    make_payment(work, member.person_id, 6000, happened_on=date(2026, 9, 30))
    assert months_in_arrears(work, member.person_id, ILL_ON) == 2
    make_payment(work, member.person_id, 6000, happened_on=date(2026, 10, 2))
    assert months_in_arrears(work, member.person_id, ILL_ON) == 2
    assert months_in_arrears(work, member.person_id, date(2026, 10, 2)) == 0


def test_half_a_month_paid_is_a_month_open(work, member):
    make_payment(work, member.person_id, 9000, happened_on=date(2026, 9, 1))
    assert months_in_arrears(work, member.person_id, ILL_ON) == 1


def test_merged_entries_are_one_woman_and_a_month_is_counted_once(work, member):
    twin = make_payer(work)
    charge_month(work, Month(2026, 9))
    merge_members(work, member.person_id, twin.person_id)
    assert months_in_arrears(work, member.person_id, ILL_ON) == 5


def test_where_the_old_register_could_not_say_nobody_guesses(work):
    member = make_payer(work)
    open_arrears(work, OpeningArrears(member.person_id, None, 2000, None), Month(2026, 10))
    assert months_in_arrears(work, member.person_id, ILL_ON) is None
    make_scheme(work)
    make_committee(work)
    proposal = claim_view(work, make_claim(work, member)).proposal
    assert proposal.outcome is Outcome.HEAR
    assert Reason.ARREARS_UNKNOWN in proposal.reasons


def test_too_many_open_months_refuse_with_the_figure(work, member):
    make_scheme(work)
    make_committee(work)
    view = claim_view(work, make_claim(work, member))
    assert view.proposal.reasons == (Reason.ARREARS,)
    assert view.known.months_in_arrears == 5
