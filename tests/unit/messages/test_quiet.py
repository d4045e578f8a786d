"""When a way counts as quiet, and when it does not: people who sleep, a full team, a slow night."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from union.messages.rules.quiet import (
    Tried,
    Why,
    Word,
    failing,
    is_back,
    nothing_in,
    unanswered,
)

START = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)


def words(pattern: str, people: int = 1000, begins: int = 0) -> list[Word]:
    """One word a minute, each to the next person: + was answered, - was not."""
    return [
        Word(begins + at % people, START + timedelta(minutes=begins + at), sign == "+")
        for at, sign in enumerate(pattern)
    ]


def knocks(*codes: str | None, late: float = 0.1, people: int = 1000) -> list[Tried]:
    return [
        Tried(at % people, START + timedelta(seconds=at), code, late)
        for at, code in enumerate(codes)
    ]


REFUSED, AWAY = "gateway_refused", "gateway_unreachable"


def test_a_way_that_was_answered_every_second_time_and_then_never_is_quiet():
    found = unanswered(words("+-" * 20 + "-" * 12))
    assert found.why is Why.UNANSWERED
    assert found.facts["heard"] == 0
    assert found.since == START + timedelta(minutes=38), "the last word that was answered"


@pytest.mark.parametrize(
    "pattern",
    ["", "--", "+" * 30, "+-" * 20, "+-" * 20 + "-" * 5, "+--" * 10 + "-" * 8, "-" * 12],
)
def test_what_may_be_chance_is_not_told(pattern):
    assert unanswered(words(pattern)) is None


def test_where_receipts_always_came_four_without_one_are_enough():
    assert unanswered(words("+" * 30 + "-" * 3)) is None
    assert unanswered(words("+" * 30 + "-" * 4)) is not None


def test_few_where_there_were_many_are_told_too():
    assert unanswered(words("+" * 60 + ("-" * 9 + "+") * 2)) is not None


def test_a_way_that_never_had_an_answer_is_told_after_twenty_three_people():
    assert unanswered(words("-" * 22)) is None
    assert unanswered(words("-" * 23)) is not None


def test_one_person_who_sleeps_is_no_silent_carrier():
    before = words("+-" * 20)
    asleep = [Word(7, before[-1].at + timedelta(minutes=n), heard=False) for n in range(1, 30)]
    assert unanswered([*before, *asleep]) is None


def test_usual_months_hardly_ever_raise_an_alarm():
    chance = random.Random(4)
    false = 0
    for _ in range(8):
        month = "".join("+" if chance.random() < 0.5 else "-" for _ in range(150))
        sent = words(month, people=60)
        false += any(unanswered(sent[:count]) is not None for count in range(1, 151))
    assert false <= 2


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ([None] * 20 + [REFUSED] * 5, Why.REFUSING),
        ([None] * 20 + [AWAY] * 5, Why.UNREACHABLE),
        ([AWAY, AWAY, AWAY, REFUSED, None, AWAY], Why.UNREACHABLE),
    ],
)
def test_a_gateway_that_refuses_or_is_away_is_told_at_once(codes, why):
    assert failing(knocks(*codes)).why is why


def test_a_gateway_that_fails_now_and_then_is_not():
    assert failing(knocks(*[None, REFUSED] * 6)) is None
    assert failing(knocks(*[REFUSED] * 4)) is None


def test_one_persons_bad_number_is_nobodys_outage():
    assert failing(knocks(*[REFUSED] * 20, people=1)) is None


def test_a_slow_gateway_is_told():
    assert failing(knocks(*[None] * 6, late=4.5)).why is Why.SLOW
    assert failing(knocks(*[None] * 6, late=1.5)) is None


@pytest.mark.parametrize(
    ("came", "before", "told"),
    [
        (0, [9, 8, 7, 9, 8, 8, 7], True),
        (1, [20] * 7, True),
        (0, [3, 2, 4, 3, 3, 2, 4], False),
        (6, [20] * 7, False),
        (0, [20, 20], False),
        (0, [0] * 7, False),
    ],
)
def test_what_comes_in_is_held_against_the_same_hours_before(came, before, told):
    assert (nothing_in(came, before, START) is not None) is told


def test_one_answer_is_not_yet_back_two_are():
    assert not is_back(Why.UNANSWERED, words("--+"), [])
    assert is_back(Why.UNANSWERED, words("--++"), [])


def test_two_among_many_silences_are_no_return():
    assert not is_back(Why.UNANSWERED, words("++" + "-" * 25), [])


def test_a_gateway_is_back_when_it_takes_two_in_a_row_and_soon():
    assert is_back(Why.REFUSING, [], knocks(REFUSED, None, None))
    assert not is_back(Why.REFUSING, [], knocks(None, None, REFUSED))
    assert not is_back(Why.REFUSING, [], knocks(None))
    assert not is_back(Why.SLOW, [], knocks(None, None, late=3.0))
