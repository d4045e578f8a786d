"""Who is asked: what is hard, what only reorders, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.crisis.rules.choosing import Candidate, Wanted, choose, on_shift, why_not
from union.crisis.rules.kinds import FILLED_BY, AskedAs, Shift, TeamRole
from union.kernel.geo import home_cell

ZONE = ZoneInfo("Asia/Kolkata")
NIGHT = datetime(2026, 10, 16, 0, 30, tzinfo=ZONE)
HERE = home_cell(17.91, 77.52)
HER = Candidate(
    person_id=1,
    certificate_id=1,
    role=TeamRole.RESPONDER,
    branch_id=1,
    cell=HERE,
    starts_on=date(2026, 1, 1),
    ends_on=date(2027, 1, 1),
    shift=Shift.ANY,
    languages=frozenset({"kannada"}),
)
WANTED = Wanted(role=AskedAs.RESPONDER, count=2, local=NIGHT, cell=HERE, branches=frozenset({1}))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"role": TeamRole.TEAM_LEAD}, None),
        ({"role": TeamRole.PARALEGAL}, "other_role"),
        ({"role": TeamRole.COUNSELLOR}, "other_role"),
        ({"branch_id": 2}, "elsewhere"),
        ({"ends_on": date(2026, 10, 15)}, "no_certificate"),
        ({"ends_on": date(2026, 10, 16)}, None),
        ({"starts_on": date(2026, 10, 17)}, "no_certificate"),
        ({"starts_on": date(2026, 10, 16)}, None),
        ({"shift": Shift.DAY}, "off_shift"),
        ({"shift": Shift.NIGHT}, None),
        ({"busy": True}, "busy"),
    ],
)
def test_what_is_hard(change, reason):
    assert why_not(replace(HER, **change), WANTED) == reason


def test_named_in_conflict_and_already_asked_are_hard():
    assert why_not(HER, replace(WANTED, avoid=frozenset({1}))) == "named_in_conflict"
    assert why_not(HER, replace(WANTED, already=frozenset({1}))) == "already_asked"


@pytest.mark.parametrize(
    ("hour", "shift", "awake"),
    [
        (6, Shift.DAY, False),
        (7, Shift.DAY, True),
        (19, Shift.DAY, True),
        (20, Shift.DAY, False),
        (20, Shift.NIGHT, True),
        (6, Shift.NIGHT, True),
        (7, Shift.NIGHT, False),
        (12, Shift.ANY, True),
    ],
)
def test_shifts_go_by_the_unions_clock(hour, shift, awake):
    assert on_shift(shift, NIGHT.replace(hour=hour)) is awake


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"cell": home_cell(16.0, 77.52)}),
        ({}, {"languages": frozenset({"hindi"})}),
        ({}, {"gender": "M"}),
        ({}, {"load": 3}),
        ({}, {"resting_until": NIGHT + timedelta(hours=1)}),
        ({"cell": home_cell(16.0, 77.52)}, {"resting_until": NIGHT + timedelta(hours=1)}),
    ],
)
def test_preferences_reorder(better, worse):
    wanted = replace(WANTED, language="kannada", gender="W", count=1)
    one = replace(HER, gender="W", person_id=2, certificate_id=2)
    chosen = choose([replace(one, **worse), replace(HER, gender="W", **better)], wanted)
    assert [w.person_id for w in chosen.chosen] == [1]
    assert [w.person_id for w in chosen.passed_over] == [2]


def test_preferences_never_leave_the_team_empty():
    last = replace(
        HER,
        gender="M",
        languages=frozenset(),
        load=50,
        resting_until=NIGHT + timedelta(days=1),
        cell=home_cell(12.3, 76.64),
    )
    chosen = choose([last], replace(WANTED, language="tamil", gender="W"))
    assert [w.person_id for w in chosen.chosen] == [1]
    assert chosen.chosen[0].reasons == ("resting", "other_language", "other_gender", "asked_lately")


def test_a_person_with_two_certificates_is_asked_once_by_the_better_one():
    far = replace(HER, certificate_id=2, cell=home_cell(16.5, 77.52))
    chosen = choose([far, HER], WANTED)
    assert [(w.person_id, w.certificate_id) for w in chosen.chosen] == [(1, 1)]


def test_it_says_why_nobody_was_left():
    chosen = choose([replace(HER, shift=Shift.DAY), replace(HER, busy=True)], WANTED)
    assert chosen.is_empty
    assert chosen.left_out == {"off_shift": 1, "busy": 1}


people = st.builds(
    Candidate,
    person_id=st.integers(1, 12),
    certificate_id=st.integers(1, 99),
    role=st.sampled_from(TeamRole),
    branch_id=st.integers(1, 3),
    cell=st.sampled_from([HERE, home_cell(15.0, 76.0)]),
    starts_on=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    ends_on=st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    shift=st.sampled_from(Shift),
    languages=st.frozensets(st.sampled_from(["kannada", "tamil"])),
    load=st.integers(0, 9),
    busy=st.booleans(),
)


@given(st.lists(people, max_size=20), st.sampled_from([r for r in AskedAs if r in FILLED_BY]))
def test_whatever_the_team_the_choice_is_lawful(team, role):
    wanted = replace(WANTED, role=role, branches=None, avoid=frozenset({3}), count=4)
    choice = choose(team, wanted)
    allowed = {c.person_id for c in team if why_not(c, wanted) is None}
    chosen = [w.person_id for w in choice.chosen]
    assert len(chosen) == len(set(chosen)) == min(4, len(allowed))
    assert set(chosen) <= allowed
    assert 3 not in chosen
    assert [w.km for w in choice.chosen] == sorted(w.km for w in choice.chosen)
