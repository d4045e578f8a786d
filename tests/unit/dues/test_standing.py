from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.dues.rules.standing import (
    Proposal,
    Standing,
    StandingFacts,
    StandingRule,
    proposal,
    standing,
)

RULE = StandingRule(grace_months=1, suspend_months=6, lapse_months=24, rest_days=30)
TODAY = date(2026, 10, 16)

FACTS = st.builds(
    StandingFacts,
    months_behind=st.none() | st.integers(0, 40),
    suspended=st.booleans(),
    taken_over_on=st.none() | st.dates(date(2026, 8, 1), TODAY),
    let_off=st.booleans(),
    paid_something=st.booleans(),
    with_us=st.booleans(),
)


@pytest.mark.parametrize(
    ("behind", "suspended", "stands"),
    [
        (0, False, Standing.GOOD),
        (1, False, Standing.IN_GRACE),
        (2, False, Standing.IN_ARREARS),
        (30, False, Standing.IN_ARREARS),
        (None, False, Standing.UNKNOWN),
        (0, True, Standing.SUSPENDED),
        (23, True, Standing.SUSPENDED),
        (24, True, Standing.LAPSED),
        (None, True, Standing.SUSPENDED),
    ],
)
def test_how_she_stands(behind, suspended, stands):
    assert standing(StandingFacts(behind, suspended), RULE) is stands


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        (StandingFacts(5), None),
        (StandingFacts(6), Proposal.SUSPEND),
        (StandingFacts(6, let_off=True), None),
        (StandingFacts(6, paid_something=True), None),
        (StandingFacts(6, with_us=False), None),
        (StandingFacts(None), None),
        (StandingFacts(6, taken_over_on=TODAY), None),
        (StandingFacts(6, taken_over_on=date(2026, 9, 17)), None),
        (StandingFacts(6, taken_over_on=date(2026, 9, 16)), Proposal.SUSPEND),
        (StandingFacts(6, suspended=True), None),
        (StandingFacts(1, suspended=True), Proposal.REINSTATE),
    ],
)
def test_what_a_person_is_asked(facts, asked):
    assert proposal(facts, RULE, TODAY) is asked


@given(FACTS)
def test_the_rule_itself_suspends_nobody(facts):
    stands = standing(facts, RULE)
    assert facts.suspended == (stands in {Standing.SUSPENDED, Standing.LAPSED})


@given(FACTS)
def test_nobody_is_proposed_on_the_day_her_register_came_in(facts):
    if facts.taken_over_on == TODAY:
        assert proposal(facts, RULE, TODAY) is not Proposal.SUSPEND


@given(FACTS, st.integers(0, 40))
def test_paying_never_makes_it_worse(facts, paid):
    order = [Standing.GOOD, Standing.IN_GRACE, Standing.IN_ARREARS]
    if facts.months_behind is None or facts.suspended:
        return
    less = StandingFacts(max(facts.months_behind - paid, 0))
    assert order.index(standing(less, RULE)) <= order.index(standing(facts, RULE))
