"""How codes are read and matched, and how many tries a door takes."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from union.identity.rules.codes import (
    TypedCode,
    as_written,
    code_of,
    matching_step,
    new_recovery_letters,
    otpauth,
    read_code,
    step_of,
)
from union.identity.rules.sessions import kind_of_browser
from union.identity.rules.tries import ADDRESS, KNOWN, STRANGER, opens_at

NOW = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)
SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds, code):
    """RFC 6238, appendix B, its last six digits."""
    assert code_of(SECRET, step_of(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize(
    ("away", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_telephone_may_be_half_a_minute_off(away, fits):
    step = step_of(NOW) + away
    found = matching_step(SECRET, code_of(SECRET, step), NOW, after=0)
    assert found == (step if fits else None)


def test_a_code_that_was_used_or_is_older_than_one_that_was_fits_no_more():
    present = step_of(NOW)
    assert matching_step(SECRET, code_of(SECRET, present), NOW, after=present) is None
    assert matching_step(SECRET, code_of(SECRET, present - 1), NOW, after=present) is None
    assert matching_step(SECRET, code_of(SECRET, present + 1), NOW, after=present) == present + 1


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("287082", TypedCode(digits="287082")),
        (" 287 082 ", TypedCode(digits="287082")),
        ("3 K7QF-9M2X-4T", TypedCode(number=3, letters="k7qf9m2x4t")),
        ("10k7qf9m2x4t", TypedCode(number=10, letters="k7qf9m2x4t")),
        ("3 KIQF-9M2X-O0", TypedCode(number=3, letters="k1qf9m2x00")),
        ("11 K7QF-9M2X-4T", TypedCode()),
        ("0 K7QF-9M2X-4T", TypedCode()),
        ("28708", TypedCode()),
        ("२८७०८२", TypedCode()),
        ("", TypedCode()),
    ],
)
def test_what_was_typed_is_six_digits_or_a_line_of_her_sheet(text, read):
    assert read_code(text) == read


def test_a_line_of_the_sheet_is_read_as_it_was_written():
    letters = new_recovery_letters()
    assert read_code(as_written(7, letters)) == TypedCode(number=7, letters=letters)


def test_the_address_a_telephone_reads_names_nobody():
    assert otpauth(SECRET, "1", "Notebook").startswith("otpauth://totp/Notebook:1?secret=")


def _times(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=minute) for minute in minutes]


def test_a_browser_we_know_pays_for_tries_by_waiting_longer_each_time():
    eight = [NOW - timedelta(minutes=5)] * 7
    assert opens_at(KNOWN, eight, NOW) == NOW
    waits = []
    tried = [*eight, NOW]
    for _ in range(6):
        waits.append(opens_at(KNOWN, tried, NOW) - NOW)
        tried.append(NOW)
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 15)]


def test_strangers_share_twenty_tries_an_hour_and_get_them_back_one_by_one():
    assert opens_at(STRANGER, _times(*[10] * 19), NOW) == NOW
    full = sorted(_times(50, *[10] * 19))
    assert opens_at(STRANGER, full, NOW) == NOW + timedelta(minutes=10)
    assert opens_at(STRANGER, _times(*[61] * 50), NOW) == NOW


def test_only_a_count_that_is_hers_alone_is_forgiven():
    assert [bound.forgiven for bound in (KNOWN, STRANGER, ADDRESS)] == [True, False, False]


@pytest.mark.parametrize(
    ("says", "word"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/130", "android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", "iphone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15)", "mac"),
        ("", "other"),
    ],
)
def test_one_word_is_kept_of_a_browser(says, word):
    assert kind_of_browser(says) == word
