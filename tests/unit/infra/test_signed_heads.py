"""A head holds if it is signed, the next, by our key and of this chain; else it says why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from union.infra.signed_heads import SaidHead, broken_among, ends_of
from union.infra.successions import LATE, Line, OurKey

FIRST, OURS, OTHER = bytes(32), b"ours", b"another"
ONE_KEY = (OurKey(OURS),)
ENDS = ends_of([(2, b"two", 5), (1, b"one", 3)])


def head(number: int, **fields: object) -> SaidHead:
    before = (None, FIRST) if number == 1 else (number - 1, b"head %d" % (number - 1))
    sound = SaidHead(
        id=number,
        said_on=date(2026, 10, number),
        made_at=datetime(2026, 10, number, 1, tzinfo=UTC),
        previous=before,
        seal_id=number,
        end=ENDS[number],
        public_key=OURS,
        own_hash=b"head %d" % number,
        holds=True,
    )
    return replace(sound, **fields)


def codes(*heads: SaidHead, ours: Line = ONE_KEY) -> list[tuple[int, str]]:
    return [(one.head_id, one.code) for one in broken_among(heads, ENDS, FIRST, ours)]


def test_rows_are_counted_up_to_each_seal_in_its_order():
    assert ENDS == {1: (b"one", 3), 2: (b"two", 8)}


def test_heads_that_stand_on_each_other_hold():
    assert codes(head(1), head(2)) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"holds": False}, "not_signed"),
        ({"public_key": OTHER}, "another_key"),
        ({"previous": (None, FIRST)}, "not_the_next"),
        ({"previous": (1, b"head of another")}, "not_the_next"),
        ({"end": (b"two", 9)}, "not_this_chain"),
        ({"end": (b"forged", 8)}, "not_this_chain"),
        ({"seal_id": 3}, "not_this_chain"),
    ],
)
def test_what_does_not_hold_says_why(fields, code):
    assert codes(head(1), head(2, **fields)) == [(2, code)]


def test_a_key_of_before_may_have_signed_before_ours_did():
    assert codes(head(1, public_key=OTHER), head(2)) == []


def test_a_head_taken_out_is_seen_by_the_next():
    assert codes(head(2)) == [(2, "not_the_next")]


HANDED_ON = datetime(2026, 10, 1, 20, tzinfo=UTC)
LINE = (OurKey(OURS, HANDED_ON), OurKey(OTHER))


def test_a_key_that_was_handed_on_signed_what_it_signed_and_no_more():
    assert codes(head(1), head(2, public_key=OTHER), ours=LINE) == []
    assert codes(head(1, public_key=OTHER), head(2), ours=LINE) == [(2, "another_key")]
    assert codes(head(1), head(2), ours=LINE) == [(2, "another_key")], "it was made too late"
    just = head(2, made_at=HANDED_ON + LATE)
    assert codes(head(1), just, ours=LINE) == []
    late = head(2, made_at=HANDED_ON + LATE + timedelta(seconds=1))
    assert codes(head(1), late, ours=LINE) == [(2, "another_key")]


def test_what_names_our_newest_key_and_is_not_signed_ends_no_other():
    forged = head(1, public_key=OTHER, holds=False)
    early = head(2, made_at=HANDED_ON)
    assert codes(forged, early, ours=LINE) == [(1, "not_signed")]
