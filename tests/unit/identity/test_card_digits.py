"""Sixteen digits like a telephone number, and six that are not the first anybody tries."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.identity.rules.cards import (
    is_plain,
    new_card_digits,
    read_card_digits,
    read_pin,
    read_word,
    shown_card_digits,
)

cards = st.builds(lambda _: new_card_digits(), st.integers())


@given(cards)
def test_a_card_reads_back_however_it_is_parted_and_begins_as_no_telephone_does(digits):
    assert digits[0] == "5"
    assert read_card_digits(shown_card_digits(digits)) == digits
    assert read_card_digits("-".join(digits)) == digits


@given(cards, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_found_before_it_costs_a_try(digits, place, off):
    wrong = str((int(digits[place]) + off) % 10)
    assert read_card_digits(digits[:place] + wrong + digits[place + 1 :]) is None


@given(cards, st.integers(0, 14))
def test_two_neighbours_that_changed_places_are_found(digits, place):
    swapped = [*digits]
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    alike = digits[place] == digits[place + 1]
    assert (read_card_digits("".join(swapped)) is None) is not alike


def test_digits_of_another_script_are_read():
    assert read_pin("೪೮೨೯೧೫") == "482915"
    assert read_pin("48291") is None


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "121212", "123123", "123456", "654321", "456789", "098765", "112233"),
        *("010011", "147258", "258741", "159753", "246810", "198407", "071984", "202600"),
        *("150847", "311299", "010100"),
    ],
)
def test_what_anybody_tries_first_is_no_pin(pin):
    assert is_plain(pin)


def test_other_pins_are_not_plain():
    assert not any(map(is_plain, ("482915", "739164", "321546", "123465")))


def test_what_stands_on_her_card_is_no_pin():
    card = "5739164820361947"
    assert is_plain("739164", card)
    assert is_plain("361947", card)
    assert not is_plain("739164", card.replace("739164", "739614"))


def test_nine_of_ten_pins_are_left_to_choose_from():
    pins = [f"{number:06}" for number in range(0, 10**6, 7)]
    left = sum(not is_plain(pin) for pin in pins)
    assert left / len(pins) > 0.9


def test_a_word_is_the_same_however_it_is_spaced_and_cased():
    assert read_word("  Red   LAMP ") == read_word("red lamp")
    assert read_word("short") is None


def test_digits_are_not_drawn_in_a_row():
    drawn = [new_card_digits() for _ in range(50)]
    assert len(set(drawn)) == len(drawn)
    assert all(one[:8] != other[:8] for one, other in pairwise(drawn))
