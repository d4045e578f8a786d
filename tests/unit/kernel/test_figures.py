"""Small numbers: the bounds, the putting together, and a proof that was tried on bad tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.kernel.access import NOTHING, Scope
from union.kernel.figures import (
    REST,
    Edition,
    Piece,
    Side,
    SubtractedError,
    check_subtraction,
    edition,
    how_many,
    in_fives,
    in_span,
    share,
    side_for,
)
from union.kernel.periods import Month

MAY, JUNE, JULY = (Month(2026, month) for month in (5, 6, 7))
BIDAR, UDUPI, HASSAN = 1, 2, 3
NOBODY_BEFORE = (None, {})


def calls(place, first, count):
    return Piece(place, frozenset(range(first, first + count)))


def each_another(*pieces):
    return {one: f"person {one}" for piece in pieces for one in piece.ids}


def told(made: Edition):
    return [(one.place, str(one.first), str(one.last), len(one.ids)) for one in made.atoms]


def test_who_may_open_the_cases_sees_true_counts_and_nothing_true_leaves():
    assert side_for(Scope(whole=True)) is Side.TRUE
    assert side_for(Scope(branches=frozenset({BIDAR}))) is Side.INSIDE
    assert side_for(Scope(person_id=7)) is Side.INSIDE
    assert side_for(NOTHING) is Side.INSIDE
    assert side_for(Scope(whole=True), leaves=True) is Side.OUTSIDE


def test_a_small_district_stands_together_with_the_others():
    pieces = [calls(BIDAR, 0, 12), calls(UDUPI, 20, 6), calls(HASSAN, 30, 4)]
    made = edition(MAY, pieces, each_another(*pieces), NOBODY_BEFORE, 10)
    assert told(made) == [(BIDAR, "2026-05", "2026-05", 12), (REST, "2026-05", "2026-05", 10)]
    assert made.waits_since is None


def test_others_that_are_too_few_wait_and_no_sum_tells_of_them():
    pieces = [calls(BIDAR, 0, 12), calls(UDUPI, 20, 6)]
    made = edition(MAY, pieces, each_another(*pieces), NOBODY_BEFORE, 10)
    assert told(made) == [(BIDAR, "2026-05", "2026-05", 12)]
    assert made.waits_since == MAY
    later = [calls(UDUPI, 20, 6), calls(HASSAN, 30, 4), calls(BIDAR, 40, 10)]
    made = edition(JUNE, later, each_another(*later), (MAY, {BIDAR: MAY}), 10)
    assert told(made) == [(BIDAR, "2026-06", "2026-06", 10), (REST, "2026-05", "2026-06", 10)]
    assert made.waits_since is None


def test_a_district_grows_over_months_and_says_which():
    waiting = [calls(UDUPI, 20, 6), calls(UDUPI, 30, 4)]
    made = edition(JUNE, waiting, each_another(*waiting), (MAY, {}), 10)
    assert told(made) == [(UDUPI, "2026-05", "2026-06", 10)]
    assert made.waits_since == MAY, "whether others waited besides is nobody's to know"


def test_nobody_and_a_few_look_the_same():
    big = calls(BIDAR, 0, 12)
    few = calls(UDUPI, 20, 4)
    people = each_another(big, few)
    assert edition(MAY, [big], people, NOBODY_BEFORE, 10) == edition(
        MAY, [big, few], people, NOBODY_BEFORE, 10
    )


def test_one_who_calls_often_is_one_and_one_of_whom_nothing_is_known_nobody():
    often = calls(BIDAR, 0, 30)
    assert edition(MAY, [often], dict.fromkeys(often.ids, "she"), NOBODY_BEFORE, 10).atoms == ()
    assert edition(MAY, [often], {}, NOBODY_BEFORE, 10).atoms == ()
    assert how_many(["she", "she", None, "another"]) == 2


def test_calls_of_no_known_district_never_stand_by_themselves():
    lost = calls(REST, 0, 12)
    assert told(edition(MAY, [lost], each_another(lost), NOBODY_BEFORE, 10)) == [
        (REST, "2026-05", "2026-05", 12)
    ]


def test_counts_are_told_in_fives():
    assert [in_fives(one) for one in (0, 2, 3, 10, 12, 13, 17, 18)] == [0, 0, 5, 10, 10, 15, 15, 20]


def test_a_share_is_of_counts_in_fives_and_of_twenty_at_least():
    assert share(10, 17) is None
    assert share(10, 18) == 50
    assert share(12, 31) == 35
    assert share(99, 98) == 100


def test_two_tables_that_can_be_subtracted_are_refused():
    people = {cell: [f"{cell}{n}" for n in range(count)] for cell, count in (("a", 12), ("b", 3))}
    check_subtraction([{"a"}], people, 10)
    check_subtraction([{"a", "b"}], people, 10)
    with pytest.raises(SubtractedError):
        check_subtraction([{"a"}, {"a", "b"}], people, 10)


def test_a_running_month_taken_twice_is_refused():
    people = {day: [f"{day} {n}" for n in range(9)] for day in range(20)}
    monday, tuesday = set(range(19)), set(range(20))
    with pytest.raises(SubtractedError):
        check_subtraction([monday, tuesday], people, 10)


def test_rows_and_columns_that_give_away_a_corner_are_refused():
    people = {
        "Bidar day": ["a"] * 3,
        "Bidar night": list("abcdefghijkl"),
        "Udupi day": list("mnopqrstuvwx"),
    }
    rows = [{"Bidar day", "Bidar night"}, {"Udupi day"}]
    columns = [{"Bidar day", "Udupi day"}, {"Bidar night"}]
    check_subtraction(rows, people, 10)
    with pytest.raises(SubtractedError):
        check_subtraction(rows + columns, people, 10)


def test_the_same_few_in_two_heaps_stay_few():
    people = {"May": ["a", "b", "c"], "June": ["a", "b", "c"]}
    with pytest.raises(SubtractedError):
        check_subtraction([{"May", "June"}], people, 5)


def test_whatever_cannot_be_tried_to_the_end_is_refused():
    people = {cell: [cell] for cell in range(40)}
    with pytest.raises(SubtractedError):
        check_subtraction([{cell, 99} for cell in people], people | {99: range(50)}, 5)


def test_adding_and_subtracting_is_exact():
    assert in_span([[1, 1, 0], [0, 1, 1]], [1, 0, -1])
    assert not in_span([[1, 1, 0], [0, 1, 1]], [1, 0, 0])
    assert in_span([], [0, 0])
    assert not in_span([], [1])


TABLES = st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=5)


@given(TABLES, st.lists(st.integers(1, 6), min_size=5, max_size=5))
def test_what_is_let_through_holds_against_every_sum(tables, counts):
    """By the other way round: every set of cells there is, whether the figures give it."""
    people = {cell: [f"{cell}.{n}" for n in range(count)] for cell, count in enumerate(counts)}
    cells = sorted(set().union(*tables))
    rows = [[cell in one for cell in cells] for one in tables]
    small = [
        chosen
        for mask in range(1, 2 ** len(cells))
        if (chosen := {cell for at, cell in enumerate(cells) if mask >> at & 1})
        and sum(counts[cell] for cell in chosen) < 5
    ]
    given_away = [one for one in small if in_span(rows, [cell in one for cell in cells])]
    if given_away:
        with pytest.raises(SubtractedError):
            check_subtraction(tables, people, 5)
    else:
        check_subtraction(tables, people, 5)
