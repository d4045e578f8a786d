"""Two years of calls told month by month, inside and outside: nobody can be reckoned out of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from union.crisis.rules.editions import ToldLine, as_she_wished, editions, say_of, told_on
from union.crisis.rules.figures import Call, Stage
from union.crisis.rules.kinds import AsSheWished
from union.kernel.figures import FEWEST, Atom, Piece, Side, check_subtraction, how_many
from union.kernel.periods import Month

FIRST = Month(2026, 1)
MONTHS = tuple(FIRST.shift(n) for n in range(24))
NOON = datetime(2026, 10, 16, 12, tzinfo=ZoneInfo("Asia/Kolkata"))
SIDES = (Side.INSIDE, Side.OUTSIDE)

CALLS = st.lists(
    st.tuples(
        st.integers(0, 23),
        st.sampled_from([None, 1, 1, 1, 2, 2, 3]),
        st.none() | st.integers(1, 60),
    ),
    max_size=160,
)
"""A call: in which month it was known of, its district, who called; many call again."""


class Telling:
    """The months in a row, as the service tells them."""

    def __init__(self, calls):
        self.calls = dict(enumerate(calls))
        self.people = {one: who for one, (_, _, who) in self.calls.items() if who is not None}
        self.counted = set()
        self.waiting = []
        self.since = dict.fromkeys(SIDES)
        self.own = {side: {} for side in SIDES}
        self.told = {side: [] for side in SIDES}

    def tell(self, month, number):
        fresh = {}
        for one, (when, place, _) in self.calls.items():
            if when <= number and one not in self.counted:
                fresh.setdefault(place, set()).add(one)
        pieces = [Piece(place, frozenset(ids)) for place, ids in fresh.items()]
        before = {side: (self.since[side], dict(self.own[side])) for side in SIDES}
        made = editions(month, pieces, self.waiting, self.people, before)
        for side, one in zip(SIDES, (made.inside, made.outside), strict=True):
            self.since[side] = one.waits_since
            self.told[side] += one.atoms
            self.own[side] |= {atom.place: month for atom in one.atoms if atom.place is not None}
        self.waiting += [Piece(atom.place, atom.ids) for atom in made.inside.atoms]
        nested = {piece for atom in made.outside.atoms for piece in atom.pieces}
        self.waiting = [piece for piece in self.waiting if piece not in nested]
        for atom in made.inside.atoms:
            assert not self.counted & atom.ids, "nobody is counted twice"
            self.counted |= atom.ids


def told_in_two_years(calls):
    telling = Telling(calls)
    for number, month in enumerate(MONTHS):
        telling.tell(month, number)
    return telling


@given(CALLS)
def test_nobody_is_found_out_of_all_that_was_told_in_two_years(calls):
    telling = told_in_two_years(calls)
    behind = {one: (who,) for one, who in telling.people.items()}
    inside, outside = ([atom.ids for atom in telling.told[side]] for side in SIDES)
    check_subtraction([*inside, *outside], behind, FEWEST[Side.INSIDE])
    check_subtraction(outside, behind, FEWEST[Side.OUTSIDE])


@given(CALLS)
def test_outside_is_made_of_whole_inside_lines_and_every_line_of_enough_people(calls):
    telling = told_in_two_years(calls)
    inside = {atom.ids for atom in telling.told[Side.INSIDE]}
    for side in SIDES:
        for atom in telling.told[side]:
            assert how_many(telling.people.get(one) for one in atom.ids) >= FEWEST[side]
    for atom in telling.told[Side.OUTSIDE]:
        assert {piece.ids for piece in atom.pieces} <= inside


@given(CALLS)
def test_a_line_says_its_months_and_never_one_twice(calls):
    telling = told_in_two_years(calls)
    for side in SIDES:
        for place in {atom.place for atom in telling.told[side]}:
            lines = [atom for atom in telling.told[side] if atom.place == place]
            for before, after in pairwise(lines):
                assert before.last < after.first <= after.last
        for atom in telling.told[side]:
            when = [telling.calls[one][0] for one in atom.ids]
            if atom.place is not None:
                assert FIRST.shift(min(when)) >= atom.first
            assert FIRST.shift(max(when)) <= atom.last


def call(wished=AsSheWished.YES, there: float | None = 10, settled: float | None = 50):
    waits = {Stage.THERE: there, Stage.SETTLED: settled}
    reached = {
        stage: NOON + timedelta(minutes=wait) for stage, wait in waits.items() if wait is not None
    }
    return Call("Bidar", NOON, NOON, 3.0, reached, wished if settled is not None else None)


def said_of(calls, people=None, fewest=10, splits=(), wished=None):
    known = dict(enumerate(calls))
    atom = Atom(1, FIRST, FIRST, (Piece(1, frozenset(known)),))
    if wished is None:
        wished = {one for one, call in known.items() if as_she_wished(call)}
    people = people or {one: one + 1 for one in known}
    return say_of(atom, known, people, wished, fewest, splits)


def test_a_middle_is_of_ten_people_who_waited_for_it():
    assert said_of([call() for _ in range(10)]).there == 10
    assert said_of([*(call() for _ in range(9)), call(there=None)]).there is None
    same = dict.fromkeys(range(10), 1)
    assert said_of([call() for _ in range(10)], same).there is None


def test_one_who_was_not_served_as_she_wished_is_not_pointed_at():
    of_ten = [call() for _ in range(20)]
    assert said_of(of_ten).wished is None, "that all were content tells of each"
    nine_not = [*of_ten, *(call(AsSheWished.NO) for _ in range(9))]
    assert said_of(nine_not).wished is None
    assert said_of([*nine_not, call(AsSheWished.PARTLY)]).wished == 20
    assert said_of([*nine_not, call(AsSheWished.PARTLY)], splits=[True, False]).wished is None


def test_what_came_of_a_call_after_it_was_counted_does_not_split_a_line():
    ended_well_since = [*(call() for _ in range(12)), *(call(AsSheWished.NO) for _ in range(10))]
    assert said_of(ended_well_since).wished == 12
    assert said_of(ended_well_since, wished=set(range(9))).wished is None
    assert said_of(ended_well_since, wished=set(range(11))).wished == 11


def test_a_line_outside_is_in_fives_and_inside_it_is_not():
    line = ToldLine("Bidar", FIRST, FIRST, 33, 21, 10, 50, Side.OUTSIDE)
    assert (line.calls_told, line.wished_percent) == (35, 55)
    inside = ToldLine("Bidar", FIRST, FIRST, 33, 21, 10, 50, Side.INSIDE)
    assert inside.calls_told == 33
    assert ToldLine("Udupi", FIRST, FIRST, 12, None, None, None, Side.OUTSIDE).calls_told == 10


def test_a_month_is_told_a_week_after_its_end():
    assert str(told_on(Month(2026, 10))) == "2026-11-08"
