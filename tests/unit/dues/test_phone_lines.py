"""Books' numbers, draws, and lines as a phone seals and writes them."""

from __future__ import annotations

import pytest

from union.dues.rules.books import missing_numbers, next_number
from union.dues.rules.phone_lines import make_phone_key, open_line, read_written, seal_line
from union.dues.rules.sampling import draw

NONCE = bytes(12)


@pytest.mark.parametrize(
    ("used", "came_back", "missing"),
    [
        (set(), False, []),
        ({1, 4}, False, [2, 3]),
        ({2}, False, [1]),
        ({1, 2}, True, [3, 4, 5]),
        ({9}, False, []),
    ],
)
def test_a_number_is_missing_below_the_last_one_used(used, came_back, missing):
    assert missing_numbers(range(1, 6), used, came_back=came_back) == missing


def test_the_next_number_skips_no_book_and_no_gap_is_filled():
    books = [range(1, 4), range(10, 12)]
    assert [next_number(books, used) for used in ({1}, {3}, {1, 2, 3, 10}, {3, 11})] == [
        2,
        10,
        11,
        None,
    ]


def test_only_the_office_opens_a_line_and_only_under_its_own_key():
    private, public = make_phone_key()
    other, _ = make_phone_key()
    sealed = seal_line(public, "phone|key", {"card": "KA/00030"}, NONCE)
    assert b"KA/00030" not in sealed
    assert open_line(private, "phone|key", sealed) == {"card": "KA/00030"}
    assert open_line(other, "phone|key", sealed) is None
    assert open_line(private, "phone|another", sealed) is None
    assert open_line(private, "phone|key", sealed[:-1]) is None
    assert open_line(private, "phone|key", b"\4" * 90) is None
    assert open_line(private, "phone|key", b"") is None


def test_a_line_is_read_as_a_sheet_s_and_nonsense_stays_empty():
    said = {"receipt_no": 7, "card": " ka 30 ", "amount_minor": 2050, "day": "2026-10-16"}
    written = read_written(1, "KA/00718", {**said, "stamped": True, "at": "2026-10-16T10:00:00Z"})
    line = written.line
    assert (line.receipt, line.card, line.amount, line.day) == ("7", "ka 30", "20.50", "2026-10-16")
    assert (written.stamped, written.spoiled, written.written_at.hour) == (True, False, 10)
    odd = read_written(1, "KA/00718", {"amount_minor": -5, "at": "yesterday", "spoiled": "yes"})
    assert (odd.line.amount, odd.written_at, odd.spoiled) == ("", None, False)
    assert read_written(1, "KA/00718", None).line.receipt == ""


def test_the_same_seed_draws_the_same_and_another_draws_others():
    refs = [f"ref{number}" for number in range(100)]
    assert draw("a", refs, 5) == draw("a", reversed(refs), 5)
    assert draw("a", refs, 5) != draw("b", refs, 5)
    assert len(set(draw("a", refs, 200))) == 100
