"""Whoever locks or brings back is killed in the middle of it: called again, it ends the same."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders.locking import hand_of, make_keeper, wraps
from tests.builders.members import PASSPHRASE
from tests.conftest import Parts
from tests.faults import points, second_hand
from tests.faults.processes import TEST, lives, wait_for
from union.infra import sealing
from union.infra.office_locks import standing_lock
from union.infra.people import new_person
from union.infra.sealing import CIRCLES, make_circle, make_personal_key
from union.kernel.actor import Role
from union.office.locking.services import give_hand
from union.wiring import House, build_house

LOCK = ["office", "lock"]
BATCH = {"union.infra.office_locks:BATCH": 2}
CLONE = Path(__file__).parents[2]

LONG = pytest.mark.prove

LOCKING = (
    pytest.param("union.office.locking.services:layer_batch after 1", False, marks=LONG),
    ("union.cli.office:layer_batch before 1", True),
    pytest.param("union.cli.office:layer_batch after 2", True, marks=LONG),
)
"""Where, and whether it is locked by then: all of what commits together, or nothing."""

OPENING = (
    pytest.param("union.office.locking.services:peel_batch before 1", marks=LONG),
    "union.office.locking.services:peel_batch after 3",
    pytest.param("union.office.locking.services:reopen before 1", marks=LONG),
)


@dataclass
class Scene:
    """A house with keys to cover, and a way to call what is killed."""

    parts: Parts
    house: House
    folder: Path
    keepers: list[int]
    runs: int = 0

    def lock(self, at: str = "") -> Path:
        self.runs += 1
        log = self.folder / f"lock-{self.runs}.log"
        environment = {**self.parts.environment, **points.environment(LOCK, at, **BATCH)}
        process = self.parts.nursery.begin("command", environment, log)
        wait_for(lambda: not lives(process), 180)
        return log

    def second_hand(self, at: str = "") -> str:
        cheap = {
            f"union.infra.sealing:{name}": getattr(sealing, name)
            for name in ("_PASSES", "_MEMORY_KIB", "_LANES")
        }
        environment = {
            **os.environ,
            **self.parts.environment,
            points.AT: at,
            points.SET: json.dumps({**BATCH, **cheap}),
            second_hand.WHO: str(self.keepers[1]),
        }
        command = [sys.executable, "-m", second_hand.__name__]
        done = subprocess.run(
            command, env=environment, cwd=CLONE, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def lying(self) -> dict[str, str]:
        with self.house.unit.reading(TEST) as work:
            return {key: hashlib.sha256(blob).hexdigest() for key, blob in wraps(work).items()}

    def count(self, what: str) -> int:
        with self.house.unit.reading(TEST) as work:
            return work.session.scalar(text(f"SELECT count(*) FROM {what}"))

    def is_locked(self) -> bool:
        with self.house.unit.reading(TEST) as work:
            return standing_lock(work.session) is not None


@pytest.fixture
def scene(parts, tmp_path):
    house = build_house(parts.settings)
    with house.unit.begin(TEST) as work:
        keepers = [make_keeper(work, role) for role in (Role.SIGNATORY, Role.TRUSTEE)]
        holders = [new_person(work).id for _ in range(3)]
        for person in holders:
            make_personal_key(work, person, PASSPHRASE)
        for circle in CIRCLES:
            make_circle(work, circle, holders)
    yield Scene(parts, house, tmp_path, keepers)
    house.close()


@pytest.mark.parametrize(("at", "locked"), LOCKING)
def test_whoever_locks_is_killed_and_locks_again(scene, at, locked):
    before = scene.lying()
    killed = scene.lock(at)
    assert points.was_killed(killed), killed.read_text()
    assert scene.is_locked() is locked
    covered = set(before.values()) - set(scene.lying().values())
    assert bool(covered) is locked
    assert "is locked" in scene.lock().read_text()
    assert scene.count("office_lock") == 1
    assert scene.count("office_layer") == len(before)
    assert set(before.values()).isdisjoint(scene.lying().values())
    with scene.house.unit.begin(hand_of(scene.keepers[0])) as work:
        give_hand(work, PASSPHRASE)
    scene.second_hand()
    assert scene.lying() == before


@pytest.mark.parametrize("at", OPENING)
def test_whoever_brings_it_back_is_killed_and_does_it_again(scene, at):
    before = scene.lying()
    scene.lock()
    with scene.house.unit.begin(hand_of(scene.keepers[0])) as work:
        give_hand(work, PASSPHRASE)
    assert points.KILLED in scene.second_hand(at)
    assert scene.is_locked()
    # Whoever locks now covers nothing again: two have opened it, and it goes on opening.
    half = scene.lying()
    scene.lock()
    assert scene.lying() == half
    scene.second_hand()
    assert scene.lying() == before
    assert not scene.is_locked()
    assert scene.count("office_layer WHERE peeled_at IS NULL") == 0
