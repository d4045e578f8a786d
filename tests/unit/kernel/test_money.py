"""Money is read as people write it and never rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.kernel.money import AmountUnreadableError, as_typed, format_amount, parse_amount


@pytest.mark.parametrize(
    ("text", "amount_minor"),
    [
        ("20", 2000),
        ("20.00", 2000),
        ("₹20", 2000),
        ("Rs.20/-", 2000),
        ("Rs 1,200", 120000),
        ("1,24,000.50", 12400050),
        ("೨೦", 2000),
        ("२०", 2000),
        ("-20", -2000),
        ("20.5", 2050),
    ],
)
def test_amounts_as_people_write_them(text, amount_minor):
    assert parse_amount(text) == amount_minor


@pytest.mark.parametrize("text", ["", "twenty", "2O", "20.005", "1,2,3", "20 30x", "₹", "=20+1"])
def test_anything_else_is_refused_not_guessed(text):
    with pytest.raises(AmountUnreadableError):
        parse_amount(text)


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_what_is_written_reads_back(amount_minor):
    assert parse_amount(format_amount(amount_minor).replace("−", "-")) == amount_minor


def test_indian_grouping_and_no_empty_paise():
    assert format_amount(12400000) == "₹1,24,000"
    assert format_amount(-2050) == "−₹20.50"
    assert format_amount(0) == "₹0"


@pytest.mark.parametrize(
    ("amount_minor", "text"),
    [
        (0, ""),
        (5, "0.05"),
        (2000, "20"),
        (123450, "1234.50"),
        (100_000_000, "1000000"),
        (123_456_789, "1234567.89"),
        (-2005, "-20.05"),
    ],
)
def test_a_field_is_filled_as_people_type(amount_minor, text):
    assert as_typed(amount_minor) == text


@given(st.integers(min_value=-(10**14), max_value=10**14).filter(bool))
def test_what_a_field_is_filled_with_reads_back(amount_minor):
    assert parse_amount(as_typed(amount_minor)) == amount_minor
