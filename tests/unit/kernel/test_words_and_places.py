"""Ids, telephone numbers, places and actors."""

import re

import pytest

from union.kernel.actor import Actor, Grant, Role
from union.kernel.geo import distance_km, home_cell, offer_cell
from union.kernel.ids import new_command_key, new_digits, new_ref, new_token
from union.kernel.phone import PhoneUnreadableError, read_phone


def test_references_can_be_read_aloud_and_do_not_repeat():
    refs = {new_ref() for _ in range(2000)}
    assert len(refs) == 2000
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{12}", ref) for ref in refs)
    assert len({new_token() for _ in range(100)}) == 100
    assert re.fullmatch(r"[0-9a-f]{32}", new_command_key())
    assert all(re.fullmatch(r"[1-9]\d", new_digits()) for _ in range(200))


@pytest.mark.parametrize(
    "text",
    ["5830-166-131", "05830166131", "915830166131", "+91 58301 66131", "೫೮೩೦೧೬೬೧೩೧"],
)
def test_one_number_however_written(text):
    reading = read_phone(text)
    assert reading.e164 == "+915830166131"
    assert not reading.valid, "no Indian mobile begins with 5"


@pytest.mark.parametrize("text", ["", "none", "12345", "98-45", "58301661319999999"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(PhoneUnreadableError):
        read_phone(text)


def test_cells_are_coarse_and_distances_are_kilometres():
    bengaluru, mysuru = home_cell(12.97, 77.59), home_cell(12.3, 76.64)
    assert 110 < distance_km(bengaluru, mysuru) < 145
    assert home_cell(12.9700, 77.5900) == home_cell(12.9701, 77.5901)
    assert offer_cell(12.97, 77.59) != bengaluru


def test_an_actor_holds_roles_in_branches():
    actor = Actor(1, 2, frozenset({Grant(Role.BRANCH_SECRETARY, 7), Grant(Role.TREASURER)}))
    assert actor.branches(Role.BRANCH_SECRETARY) == frozenset({7})
    assert actor.branches(Role.TREASURER) is None
    assert actor.branches(Role.OPERATOR) == frozenset()
    assert actor.has(Role.TREASURER, Role.OPERATOR)
    assert not Actor.anonymous().is_system
    assert Actor.system("ticker").is_system
