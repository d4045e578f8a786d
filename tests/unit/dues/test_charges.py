from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from union.dues.rules.charges import (
    MonthCharge,
    Payer,
    RatePeriod,
    WaivedPeriod,
    Why,
    first_month,
    month_charge,
    rate_in,
)
from union.kernel.periods import Month

OCTOBER = Month(2026, 10)
RATES = (
    RatePeriod("", 2000, Month(2020, 1)),
    RatePeriod("", 2500, Month(2026, 11)),
    RatePeriod("trans", 1000, Month(2024, 4)),
)
PAYER = Payer("woman", None, date(2020, 3, 4), None, None)


def why(payer: Payer, month: Month = OCTOBER, *waived: WaivedPeriod) -> Why:
    return month_charge(payer, month, RATES, waived).why


def test_her_own_fee_goes_before_any_rate():
    charge = month_charge(replace(PAYER, own_fee_minor=5000), OCTOBER, RATES)
    assert charge == MonthCharge(5000, Why.OWN_FEE)


def test_a_fee_of_nothing_is_free():
    assert month_charge(replace(PAYER, own_fee_minor=0), OCTOBER, RATES) == MonthCharge(0, Why.FREE)


@pytest.mark.parametrize(
    ("category", "month", "amount"),
    [
        ("woman", Month(2026, 10), 2000),
        ("woman", Month(2026, 11), 2500),
        ("trans", Month(2026, 11), 1000),
        ("trans", Month(2024, 3), 2000),
        ("woman", Month(2019, 12), None),
    ],
)
def test_the_rate_of_the_month_it_is_for(category, month, amount):
    assert rate_in(month, category, RATES) == amount


def test_no_rate_charges_nothing_and_says_so():
    assert month_charge(PAYER, OCTOBER, ()) == MonthCharge(0, Why.NO_RATE)


@pytest.mark.parametrize(
    ("joined", "first"),
    [
        (date(2026, 10, 1), OCTOBER),
        (date(2026, 10, 15), OCTOBER),
        (date(2026, 10, 16), OCTOBER.next()),
        (date(2026, 12, 31), Month(2027, 1)),
        (None, None),
    ],
)
def test_who_joins_after_the_fifteenth_begins_with_the_next_month(joined, first):
    assert first_month(joined) == first


def test_nothing_before_she_joined():
    assert why(replace(PAYER, joined_on=date(2026, 10, 16))) is Why.NOT_JOINED
    assert why(replace(PAYER, joined_on=date(2026, 10, 15))) is Why.RATE


@pytest.mark.parametrize("gone", [date(2026, 10, 1), date(2026, 10, 31), date(2024, 1, 1)])
def test_nothing_for_the_month_she_left_or_died_and_later(gone):
    assert why(replace(PAYER, gone_on=gone)) is Why.GONE
    assert why(replace(PAYER, gone_on=date(2026, 11, 1))) is Why.RATE


def test_months_of_the_old_register_are_not_charged_again():
    assert why(replace(PAYER, covered_to=OCTOBER)) is Why.PAID_BEFORE
    assert why(replace(PAYER, covered_to=OCTOBER.previous())) is Why.RATE


def test_waived_months_both_ends_counted_and_without_end():
    months = WaivedPeriod(Month(2026, 8), OCTOBER)
    assert why(PAYER, OCTOBER, months) is Why.WAIVED
    assert why(PAYER, OCTOBER.next(), months) is Why.RATE
    assert why(PAYER, Month(2030, 1), WaivedPeriod(OCTOBER, None)) is Why.WAIVED
    assert why(PAYER, OCTOBER.previous(), WaivedPeriod(OCTOBER, None)) is Why.RATE
