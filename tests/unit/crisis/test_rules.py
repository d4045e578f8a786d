"""Needs, steps, answers, progress and ways: the small decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from union.crisis.rules import progress, speech
from union.crisis.rules.answers import (
    Answer,
    Meant,
    Says,
    denies,
    is_pair,
    read_answer,
    says_no,
    says_yes,
)
from union.crisis.rules.escalation import (
    FIRST_POLICIES,
    District,
    how_many,
    neighbours,
    next_index,
    overflow_wait,
    read_steps,
    scope,
    widening,
)
from union.crisis.rules.kinds import (
    COMING,
    AskedAs,
    ContactState,
    IncidentState,
    Kind,
    PageState,
    Severity,
    Who,
)
from union.crisis.rules.needs import grown, needs_for, severity_of, shortfall
from union.crisis.rules.spoken import NOWHERE, SAYS, Line
from union.crisis.rules.travel import minutes_to, part_done
from union.kernel.geo import home_cell

R, P, C = AskedAs.RESPONDER, AskedAs.PARALEGAL, AskedAs.COUNSELLOR
AT = datetime(2026, 10, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("people", "responders"), [(None, 2), (1, 2), (7, 2), (8, 3), (23, 4), (40, 6), (500, 6)]
)
def test_more_people_need_more_of_us_up_to_a_bound(people, responders):
    assert needs_for({"responder": 2, "paralegal": 1}, people) == {R: responders, P: 1}


def test_a_policy_may_ask_for_more_than_the_bound():
    assert needs_for({"responder": 9}, 100) == {R: 9}
    assert needs_for({"counsellor": 1, "responder": 0}, 100) == {C: 1}


def test_needs_only_grow_and_the_shortfall_counts_who_is_coming():
    assert grown({R: 4}, {R: 2, P: 1}) == {R: 4, P: 1}
    assert shortfall({R: 2, P: 1}, {R: 1, C: 5}) == {R: 1, P: 1}
    assert shortfall({R: 2}, {R: 3}) == {}


@pytest.mark.parametrize(
    ("kind", "people", "grave"),
    [
        (Kind.ARREST_OR_RAID, 1, True),
        (Kind.EVICTION, 1, False),
        (Kind.EVICTION, 5, True),
        (Kind.THREAT_TO_OWN_LIFE, None, True),
        (Kind.UNKNOWN, None, False),
    ],
)
def test_what_is_grave(kind, people, grave):
    assert (severity_of(kind, people) is Severity.GRAVE) is grave


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NUISANCE])
def test_every_kind_has_a_policy_that_ends_with_the_duty_officer(kind):
    quorum, rows = FIRST_POLICIES[kind]
    steps = read_steps(rows)
    assert needs_for(quorum, 1)
    assert steps[-1].who is Who.DUTY_OFFICER
    assert steps[-2].who is Who.COORDINATORS
    assert all(30 <= step.wait_seconds <= 300 for step in steps)


def test_the_last_step_never_ends():
    steps = read_steps(FIRST_POLICIES[Kind.UNKNOWN][1])
    index = 0
    for _ in range(100):
        index = next_index(steps, index)
    assert index == len(steps) - 1


def test_how_many_more_are_asked():
    assert how_many(2, 0, 1) == 3
    assert how_many(2, 2, 1) == 1
    assert how_many(1, 9, 1) == 0


def test_neighbours_are_at_least_four_however_far():
    home = District(1, home_cell(17.91, 77.52))
    far = [District(n, home_cell(12 + n / 10, 75)) for n in range(2, 9)]
    near = District(20, home_cell(17.33, 76.83))
    found = neighbours(home, [home, near, *far])
    assert {1, 20} <= found
    assert len(found) == 5


def test_where_a_step_looks():
    home = District(1, home_cell(17.91, 77.52))
    assert scope(Who.NEAREST, home, [home]) == {1}
    assert scope(Who.STATE, home, [home]) is None
    assert scope(Who.NEAREST, None, [home]) is None


def test_an_empty_district_does_not_cost_a_wait():
    assert widening(Who.NEAREST, R) == (Who.NEAREST, Who.NEIGHBOURS)
    assert widening(Who.NEAREST, P) == (Who.NEAREST, Who.NEIGHBOURS, Who.STATE)
    assert widening(Who.NEIGHBOURS, R) == (Who.NEIGHBOURS,)
    assert widening(Who.DUTY_OFFICER, R) == (Who.STATE,)


def test_a_contact_nobody_took_is_told_of_again_for_ever():
    waits = [overflow_wait(n, looked_after=True) for n in (1, 2, 3, 4, 400)]
    assert waits == [timedelta(minutes=m) for m in (1, 3, 3, 10, 10)]
    assert overflow_wait(400, looked_after=False) == timedelta(minutes=3)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("4821 47", Answer(Meant.DIGITS, "4821", "47")),
        ("4821-47", Answer(Meant.DIGITS, "4821", "47")),
        ("೪೮೨೧ ೪೭", Answer(Meant.DIGITS, "4821", "47")),
        ("४८२१ ४७", Answer(Meant.DIGITS, "4821", "47")),
        ("47", Answer(Meant.DIGITS, None, "47")),
        (" ok 47. ", Answer(Meant.DIGITS, None, "47", Says.WELL)),
        ("47 help", Answer(Meant.DIGITS, None, "47", Says.HELP)),
        ("4821 47 no, help", Answer(Meant.DIGITS, "4821", "47", Says.HELP)),
        ("47 நலம்", Answer(Meant.DIGITS, None, "47", Says.WELL)),
        ("వచ్చాను 47", Answer(Meant.DIGITS, None, "47", Says.THERE)),
        ("پہنچ گئی", Answer(Meant.WORD, None, None, Says.THERE)),
        ("नको", Answer(Meant.DECLINE, None, None, Says.NO)),
        ("help 10 goondas at the stand", Answer(Meant.UNCLEAR)),
        ("no please help", Answer(Meant.UNCLEAR)),
        ("4821 no", Answer(Meant.DECLINE, "4821", None, Says.NO)),
        ("ಇಲ್ಲ", Answer(Meant.DECLINE, None, None, Says.NO)),
        ("नहीं", Answer(Meant.DECLINE, None, None, Says.NO)),
        ("482147", Answer(Meant.DIGITS, "4821", "47")),
        ("123", Answer(Meant.UNCLEAR)),
        ("help Devanahalli bus stand", Answer(Meant.UNCLEAR)),
        ("no money and police at the stand", Answer(Meant.UNCLEAR)),
        ("", Answer(Meant.UNCLEAR)),
    ],
)
def test_what_a_text_means_as_an_answer(text, answer):
    assert read_answer(text) == answer


def test_pairs_and_refusals():
    assert is_pair("07")
    assert not is_pair("7")
    assert not is_pair("೪೭")
    assert says_no("No, cannot. Sorry!")
    assert denies("ಇಲ್ಲ, ಬೇಡ")
    assert says_yes("Haan, haanji ok")
    for nothing in ("", "4821", "..."):
        assert not any(reads(nothing) for reads in (says_no, denies, says_yes))


@pytest.mark.parametrize(
    "words",
    ["Sorry wrong number", "cannot get out", "no money here", "ok come now", "haan madad karo"],
)
def test_a_word_among_others_is_no_lone_yes_or_no(words):
    assert not any(reads(words) for reads in (says_no, denies, says_yes))


@pytest.mark.parametrize("words", ["sorry", "busy, cannot", "no sorry"])
def test_whoever_is_busy_refuses_and_denies_nothing(words):
    assert says_no(words)
    assert not denies(words)


def test_nothing_leads_out_of_being_let_go_and_everything_leads_somewhere():
    assert progress.FOLLOWS.keys() == set(PageState)
    assert progress.FOLLOWS[PageState.RELEASED] == frozenset()
    for state in (PageState.ASKED, PageState.SILENT, PageState.DECLINED):
        assert progress.may_become(state, PageState.ACCEPTED)
    assert not progress.may_become(PageState.ASKED, PageState.ARRIVED)
    assert not progress.may_become(PageState.ACCEPTED, PageState.ARRIVED)


def test_only_the_briefed_are_coming():
    pages = [(R, state) for state in PageState]
    assert progress.coming(pages) == {R: len(COMING)}
    assert progress.waiting(pages) == {R: 2}


def test_the_silent_are_asked_anew_after_twenty_minutes_and_nobody_who_answered():
    early, late = AT + timedelta(minutes=19), AT + timedelta(minutes=20)
    assert not progress.may_be_asked(PageState.SILENT, AT, early)
    assert progress.may_be_asked(PageState.SILENT, AT, late)
    for state in set(PageState) - {PageState.SILENT, PageState.RELEASED}:
        assert not progress.may_be_asked(state, AT, late)


def test_what_needs_a_timer():
    assert progress.needs_a_timer(IncidentState.FILLED)
    assert progress.needs_a_timer(ContactState.TAKEN)
    assert not progress.needs_a_timer(IncidentState.MERGED)
    assert not progress.needs_a_timer(ContactState.DEALT)
    assert progress.counts_for_team(R)
    assert not progress.counts_for_team(AskedAs.COORDINATOR)


def test_ways():
    assert minutes_to(None) == 45
    assert minutes_to(0.0) == 15
    assert minutes_to(10.0) == 39
    assert minutes_to(5000.0) == 240
    half = AT + timedelta(minutes=10)
    assert part_done(AT, AT + timedelta(minutes=20), None, half) == 50
    assert part_done(AT, half, None, AT + timedelta(hours=9)) == 95
    assert part_done(AT, half, half, half) == 100
    assert part_done(None, None, None, AT) == 0


@pytest.mark.parametrize("language", ["en", "kn", "hi", "mr", "ta", "te", "ur", "xx"])
def test_a_voice_says_the_place_only_here(language):
    for state in (PageState.ACCEPTED, PageState.BRIEFED, PageState.ARRIVED):
        told = speech.menu(state, "the lodge", language)
        assert "the lodge" in told.say
        assert (told.gather, told.ask) == (1, "key")
        assert len(speech.menu(state, "", language).say) < len(told.say) + 1
    said = (speech.thanks, speech.noted, speech.farewell, speech.again, speech.how_long)
    for script in (each(language) for each in said):
        assert "the lodge" not in " ".join(script.say)


def test_every_language_says_every_sentence():
    assert set(SAYS) == {"en", "kn", "hi", "mr", "ta", "te", "ur"}
    assert all(set(lines) == set(Line) for lines in SAYS.values())
    assert set(NOWHERE) == set(SAYS)


def test_one_key_is_ten_minutes_and_nothing_else_is_any():
    assert [speech.minutes_of(key) for key in ("1", "3", "9")] == [10, 30, 90]
    assert [speech.minutes_of(key) for key in ("0", "", "12", "#", "२")] == [None] * 5


@pytest.mark.parametrize(
    ("down", "told", "first"),
    [
        ({1, 2, 3}, [], []),
        ({2}, [], [2]),
        ({2}, [(2, PageState.ASKED)], [2]),
        ({2}, [(2, PageState.EN_ROUTE)], [2]),
        ({2}, [(2, PageState.RELEASED)], [2]),
        ({2}, [(2, PageState.SILENT)], []),
        ({2}, [(2, PageState.DECLINED), (1, PageState.ASKED)], []),
        ({2, 3}, [(2, PageState.DROPPED_OUT)], [3]),
        ({9}, [], []),
        (set(), [], []),
    ],
)
def test_who_is_down_comes_first_until_asking_her_was_in_vain(down, told, first):
    assert progress.in_charge_first([1, 2, 3], down, told) == first
