from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.dues.rules.allocation import OpenCharge, PaymentNotPositiveError, Share, allocate
from union.kernel.periods import Month

CHARGES = st.lists(
    st.builds(
        OpenCharge,
        month=st.builds(Month, st.integers(2020, 2027), st.integers(1, 12)),
        charge_id=st.integers(1, 10_000),
        open_minor=st.integers(0, 50_000),
    ),
    max_size=30,
    unique_by=lambda charge: charge.charge_id,
)


def charge(number: int, month: int, open_minor: int = 2000) -> OpenCharge:
    return OpenCharge(Month(2026, month), number, open_minor)


def test_the_oldest_month_first_whatever_order_they_come_in():
    spread = allocate(3000, [charge(1, 10), charge(2, 8), charge(3, 9)])
    assert spread.shares == (Share(2, 2000), Share(3, 1000))
    assert spread.surplus_minor == 0


def test_what_is_left_over_is_surplus():
    spread = allocate(5000, [charge(1, 10)])
    assert (spread.settled_minor, spread.surplus_minor) == (2000, 3000)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_cannot_be_spread(amount):
    with pytest.raises(PaymentNotPositiveError):
        allocate(amount, [charge(1, 10)])


@given(st.integers(1, 1_000_000), CHARGES)
def test_no_paisa_is_lost_or_made_and_no_charge_is_overpaid(amount, charges):
    spread = allocate(amount, charges)
    assert spread.settled_minor + spread.surplus_minor == amount
    open_by_id = {one.charge_id: one.open_minor for one in charges}
    assert all(0 < share.amount_minor <= open_by_id[share.charge_id] for share in spread.shares)


@given(st.integers(1, 1_000_000), CHARGES)
def test_no_month_is_touched_while_an_older_one_is_open(amount, charges):
    shares = {share.charge_id: share.amount_minor for share in allocate(amount, charges).shares}
    order = sorted(charges)
    touched = [one for one in order if shares.get(one.charge_id)]
    if touched:
        before = [one for one in order if one < touched[-1]]
        assert all(shares.get(one.charge_id, 0) == one.open_minor for one in before)
