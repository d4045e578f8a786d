"""What a sum given back undoes."""

from __future__ import annotations

import pytest

from union.dues.rules.allocation import Share
from union.dues.rules.returning import PaidCharge, ReturnTooLargeError, undo
from union.kernel.periods import Month

SEPTEMBER = PaidCharge(Month(2026, 9), 1, 2000)
OCTOBER = PaidCharge(Month(2026, 10), 2, 2000)


def test_what_is_paid_ahead_goes_first_and_no_month_is_touched():
    undoing = undo(1500, 3000, [SEPTEMBER, OCTOBER])
    assert (undoing.credit_minor, undoing.reopened) == (1500, ())


def test_then_the_newest_months_are_owed_again():
    undoing = undo(4000, 500, [SEPTEMBER, OCTOBER])
    assert undoing.credit_minor == 500
    assert undoing.reopened == (Share(2, 2000), Share(1, 1500))
    assert undoing.reopened_minor == 3500


def test_more_than_was_paid_is_refused():
    with pytest.raises(ReturnTooLargeError):
        undo(4501, 500, [SEPTEMBER, OCTOBER])
