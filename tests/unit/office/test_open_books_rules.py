"""The open books attacked by linear algebra: whatever is added up, nobody's help comes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.kernel.figures import in_span
from union.kernel.periods import Month
from union.office.open_books.rules import FEWEST, TOGETHER, Given, help_of

APRIL = Month(2026, 4)
MONTHS = tuple(APRIL.through(APRIL.shift(3)))
ACCOUNTS = ("5010", "5020")
FUNDS = ("welfare", "crisis")

GIVEN = st.builds(
    Given,
    st.sampled_from(MONTHS),
    st.sampled_from(FUNDS),
    st.sampled_from(ACCOUNTS),
    st.none() | st.integers(1, 9),
    st.sampled_from([500, 500, 700, -500]),
)
BOOKS = st.lists(GIVEN, min_size=5, max_size=60)
CELLS = [(month, fund, code) for month in MONTHS for fund in FUNDS for code in ACCOUNTS]


def herself(person, _month):
    return person


def published(books, closed, stands_for=herself):
    """Every figure that pages of these closed months show, as the cells it is the sum of."""
    figures = set()
    for fund in FUNDS:
        shown = help_of(fund, books, closed, stands_for)
        for month in closed:
            for line in shown.lines(month, month):
                merged = {one.account for one in books if one.fund == fund} - {
                    other.code for other in shown.lines(month, month) if other.code != TOGETHER
                }
                codes = merged if line.code == TOGETHER else {line.code}
                cells = {
                    (one, fund, code) for one in line.first.through(line.last) for code in codes
                }
                assert line.amount_minor == total(books, cells)
                figures.add(frozenset(cells))
            until = shown.shown_until(month)
            figures.add(
                frozenset((one, fund, code) for one in APRIL.through(until) for code in ACCOUNTS)
            )
            if not shown.parted(month, month):
                figures.add(frozenset((month, fund, code) for code in ACCOUNTS))
    return figures


def total(books, cells):
    return sum(one.amount_minor for one in books if (one.month, one.fund, one.account) in cells)


def people(books, cells):
    had = {}
    for one in books:
        if one.person is not None and (one.month, one.fund, one.account) in cells:
            had[one.person] = had.get(one.person, 0) + one.amount_minor
    return sum(1 for amount in had.values() if amount)


def found_out(books, figures):
    """Small sums that come out of the figures: of an account or a fund, over months in a row.

    A cell in which nothing moved is known to everybody: it takes no part.
    """
    moved = [cell for cell in CELLS if any(key(one) == cell for one in books)]
    rows = [[int(cell in figure) for cell in moved] for figure in figures]
    spans = [(first, last) for first in MONTHS for last in MONTHS if first <= last]
    secrets = [
        {
            cell
            for cell in moved
            if first <= cell[0] <= last and cell[1] == fund and cell[2] in codes
        }
        for first, last in spans
        for fund in FUNDS
        for codes in (ACCOUNTS, *((code,) for code in ACCOUNTS))
    ]
    small = [cells for cells in secrets if cells and people(books, cells) < FEWEST]
    return [cells for cells in small if in_span(rows, [int(cell in cells) for cell in moved])]


def key(one):
    return (one.month, one.fund, one.account)


def helped(month, count, *, first=1, fund="welfare", account="5010", amount=500):
    return [Given(month, fund, account, first + n, amount) for n in range(count)]


def test_the_attack_finds_what_a_month_by_itself_gives_away():
    books = helped(MONTHS[0], 2) + helped(MONTHS[1], 6)
    naive = {frozenset((m, f, a) for a in ACCOUNTS) for m in MONTHS[1:] for f in FUNDS}
    naive |= {frozenset(c for c in CELLS if c[1] == f) for f in FUNDS}
    assert {(MONTHS[0], "welfare", "5010")} in found_out(books, naive)


@given(BOOKS)
def test_nobody_is_found_out_of_all_that_was_ever_shown(books):
    figures = set().union(*(published(books, MONTHS[:n]) for n in range(len(MONTHS) + 1)))
    assert found_out(books, figures) == []


JOINED = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from(MONTHS)), max_size=4
)


@given(BOOKS, JOINED)
def test_what_was_shown_or_hidden_once_stays_so_whatever_is_learned_later(books, joined):
    def stands_for(person, month):
        later = (kept for gone, kept, since in joined if gone == person and since <= month)
        return next(later, person)

    before = ()
    for number in range(len(MONTHS) + 1):
        full = tuple(
            one
            for one in help_of("welfare", books, MONTHS[:number], stands_for).stretches
            if one.last is not None
        )
        assert full[: len(before)] == before
        before = full


def test_five_may_stand_alone_and_four_wait_for_the_next_month():
    books = helped(MONTHS[0], 5) + helped(MONTHS[1], 4) + helped(MONTHS[2], 1, first=9)
    shown = help_of("welfare", books, MONTHS, herself)
    assert [(one.first, one.last) for one in shown.stretches] == [
        (MONTHS[0], MONTHS[0]),
        (MONTHS[1], MONTHS[2]),
    ]
    assert shown.lines(MONTHS[1], MONTHS[1]) == ()
    assert [line.amount_minor for line in shown.lines(MONTHS[2], MONTHS[2])] == [2500]


def test_the_same_four_people_stay_four_however_many_months_pass():
    books = [one for month in MONTHS for one in helped(month, 4)]
    shown = help_of("welfare", books, MONTHS, herself)
    assert [(one.first, one.last) for one in shown.stretches] == [(MONTHS[0], None)]
    assert shown.shown_until(MONTHS[-1]) == APRIL.previous()


@pytest.mark.parametrize(("amount", "full"), [(-500, False), (200, True)])
def test_who_gave_it_back_is_not_one_of_the_five(amount, full):
    """Four and a fifth, but the first one's came back: behind the sum of both months are four."""
    books = helped(MONTHS[0], 4) + helped(MONTHS[1], 1, first=5)
    books += helped(MONTHS[1], 1, amount=amount)
    shown = help_of("welfare", books, MONTHS, herself)
    assert (shown.stretches[0].last is not None) is full


@pytest.mark.parametrize(("ill", "in_court", "codes"), [(5, 6, ["5010", "5020"]), (4, 6, ["help"])])
def test_small_kinds_of_help_of_a_fund_are_put_together(ill, in_court, codes):
    books = helped(MONTHS[0], ill) + helped(MONTHS[0], in_court, account="5020")
    shown = help_of("welfare", books, MONTHS, herself)
    assert [line.code for line in shown.lines(MONTHS[0], MONTHS[0])] == codes


def test_what_joined_a_stretch_before_its_end_is_one_person_and_later_is_not():
    books = helped(MONTHS[0], 5)
    known = help_of("welfare", books, MONTHS[:2], lambda one, _month: max(one, 2))
    late = help_of("welfare", books, MONTHS[:2], lambda one, m: one if m == APRIL else max(one, 2))
    assert known.stretches[0].last is None
    assert late.stretches[0].last == APRIL
