"""What a card page asks for: what is due, or months ahead that she chooses, or nothing."""

from __future__ import annotations

import pytest

from union.checkout.rules.ahead import Ahead, asked_for, offered


def test_months_ahead_are_offered_only_when_nothing_is_due_and_a_fee_is_known():
    assert offered(0, 2000)[:2] == (Ahead(1, 2000), Ahead(3, 6000))
    assert offered(2000, 2000) == ()
    assert offered(0, 0) == ()


@pytest.mark.parametrize(
    ("owed", "months", "asked"),
    [(4000, None, 4000), (4000, 3, 4000), (0, None, 0), (0, 3, 6000), (0, 5, 0)],
)
def test_the_field_begins_with_what_is_due_or_what_she_chose(owed, months, asked):
    assert asked_for(owed, offered(owed, 2000), months) == asked
