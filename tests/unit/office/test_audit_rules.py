"""The arithmetic of an audit: cash that grows old, numbers against days, samples drawn again."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.office.audit.rules.deposits import (
    ReceiptLine,
    against_the_numbers,
    cash_age,
    signs_of_lapping,
    written_late,
)
from union.office.audit.rules.sampling import Paper, draw, population_hash, strata
from union.office.audit.rules.steps import Verdict, verdict_of


def on(day: int) -> date:
    return date(2026, 10, day)


def receipt(number, happened, written=None):
    return ReceiptLine(number, on(happened), on(written or happened), 2000)


def test_the_oldest_cash_is_handed_in_first():
    age = cash_age([(on(1), 1000), (on(5), 1000)], [(on(3), 500), (on(11), 1000)], on(20))
    assert age.average_days == (2 * 500 + 10 * 500 + 6 * 500) / 1500
    assert (age.longest_days, age.in_hand_minor, age.oldest_on) == (15, 500, on(5))


def test_hands_that_are_empty_hold_no_old_cash():
    age = cash_age([(on(1), 1000)], [(on(4), 1000)], on(30))
    assert (age.average_days, age.longest_days, age.in_hand_minor, age.oldest_on) == (3, 3, 0, None)
    assert cash_age([], [(on(4), 1000)], on(30)).average_days == 0


def test_cash_handed_in_before_its_receipt_waited_no_day():
    assert cash_age([(on(9), 1000)], [(on(4), 1000)], on(30)).longest_days == 0


def test_days_against_the_numbers_are_counted():
    assert against_the_numbers([receipt(1, 3), receipt(2, 3), receipt(4, 5)]) == 0
    assert against_the_numbers([receipt(4, 2), receipt(1, 3), receipt(2, 1)]) == 1


def test_a_receipt_written_down_after_six_weeks_is_late():
    kept = ReceiptLine(1, date(2026, 8, 1), date(2026, 9, 15), 2000)
    late = ReceiptLine(2, date(2026, 8, 1), date(2026, 9, 16), 2000)
    assert written_late([kept]) == 0
    assert written_late([kept, late, receipt(3, 9)]) == 1


def test_each_sign_counts_once():
    assert signs_of_lapping(longest_days=31, backwards=0, late=0, disputed=0) == 0
    assert signs_of_lapping(longest_days=32, backwards=3, late=0, disputed=1) == 3


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ({"wrong": True, "look": True}, Verdict.WRONG),
        ({"wrong": False, "look": True}, Verdict.LOOK),
        ({"wrong": False}, Verdict.WELL),
        ({"wrong": False, "anything": False}, Verdict.NOTHING),
    ],
)
def test_the_worst_decides(asked, verdict):
    assert verdict_of(**asked) is verdict


def papers(*amounts):
    return [Paper(number, f"p{number}", amount) for number, amount in enumerate(amounts, 1)]


def test_a_few_large_ones_are_a_stratum_of_their_own():
    parted = strata(papers(*[100] * 30, 3000, 3000))
    assert [[one.amount_minor for one in stratum][:2] for stratum in parted] == [
        [3000],
        [3000],
        [100, 100],
    ]


def test_anybody_draws_the_same_again_by_hand():
    population = papers(*[100] * 40)
    drawn = draw(population, "dice 6 4 2", 6)
    third = sorted(strata(population)[0], key=lambda one: _chance("dice 6 4 2", one.id))[:2]
    assert [one.paper for one in drawn if one.stratum == 1] == third
    assert drawn == draw(list(reversed(population)), "dice 6 4 2", 6)
    assert drawn != draw(population, "dice 6 4 3", 6)


def _chance(seed, number):
    return hashlib.sha256(f"{seed}|{number}".encode()).hexdigest()


@given(
    amounts=st.lists(st.integers(1, 10**7), min_size=1, max_size=60),
    size=st.integers(1, 80),
    seed=st.text(max_size=8),
)
def test_a_sample_is_as_large_as_asked_and_holds_nothing_twice(amounts, size, seed):
    population = papers(*amounts)
    drawn = draw(population, seed, size)
    assert len(drawn) == min(size, len(population))
    assert len({one.paper.id for one in drawn}) == len(drawn)
    assert sorted(one.id for stratum in strata(population) for one in stratum) == [
        one.id for one in population
    ]


def test_another_population_has_another_hash():
    assert population_hash(papers(1, 2)) == population_hash(list(reversed(papers(1, 2))))
    assert population_hash(papers(1, 2)) != population_hash(papers(1, 3))
