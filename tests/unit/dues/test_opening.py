from __future__ import annotations

from datetime import date

from union.dues.rules.opening import OpeningArrears, OpeningPosition, position, register_month
from union.kernel.periods import Month

OCTOBER = Month(2026, 10)


def row(paid_upto: Month | None, fee_minor: int = 2000, joined_on: date | None = None):
    return OpeningArrears(1, 1, fee_minor, paid_upto, joined_on)


def test_months_not_paid_are_owed_up_to_the_eve():
    place = position(row(Month(2026, 7)), OCTOBER)
    assert place == OpeningPosition((Month(2026, 8), Month(2026, 9)), 4000, 0)


def test_paid_to_the_eve_owes_and_has_nothing():
    assert position(row(Month(2026, 9)), OCTOBER) == OpeningPosition((), 0, 0)


def test_months_ahead_are_hers():
    assert position(row(Month(2026, 12)), OCTOBER) == OpeningPosition((), 0, 6000)


def test_nobody_knows_means_nothing_is_invented():
    assert position(row(None), OCTOBER) == OpeningPosition((), 0, 0)
    assert position(row(Month(2020, 1), fee_minor=0), OCTOBER) == OpeningPosition((), 0, 0)


def test_months_before_she_joined_are_never_owed():
    place = position(row(Month(2026, 1), joined_on=date(2026, 8, 20)), OCTOBER)
    assert place.owed_months == (Month(2026, 9),)


def test_over_the_turn_of_a_year():
    place = position(row(Month(2025, 11)), Month(2026, 2))
    assert place.owed_months == (Month(2025, 12), Month(2026, 1))


def test_the_register_was_closed_in_the_month_most_have_paid():
    rows = [row(OCTOBER)] * 3 + [row(Month(2026, 9))] * 2 + [row(Month(2026, 12)), row(None)]
    assert register_month(rows, date(2026, 11, 22)) == OCTOBER
    assert register_month([row(Month(2027, 5))], date(2026, 11, 22)) == Month(2026, 11)
    assert register_month([row(None)], date(2026, 11, 22)) == Month(2026, 11)
