"""Whose turn it is at the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from union.crisis.rules.turns import Waits, in_turn

START = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def waits(ref: str, minute: float, **fields) -> Waits:
    return Waits(ref, START + timedelta(minutes=minute), **fields)


def order(*lines: Waits) -> list[str]:
    return [one.ref for one in in_turn(lines)]


def test_five_of_one_district_do_not_stand_before_the_next_from_another():
    raid = [waits(f"raid{n}", n, about="Belagavi") for n in range(5)]
    assert order(*raid, waits("other", 6, about="Bidar")) == [
        "raid0",
        "other",
        "raid1",
        "raid2",
        "raid3",
        "raid4",
    ]


def test_nor_do_five_of_whom_nobody_knows_where():
    lost = [waits(f"lost{n}", n) for n in range(5)]
    assert order(*lost, waits("other", 6, about="Bidar"))[:2] == ["lost0", "other"]


def test_within_one_district_the_eldest_comes_first():
    assert order(waits("b", 2, about=1), waits("a", 1, about=1)) == ["a", "b"]


def test_who_has_nobody_comes_before_those_for_whom_people_go():
    assert order(waits("helped", 0, about=7, helped=True), waits("new", 5)) == ["new", "helped"]


def test_who_may_end_her_life_comes_first_wherever_she_stands():
    lines = [waits("a", 0), waits("hers", 9, own_life=True, helped=True), waits("b", 1, about=2)]
    assert order(*lines)[0] == "hers"


def test_who_is_in_hand_comes_last_and_those_let_rest_often_just_before():
    lines = [
        waits("hand", 0, taken=True, own_life=True),
        waits("quiet", 0, quiet=True),
        waits("new", 9),
        waits("helped", 3, helped=True),
    ]
    assert order(*lines) == ["new", "helped", "quiet", "hand"]


def test_nobody_is_lost_and_the_order_does_not_hang_on_how_they_were_read():
    lines = [waits(f"x{n}", n % 3, about=n % 2 or None) for n in range(9)]
    assert order(*lines) == order(*reversed(lines))
    assert sorted(order(*lines)) == sorted(one.ref for one in lines)
