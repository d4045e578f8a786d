"""Cards, numbers, fees, districts and the words people write about people."""

from __future__ import annotations

from datetime import date, time

import pytest

from union.kernel.phone import PhoneUnreadableError
from union.members.rules.cards import read_card
from union.members.rules.cells import is_ditto, is_formula, plain
from union.members.rules.districts import District, names_of, place_hint, read_district
from union.members.rules.errors import CardUnreadableError, FeeUnreadableError
from union.members.rules.fees import read_fee
from union.members.rules.people import read_category, read_languages, read_remark
from union.members.rules.phones import cut_figures, read_number
from union.members.rules.wishes import ALL_CHANNELS, read_wish

TODAY = date(2026, 11, 22)

DISTRICTS = (
    District("Bengaluru Urban", ("Bangalore", "Bengaluru", "B'lore"), "Bengaluru", 12.97, 77.59),
    District("Dakshina Kannada", ("Mangalore", "D.K."), "Mangaluru", 12.91, 74.86),
    District("Mysuru", ("Mysore",), "Mysuru", 12.3, 76.64),
)
NAMES = names_of(DISTRICTS)


@pytest.mark.parametrize(
    "text",
    ["KA/00245", "KA/245", "KA-0245", "ka245", "KA 245", " ka/ 00245 ", "245", "ಕಾ"[:0] + "KA-೨೪೫"],
)
def test_a_card_is_one_however_it_is_written(text):
    assert read_card(text) == "KA/00245"


@pytest.mark.parametrize("text", ["", "KA", "Rani", "KA/12/34", "=1+1"])
def test_what_is_no_card_is_refused(text):
    with pytest.raises(CardUnreadableError):
        read_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "5830-166-131",
        "05830166131",
        "58301 66131",
        "915830166131",
        "+91 58301 66131",
        "+91-5830166131",
        " 5830166131",
        "೫೮೩೦೧೬೬೧೩೧",
    ],
)
def test_a_number_is_one_however_it_is_written(text):
    assert read_number(text).e164 == "+915830166131"


@pytest.mark.parametrize(
    "text", ["5773308", "56850 3", "+91-579", "9156006", "0566187", "", "none"]
)
def test_a_number_that_is_cut_off_is_never_called(text):
    with pytest.raises(PhoneUnreadableError):
        read_number(text)


def test_a_cut_number_is_told_from_none():
    assert (cut_figures("+91-579"), cut_figures("0566187"), cut_figures("none")) == (
        "579",
        "566187",
        "",
    )


@pytest.mark.parametrize("text", ["20", "20.00", "₹20", "Rs.20/-", "೨೦"])
def test_a_fee_in_figures(text):
    assert (read_fee(text).fee_minor, read_fee(text).in_words) == (2000, False)


@pytest.mark.parametrize("text", ["twenty", "Twenty rupees only", "Rs. twenty/-", "ಇಪ್ಪತ್ತು"])
def test_a_fee_in_words_says_so(text):
    assert (read_fee(text).fee_minor, read_fee(text).in_words) == (2000, True)


@pytest.mark.parametrize("text", ["", "some", "-20", "2O"])
def test_what_is_no_fee_is_refused(text):
    with pytest.raises(FeeUnreadableError):
        read_fee(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bengaluru Urban", "Bengaluru Urban"),
        ("B'lore", "Bengaluru Urban"),
        ("BANGALORE", "Bengaluru Urban"),
        ("dk", "Dakshina Kannada"),
        ("Mysore", "Mysuru"),
    ],
)
def test_a_district_by_any_of_its_names(text, name):
    reading = read_district(text, NAMES)
    assert reading is not None
    assert (reading.name, reading.guessed) == (name, False)


def test_a_slip_of_the_pen_is_read_and_said():
    reading = read_district("Bangalor", NAMES)
    assert reading is not None
    assert (reading.name, reading.guessed) == ("Bengaluru Urban", True)


@pytest.mark.parametrize("text", ["??", "N. Karnataka", "Hyderabad"])
def test_a_district_nobody_knows(text):
    assert read_district(text, NAMES) is None


def test_her_place_hints_at_the_district():
    assert place_hint("Mysuru old town", DISTRICTS) == "Mysuru"
    assert place_hint("old town", DISTRICTS) is None


@pytest.mark.parametrize(
    ("text", "category"),
    [("W", "woman"), ("woman", "woman"), ("T", "trans"), ("TG", "trans"), ("M", "man"), ("", None)],
)
def test_categories(text, category):
    assert read_category(text) == category


def test_languages_with_one_nobody_knows():
    assert read_languages("Kannada; Tulu, Klingon") == (("kn", "tcy"), ("Klingon",))


@pytest.mark.parametrize(
    ("text", "status", "on"),
    [
        ("expired 2024, nominee informed", "died", date(2024, 12, 31)),
        ("left 2023", "left", date(2023, 12, 31)),
        ("died", "died", TODAY),
        ("gone to Pune, will come back", "active", None),
        ("leftover", "active", None),
        ("", "active", None),
    ],
)
def test_what_a_remark_says_about_where_she_is(text, status, on):
    reading = read_remark(text, TODAY)
    assert (reading.status, reading.on) == (status, on)


def test_somebody_away_is_with_us_and_a_minor_is_told():
    assert read_remark("gone to Pune, will come back", TODAY).away
    assert read_remark("minor, with her mother", TODAY).minor


@pytest.mark.parametrize(
    ("text", "channels", "not_before", "not_after", "ask_for"),
    [
        ("only SMS", ("sms", "link"), None, None, None),
        ("do not call, meet in person", ("visit",), None, None, None),
        ("any time", ALL_CHANNELS, None, None, None),
        ("yes", ALL_CHANNELS, None, None, None),
        ("ask for Akka", ALL_CHANNELS, None, None, "Akka"),
        ("after 4 pm", ALL_CHANNELS, time(16), None, None),
        ("after 12 am", ALL_CHANNELS, time(0), None, None),
        ("mornings", ALL_CHANNELS, None, time(12), None),
        ("before 9.30 am", ALL_CHANNELS, None, time(9, 30), None),
    ],
)
def test_wishes_become_rules(text, channels, not_before, not_after, ask_for):
    wish = read_wish(text)
    assert wish.asked
    assert wish.understood
    assert (wish.channels, wish.not_before, wish.not_after, wish.ask_for) == (
        channels,
        not_before,
        not_after,
        ask_for,
    )


def test_a_wish_nobody_understands_allows_a_visit_only():
    wish = read_wish("when the moon is full")
    assert (wish.channels, wish.understood, wish.words) == (
        ("visit",),
        False,
        "when the moon is full",
    )


def test_no_wish_means_nobody_asked():
    assert not read_wish(" ").asked


def test_marks_of_the_pen_and_of_the_spreadsheet():
    assert all(is_ditto(mark) for mark in ('"', "''", "〃", " do ", "-do-", "Ditto"))
    assert not is_ditto("Dona")
    assert is_formula('=HYPERLINK("http://example.invalid/x","pay here")')
    assert is_formula("@SUM(A1)")
    assert not is_formula("+91 58301 66131")
    assert not is_formula("-")
    assert plain(" a\u200b  b\n") == "a b"
