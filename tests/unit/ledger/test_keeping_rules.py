"""Ages of floats, kinds of papers, years and counted pieces, without a database."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.kernel.periods import Month
from union.ledger.rules.counting import counted_minor
from union.ledger.rules.floats import unsettled_since
from union.ledger.rules.papers import paper_type, papers_hash
from union.ledger.rules.years import FinancialYear

DAY = [date(2026, 10, day) for day in range(1, 6)]


@pytest.mark.parametrize(
    ("days", "since"),
    [
        ([], None),
        ([(DAY[0], 100, 0)], DAY[0]),
        ([(DAY[0], 100, 0), (DAY[1], 0, 100)], None),
        ([(DAY[0], 100, 0), (DAY[1], 50, 100)], DAY[1]),
        ([(DAY[0], 100, 0), (DAY[1], 50, 99)], DAY[0]),
        ([(DAY[2], 50, 0), (DAY[0], 100, 100)], DAY[2]),
        ([(DAY[0], 0, 30), (DAY[1], 30, 0)], None),
    ],
)
def test_what_comes_back_covers_the_oldest_first(days, since):
    assert unsettled_since(days) == since


@given(
    st.lists(st.tuples(st.sampled_from(DAY), st.integers(0, 99), st.integers(0, 99)), max_size=6)
)
def test_something_is_unsettled_just_when_more_was_given_than_covered(days):
    left = sum(given_out - covered for _day, given_out, covered in days)
    assert (unsettled_since(days) is not None) == (left > 0)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<svg onload=x>", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_paper_is_known_by_its_content(beginning, kind):
    assert paper_type(beginning) == kind


def test_the_hash_of_papers_tells_words_from_papers_and_order():
    one, two = (hashlib.sha256(each).digest() for each in (b"1", b"2"))
    ways = [(None, []), (b"", []), (None, [one]), (b"x", [one, two]), (b"x", [two, one])]
    assert len({papers_hash(words, papers) for words, papers in ways}) == len(ways)


@pytest.mark.parametrize(
    ("day", "begun"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 31), 2026)],
)
def test_the_year_turns_with_april(day, begun):
    year = FinancialYear.of(day)
    assert year.begun == begun
    assert year.first_day <= day <= year.last_day
    assert year.last_month == Month(begun + 1, 3)


def test_a_year_is_written_as_people_write_it():
    assert [str(FinancialYear(one)) for one in (2026, 2099)] == ["2026–27", "2099–00"]


def test_pieces_come_to_their_worth():
    assert counted_minor({50000: 3, 100: 7, 2000: 0}) == 150_700
