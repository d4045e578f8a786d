"""The rule that judges a claim, from plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.welfare.errors import DaysAheadError, DaysTooManyError, DaysUnreadableError
from union.welfare.rules import (
    Circumstances,
    Evidence,
    Outcome,
    PaidSpan,
    Reason,
    Terms,
    check_days,
    days_within_cap,
    departs,
    has_waited,
    judge,
    kept_inputs,
)

TERMS = Terms(
    daily_amount_minor=15000,
    unpaid_days=3,
    waiting_months=6,
    arrears_ceiling_months=3,
    cap_days=30,
    evidence=frozenset({Evidence.DOCTOR, Evidence.VISIT}),
)
CLAIM = Circumstances(
    from_on=date(2026, 10, 1),
    until_on=date(2026, 10, 10),
    is_member=True,
    member_since=date(2024, 3, 31),
    months_in_arrears=1,
    evidence=Evidence.DOCTOR,
)


def test_ten_days_pay_seven_at_the_daily_sum():
    proposal = judge(TERMS, CLAIM)
    assert proposal.outcome is Outcome.GRANT
    assert (proposal.days, proposal.amount_minor) == (7, 105_000)
    assert proposal.paid_from_on == date(2026, 10, 4)
    assert proposal.reasons == (Reason.WITHIN_RULES, Reason.FIRST_DAYS_UNPAID)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_member": False}, Reason.NOT_A_MEMBER_THEN),
        ({"member_since": date(2026, 4, 2)}, Reason.WAITING_TIME),
        ({"months_in_arrears": 4}, Reason.ARREARS),
        ({"until_on": date(2026, 10, 3)}, Reason.ONLY_UNPAID_DAYS),
        ({"paid_before": (PaidSpan(date(2026, 3, 1), 30),)}, Reason.CAP_REACHED),
    ],
)
def test_each_bound_refuses_with_its_own_reason(change, reason):
    proposal = judge(TERMS, replace(CLAIM, **change))
    assert proposal.outcome is Outcome.REFUSE
    assert proposal.reasons == (reason,)
    assert (proposal.days, proposal.amount_minor) == (0, 0)


@pytest.mark.parametrize("change", [{"member_since": date(2026, 4, 1)}, {"months_in_arrears": 3}])
def test_a_bound_just_met_does_not_refuse(change):
    assert judge(TERMS, replace(CLAIM, **change)).outcome is Outcome.GRANT


def test_all_reasons_are_told_at_once():
    proposal = judge(
        TERMS,
        replace(
            CLAIM,
            member_since=date(2026, 9, 1),
            months_in_arrears=9,
            evidence=Evidence.OWN_WORD,
        ),
    )
    assert proposal.reasons == (Reason.WAITING_TIME, Reason.ARREARS, Reason.EVIDENCE_MISSING)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"evidence": Evidence.OWN_WORD}, Reason.EVIDENCE_MISSING),
        ({"member_since": None}, Reason.JOINING_UNKNOWN),
        ({"months_in_arrears": None}, Reason.ARREARS_UNKNOWN),
    ],
)
def test_what_is_missing_is_asked_for_not_refused(change, reason):
    proposal = judge(TERMS, replace(CLAIM, **change))
    assert proposal.outcome is Outcome.HEAR
    assert proposal.reasons[0] is reason
    assert proposal.days == 7


def test_her_word_is_enough_where_the_scheme_asks_for_nothing():
    terms = replace(TERMS, evidence=frozenset())
    assert judge(terms, replace(CLAIM, evidence=Evidence.OWN_WORD)).outcome is Outcome.GRANT


def test_the_cap_pays_what_is_left_of_it():
    proposal = judge(TERMS, replace(CLAIM, paid_before=(PaidSpan(date(2026, 3, 1), 28),)))
    assert (proposal.outcome, proposal.days) == (Outcome.GRANT, 2)
    assert Reason.CAP_SHORTENS in proposal.reasons
    assert proposal.days_used == 28


def test_days_older_than_a_year_no_longer_count():
    assert days_within_cap([PaidSpan(date(2025, 9, 1), 30)], date(2026, 10, 4), 7, 30) == 7


def test_a_day_leaves_the_cap_on_the_same_day_a_year_later():
    before = [PaidSpan(date(2025, 10, 4), 30)]
    assert days_within_cap(before, date(2026, 10, 3), 1, 30) == 0
    assert days_within_cap(before, date(2026, 10, 4), 1, 30) == 1


@given(
    spans=st.lists(
        st.builds(
            PaidSpan,
            st.dates(date(2025, 1, 1), date(2026, 9, 1)),
            st.integers(min_value=0, max_value=40),
        ),
        max_size=3,
    ),
    wanted=st.integers(min_value=0, max_value=60),
    cap=st.integers(min_value=0, max_value=45),
)
def test_the_cap_never_grants_more_than_asked_or_left(spans, wanted, cap):
    granted = days_within_cap(spans, date(2026, 10, 1), wanted, cap)
    assert 0 <= granted <= min(wanted, cap)
    if not spans:
        assert granted == min(wanted, cap)


def test_waiting_counts_from_the_joining_day():
    assert has_waited(date(2026, 1, 31), 1, date(2026, 2, 28))
    assert not has_waited(date(2026, 1, 31), 2, date(2026, 3, 30))


def test_days_that_cannot_be_claimed():
    today = date(2026, 10, 16)
    check_days(today, today, today)
    with pytest.raises(DaysUnreadableError):
        check_days(today, today - timedelta(days=1), today)
    with pytest.raises(DaysAheadError):
        check_days(today, today + timedelta(days=1), today)
    with pytest.raises(DaysTooManyError):
        check_days(today - timedelta(days=366), today, today)


def test_what_departs_from_the_proposal():
    proposal = judge(TERMS, CLAIM)
    assert not departs(proposal, Outcome.GRANT, 7)
    assert departs(proposal, Outcome.GRANT, 6)
    assert departs(proposal, Outcome.REFUSE, 0)


def test_inputs_are_kept_as_plain_values():
    kept = kept_inputs(TERMS, replace(CLAIM, paid_before=(PaidSpan(date(2026, 3, 1), 28),)))
    assert kept["claim"]["paid_before"] == [["2026-03-01", 28]]
    assert kept["claim"]["member_since"] == "2024-03-31"
    assert kept["terms"]["evidence"] == ["doctor", "visit"]
