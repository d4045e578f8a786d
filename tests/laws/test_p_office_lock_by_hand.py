"""A lock attacked by hand: SQL as the application's own login would send it, and as the owner."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from tests.builders.locking import hand_of, wraps
from tests.laws.locked_office import AT, DENIED, TEST, Scene, make_scene
from union.infra.office_locks import OfficeUnlockPart
from union.infra.sealing import LEGAL_NAMES
from union.office.locking.services import bring_back, print_lock_paper, reopen


@pytest.fixture
def scene(committing) -> Scene:
    return make_scene(committing)


KEPT = (
    "office_lock",
    "office_lock_keeper",
    "office_lock_box",
    "office_unlock_part",
    "office_unlock",
    "office_reopened",
    "office_layer",
    "office_lock_paper",
)


@pytest.mark.parametrize("table", KEPT)
def test_what_was_written_of_a_lock_stays(scene, fresh_database, table):
    with scene.unit.begin(hand_of(scene.keepers[0])) as work:
        print_lock_paper(work)
    scene.lock()
    scene.back(*scene.keepers[:2])
    for attack in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        assert scene.tried(attack) == DENIED
        owner = psycopg.connect(fresh_database.owner_url, autocommit=True)
        with owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(attack)
    column = {"office_layer": "peeled_at", "office_lock_paper": "used_at"}.get(table)
    changed = f"UPDATE {table} SET {column or 'lock_id'} = NULL"
    if table == "office_lock":
        changed = f"UPDATE {table} SET locked_by = NULL"
    with psycopg.connect(fresh_database.owner_url, autocommit=True) as owner:
        if table != "office_lock_paper":
            with pytest.raises(psycopg.errors.RestrictViolation):
                owner.execute(changed)
            assert scene.tried(changed) == DENIED
        else:
            owner.execute(f"UPDATE {table} SET used_at = {AT}")
            with pytest.raises(psycopg.errors.RestrictViolation):
                owner.execute(changed)


ON = f"SELECT office_layer_on(:lock, 'circle', :row, :blob, {AT})"
OFF = f"SELECT office_layer_off(:lock, 'circle', :row, :blob, {AT})"


def test_a_layer_goes_on_once_under_a_lock_and_comes_off_only_to_what_was_there(scene):
    row = f"{LEGAL_NAMES}:{scene.holder}"
    with scene.unit.reading(TEST) as work:
        bare = wraps(work)[f"circle/{row}"]
    garbage = bytes(len(bare) + 48)
    assert scene.tried(ON, lock=1, row=row, blob=garbage) == "office_layer_under_a_lock"
    lock = scene.lock()
    for blob in (garbage, bytes(len(bare) + 96)):
        refused = scene.tried(ON, lock=lock.id, row=row, blob=blob)
        assert refused in {"office_layer_once", "office_layer_of_a_box"}
    assert scene.tried(OFF, lock=lock.id, row=row, blob=bare) == "office_layer_off_by_two"
    assert (
        scene.tried(f"INSERT INTO office_layer VALUES (1, 'circle', 'x:1', '', {AT}, NULL)")
        == DENIED
    )
    assert scene.tried("UPDATE circle_key SET wrapped_secret = ''") == DENIED

    first, second = scene.keepers[:2]
    scene.hand(first)
    hand = scene.hand(second)
    assert scene.tried(OFF, lock=lock.id, row=row, blob=bytes(80)) == "office_layer_as_before"
    reopen = f"INSERT INTO office_reopened VALUES (:lock, {AT})"
    assert scene.tried(reopen, lock=lock.id) == "office_reopened_whole"
    covered = "office_layer_under_a_lock"
    assert scene.tried(ON, lock=lock.id, row=row, blob=garbage) == covered
    bring_back(scene.unit, hand_of(second), hand)
    assert scene.tried(OFF, lock=lock.id, row=row, blob=bare) == "office_layer_off_by_two"


def test_its_owner_cannot_write_over_a_wrapped_key_either(scene, fresh_database):
    scene.lock()
    for blob in ("'\\x00'", "wrapped_secret || '\\x00'", "substr(wrapped_secret, 49)"):
        owner = psycopg.connect(fresh_database.owner_url, autocommit=True)
        with owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(f"UPDATE circle_key SET wrapped_secret = {blob}")


def test_nobody_is_let_in_after_it_was_locked(scene):
    lock = scene.lock()
    for sql in (
        "INSERT INTO office_lock_keeper VALUES (:lock, :who)",
        "INSERT INTO office_lock_box VALUES (:lock, :who, :other, '')",
    ):
        values = {"lock": lock.id, "who": scene.holder, "other": scene.keepers[0]}
        refused = scene.tried(sql, **{key: values[key] for key in values if f":{key}" in sql})
        assert refused == "office_lock_with"
    again = (
        f"INSERT INTO office_lock (ref, locked_at, how, made_in) VALUES ('x', {AT}, 'command', 0)"
    )
    assert scene.tried(again) == "office_lock_one"


def test_a_forged_first_hand_is_no_hand_and_stops_nobody(scene):
    lock = scene.lock()
    before = scene.lying()
    false, *others = scene.keepers
    with scene.unit.begin(TEST) as work:
        box = work.session.scalar(text("SELECT box FROM office_lock_box LIMIT 1"))
        for second in others:
            pair = {"first_person_id": false, "second_person_id": second}
            at = work.clock.now()
            part = OfficeUnlockPart(lock_id=lock.id, **pair, part=box, made_at=at)
            work.session.add(part)
    assert not scene.hand(others[0]).is_second
    assert scene.lying() == before
    hand = scene.hand(others[1])
    assert hand.is_second
    bring_back(scene.unit, hand_of(others[1]), hand)
    assert not scene.is_locked()


def test_forged_hands_of_every_pair_keep_no_true_one_out(scene):
    lock = scene.lock()
    forge = (
        "INSERT INTO office_unlock_part (lock_id, first_person_id, second_person_id, part, made_at)"
        f" SELECT lock_id, first_person_id, second_person_id, box, {AT} FROM office_lock_box"
    )
    assert scene.tried(forge) is None
    scene.back(*scene.keepers[:2])
    assert not scene.is_locked()
    with scene.unit.begin(TEST) as work:
        reopen(work, lock.id)
