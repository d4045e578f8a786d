from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.ledger.errors import EntryIncompleteError, EntryUnbalancedError
from union.ledger.rules import AccountCode, FundCode, NewLeg, collector_cash, credit, debit
from union.ledger.rules.entries import check_legs, reversed_legs

amounts = st.integers(1, 10**12)
funds = st.sampled_from(list(FundCode))


@given(st.lists(st.tuples(amounts, funds), min_size=1, max_size=6))
def test_every_debit_with_its_credit_balances_and_so_does_its_opposite(pairs):
    legs = [
        leg
        for amount, fund in pairs
        for leg in (
            debit(AccountCode.BANK, amount, fund),
            credit(AccountCode.DONATIONS, amount, fund),
        )
    ]
    assert check_legs(legs) == tuple(legs)
    back = check_legs(reversed_legs(legs))
    assert [leg.amount_minor for leg in back] == [-leg.amount_minor for leg in legs]
    assert reversed_legs(back) == tuple(legs)


@given(amounts, amounts, funds, funds)
def test_anything_else_is_refused(one, other, fund, another):
    legs = (debit(AccountCode.BANK, one, fund), credit(AccountCode.DONATIONS, other, another))
    if one == other and fund == another:
        assert check_legs(legs) == legs
    else:
        with pytest.raises(EntryUnbalancedError):
            check_legs(legs)


@pytest.mark.parametrize(
    "legs",
    [(), (NewLeg("1010", 5),), (NewLeg("1010", 0), NewLeg("4110", 0))],
    ids=["none", "one", "of nothing"],
)
def test_too_little_is_no_entry(legs):
    with pytest.raises(EntryIncompleteError):
        check_legs(legs)


def test_a_collectors_code_is_read_with_its_number():
    assert [collector_cash(number) for number in (7, 718, 12345)] == [
        "1020-0007",
        "1020-0718",
        "1020-12345",
    ]
