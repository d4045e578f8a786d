"""Which contacts are one line at the desk."""

from __future__ import annotations

from union.crisis.rules.together import Caller, lines_of

ONE, OTHER = "+915442900234", "+915442900235"


def test_one_number_is_one_line_in_the_order_in_which_it_came():
    callers = [Caller(1, ONE, None), Caller(2, OTHER, None), Caller(3, ONE, 7), Caller(4, ONE, 7)]
    assert lines_of(callers) == [(1, 3, 4), (2,)]


def test_who_hides_her_number_is_nobody_elses_line():
    assert lines_of([Caller(1, None, None), Caller(2, "", None)]) == [(1,), (2,)]


def test_a_shared_telephone_with_two_calls_keeps_them_apart():
    callers = [Caller(1, ONE, 7), Caller(2, ONE, 8), Caller(3, ONE, None), Caller(4, ONE, 7)]
    assert lines_of(callers) == [(1, 4), (2,), (3,)]
