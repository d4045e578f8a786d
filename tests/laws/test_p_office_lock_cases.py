"""The lock over cases: keys of their rooms lie under it too, and the night goes on writing."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.ledger import acting_as
from tests.builders.legal import (
    NOTE,
    choose_words,
    make_case,
    make_keeper,
    make_paralegal,
    own_key_of,
)
from tests.builders.locking import wraps
from tests.builders.members import make_member
from tests.laws.locked_office import TEST, Scene, make_scene
from union.infra.office_locks import TIMERS, OfficeLockedError
from union.infra.timers import fire_due
from union.legal.services import read_case


class Case:
    """A case in a room of its own, and her who has it."""

    def __init__(self, work) -> None:
        make_keeper(work)
        self.hers = make_paralegal(work)
        choose_words(work, self.hers)
        self.ref = make_case(work, self.hers, make_member(work).person_id).ref

    def read(self, scene: Scene) -> set[str]:
        with scene.unit.begin(TEST) as work:
            own = own_key_of(work, self.hers)
            with acting_as(work, self.hers):
                return {one.words for one in read_case(work, self.ref, own).events}


@pytest.fixture
def scene(committing) -> Scene:
    return make_scene(committing)


@pytest.fixture
def case(scene) -> Case:
    with scene.unit.begin(TEST) as work:
        return Case(work)


def rooms(scene) -> set[str]:
    with scene.unit.reading(TEST) as work:
        return {key for key in wraps(work) if key.startswith("room/")}


def test_a_cases_words_open_for_nobody_until_two_bring_it_back(scene, case):
    assert NOTE in case.read(scene)
    before = scene.lying()
    assert rooms(scene)
    scene.lock()
    assert set(before.values()).isdisjoint(scene.lying().values())
    with pytest.raises(OfficeLockedError):
        case.read(scene)
    scene.back(*scene.keepers[:2])
    assert scene.lying() == before
    assert NOTE in case.read(scene)


def test_a_case_that_is_opened_while_it_is_locked_is_covered_and_comes_back(scene, case):
    scene.lock()
    with scene.unit.begin(TEST) as work:
        another = make_case(work, case.hers, make_member(work).person_id).ref
        bare = {key: blob for key, blob in wraps(work).items() if key.startswith("room/")}
    fire_due(scene.unit, TIMERS)
    with scene.unit.reading(TEST) as work:
        grown = {key for key, blob in wraps(work).items() if bare.get(key, b"") != blob}
    assert grown & rooms(scene)
    scene.back(*scene.keepers[:2])
    later = Case.__new__(Case)
    later.__dict__ = {**case.__dict__, "ref": another}
    assert NOTE in later.read(scene)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE case_room_key SET wrapped = wrapped || '\\x00'",
        "UPDATE case_room_key SET wrapped = '\\x00', ended_at = made_at",
        "UPDATE case_room_key SET wrapped = substr(wrapped, 49)",
    ],
)
@pytest.mark.parametrize("locked", [False, True])
def test_its_owner_writes_over_no_key_of_a_case(scene, case, slate, attack, locked):
    if locked:
        scene.lock()
    with pytest.raises(DBAPIError) as refused, slate.owner.begin() as connection:
        connection.execute(text(attack))
    assert refused.value.orig.diag.constraint_name == "case_room_key_layered"
