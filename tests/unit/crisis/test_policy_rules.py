"""Which policy holds, which may not be written, and that a rehearsal asks whom the engine would."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.crisis.test_choosing import HER, HERE, NIGHT, WANTED
from union.crisis.rules.choosing import LOAD_BY_WEEK, choose, load_of
from union.crisis.rules.custody import law_on, must_be_produced_by, next_warning, passed_warning
from union.crisis.rules.escalation import (
    FIRST_POLICIES,
    District,
    Step,
    read_steps,
    ways_in_order,
    write_steps,
)
from union.crisis.rules.kinds import AskedAs, Kind, Severity, TeamRole, Who
from union.crisis.rules.policies import Draft, Scope, Unsafe, most_exact, why_unsafe
from union.crisis.rules.rehearsal import Stage, rehearse

LAST = Step(Who.DUTY_OFFICER, 300)
GOOD = Draft({"responder": 2, "paralegal": 1}, (Step(Who.NEAREST, 120), LAST))
EVERYWHERE, GRAVE = Scope(Kind.EVICTION), Scope(Kind.EVICTION, Severity.GRAVE)
HERE_ONLY, BOTH = Scope(Kind.EVICTION, None, 7), Scope(Kind.EVICTION, Severity.GRAVE, 7)
ROLES = st.frozensets(st.sampled_from([AskedAs.RESPONDER, AskedAs.PARALEGAL]))
STEPS = st.builds(
    Step,
    st.sampled_from(Who),
    st.integers(-5, 700),
    st.integers(0, 4),
    ROLES,
    st.just(("voice",)),
)


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Scope(Kind.EVICTION, Severity.ORDINARY, 3), EVERYWHERE),
        (Scope(Kind.EVICTION, Severity.GRAVE, 3), GRAVE),
        (Scope(Kind.EVICTION, Severity.ORDINARY, 7), HERE_ONLY),
        (Scope(Kind.EVICTION, Severity.GRAVE, 7), BOTH),
        (Scope(Kind.EVICTION, Severity.GRAVE, None), GRAVE),
        (Scope(Kind.ARREST_OR_RAID, Severity.GRAVE, 7), None),
    ],
)
def test_the_most_exact_one_holds(wanted, holds):
    assert most_exact([EVERYWHERE, GRAVE, HERE_ONLY, BOTH], wanted) == holds


def test_a_district_comes_before_a_severity():
    assert most_exact([GRAVE, HERE_ONLY, EVERYWHERE], BOTH) == HERE_ONLY


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (GOOD, None),
        (replace(GOOD, quorum={"responder": 0}), Unsafe.NOBODY_NEEDED),
        (replace(GOOD, quorum={}), Unsafe.NOBODY_NEEDED),
        (replace(GOOD, quorum={"responder": -1, "paralegal": 2}), Unsafe.NOBODY_NEEDED),
        (replace(GOOD, quorum={"responder": 11}), Unsafe.TOO_MANY_NEEDED),
        (replace(GOOD, steps=()), Unsafe.NO_STEPS),
        (replace(GOOD, steps=(LAST,) * 13), Unsafe.TOO_MANY_STEPS),
        (replace(GOOD, steps=(LAST, Step(Who.NEAREST, 60))), Unsafe.NO_LAST_STEP),
        (
            replace(GOOD, steps=(replace(LAST, roles=frozenset({AskedAs.RESPONDER})),)),
            Unsafe.NO_LAST_STEP,
        ),
        (replace(GOOD, steps=(Step(Who.NEAREST, 601), LAST)), Unsafe.WAITS_TOO_LONG),
        (replace(GOOD, steps=(Step(Who.NEAREST, 0), LAST)), Unsafe.WAITS_TOO_LONG),
        (
            replace(
                GOOD,
                steps=(*(Step(Who.NEAREST, 400, 1, frozenset({AskedAs.RESPONDER})),) * 2, LAST),
            ),
            Unsafe.ROLE_TOO_LATE,
        ),
        (replace(GOOD, steps=(*(Step(Who.NEAREST, 500),) * 3, LAST)), Unsafe.IN_CHARGE_TOO_LATE),
    ],
)
def test_what_could_leave_a_caller_alone(draft, why):
    assert why_unsafe(draft) is why


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NUISANCE])
def test_what_a_union_begins_with_is_safe(kind):
    quorum, steps = FIRST_POLICIES[kind]
    assert why_unsafe(Draft(quorum, read_steps(steps))) is None


@given(st.lists(STEPS, max_size=6), st.integers(0, 3), st.integers(0, 3))
def test_whatever_is_called_safe_asks_each_role_and_never_ends(steps, responders, lawyers):
    draft = Draft({"responder": responders, "paralegal": lawyers}, tuple(steps))
    if why_unsafe(draft) is not None:
        return
    assert responders + lawyers > 0
    assert draft.steps[-1].who is Who.DUTY_OFFICER
    waited = Counter[AskedAs]()
    for role, count in ((AskedAs.RESPONDER, responders), (AskedAs.PARALEGAL, lawyers)):
        for step in draft.steps:
            if count == 0 or (step.who is not Who.COORDINATORS and step.of({role: count})):
                break
            waited[role] += step.wait_seconds
    assert all(seconds <= 600 for seconds in waited.values())


@given(st.lists(STEPS, max_size=6))
def test_steps_are_read_as_they_were_written(steps):
    assert read_steps(write_steps(steps)) == tuple(steps)


WAYS = st.lists(st.sampled_from(["sms", "voice", "push", "call", "app"]), unique=True)


@given(st.lists(st.sampled_from(["sms", "voice", "push"]), unique=True), WAYS)
def test_a_steps_ways_come_first_and_none_of_hers_is_lost(first, hers):
    assert sorted(ways_in_order(first, hers)) == sorted(hers)
    assert ways_in_order(("voice",), ["sms", "call", "app"]) == ["call", "sms", "app"]


def test_a_rehearsal_asks_nobody_twice_and_reaches_those_in_charge():
    people = [replace(HER, person_id=n, certificate_id=n) for n in range(1, 6)]
    lawyer = replace(HER, person_id=9, certificate_id=9, role=TeamRole.PARALEGAL, branch_id=2)
    stage = Stage(
        home=District(1, HERE),
        local=NIGHT,
        districts=[District(1, HERE), District(2, HERE)],
        candidates={
            AskedAs.RESPONDER: people,
            AskedAs.PARALEGAL: [lawyer],
            AskedAs.COUNSELLOR: [],
        },
        in_charge={AskedAs.COORDINATOR: [20], AskedAs.DUTY_OFFICER: [21, 20]},
    )
    steps = (Step(Who.NEAREST, 60), Step(Who.NEIGHBOURS, 90), Step(Who.COORDINATORS, 60), LAST)
    done = rehearse(Draft(GOOD.quorum, steps), stage)
    asked = [weighed.person_id for one in done for _, weighed in one.asked]
    assert sorted(asked) == [1, 2, 3, 4, 5, 9]
    assert [w.person_id for _, w in done[0].asked] == [1, 2, 3, 9], "her lawyer sits elsewhere"
    assert [one.in_charge for one in done] == [(), (), (20,), (21,)]
    assert [one.after_seconds for one in done] == [0, 60, 150, 210]


@pytest.mark.parametrize(
    ("steps", "down", "asked"),
    [
        ([LAST], {21}, [(20, 21), (22, 23)]),
        ([LAST, LAST], {21}, [(20, 21), (22, 23)]),
        ([LAST], {20, 21, 22, 23}, [(20, 21, 22, 23)]),
        ([LAST], {20}, [(20,), (21, 22, 23)]),
        ([Step(Who.COORDINATORS, 60), LAST], {20}, [(20,), (21, 22, 23)]),
    ],
)
def test_a_rehearsal_reaches_who_is_down_before_the_others(steps, down, asked):
    """Person 20 holds both offices."""
    stage = Stage(
        home=District(1, HERE),
        local=NIGHT,
        districts=[District(1, HERE)],
        candidates={},
        in_charge={AskedAs.COORDINATOR: [20], AskedAs.DUTY_OFFICER: [20, 21, 22, 23]},
        down={AskedAs.DUTY_OFFICER: down},
    )
    done = rehearse(Draft({}, tuple(steps)), stage)
    assert [one.in_charge for one in done] == asked
    waits = [0] + [step.wait_seconds for step in steps]
    assert done[-1].after_seconds == sum(waits[: len(asked)])


@given(st.lists(st.integers(1, 6), min_size=1, max_size=60), st.integers(3, 8))
def test_work_is_spread_fairly_over_weeks(counts, people):
    """Equal people, asked over four weeks: nobody bears more than one call beyond another."""
    asked = {n: Counter[int]() for n in range(1, people + 1)}
    times = Counter(dict.fromkeys(asked, 0))
    for count in counts:
        pool = [
            replace(HER, person_id=n, certificate_id=n, load=load_of(asked[n], {})) for n in asked
        ]
        for weighed in choose(pool, replace(WANTED, count=min(count, people))).chosen:
            asked[weighed.person_id][0] += 1
            times[weighed.person_id] += 1
    assert max(times.values()) - min(times.values()) <= 1


@given(
    st.dictionaries(st.integers(0, 9), st.integers(0, 40)),
    st.dictionaries(st.integers(0, 9), st.integers(0, 40)),
)
def test_load_only_reorders_and_is_forgotten_after_four_weeks(asked, went):
    tired = replace(HER, load=load_of(asked, went))
    assert [w.person_id for w in choose([tired], WANTED).chosen] == [HER.person_id]
    old = {week: n for week, n in asked.items() if week >= len(LOAD_BY_WEEK)}
    assert load_of(old, {}) == 0
    assert load_of(asked, went) >= load_of(asked, {})


def test_the_law_of_the_day_and_the_hours_of_warning():
    new, old = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 6, 30, tzinfo=UTC)
    assert "Sanhita 2023, section 58" in law_on(new.date()).source
    assert "section 57" in law_on(old.date()).source
    assert must_be_produced_by(new) == new + timedelta(hours=24)
    told = [0]
    while len(told) < 7:
        told.append(next_warning(told[-1]))
    assert told == [0, 12, 20, 23, 24, 48, 72]


@given(st.timedeltas(timedelta(0), timedelta(days=6)))
def test_no_hour_of_warning_is_passed_by(gone):
    now = datetime(2026, 10, 16, tzinfo=UTC)
    hours = passed_warning(now - gone, now)
    assert timedelta(hours=hours) <= gone < timedelta(hours=next_warning(hours))


def test_a_kind_that_came_as_a_bare_word_is_the_kind_it_names():
    bare = Scope("eviction")
    assert bare == EVERYWHERE
    assert bare.kind is Kind.EVICTION
    assert bare.holds_for(HERE_ONLY)
    assert most_exact([EVERYWHERE], Scope("eviction", Severity.GRAVE, 7)) == EVERYWHERE
    with pytest.raises(ValueError, match="weather"):
        Scope("weather")
