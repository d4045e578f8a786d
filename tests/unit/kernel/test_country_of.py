from __future__ import annotations

import pytest

from union.kernel.phone import country_of


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+915830166131", "IN"),
        ("+447700900123", "GB"),
        ("+12025550123", "US"),
        ("5830166131", None),
        ("AIRTEL", None),
        ("", None),
    ],
)
def test_a_number_belongs_where_its_prefix_says(number, country):
    assert country_of(number) == country
