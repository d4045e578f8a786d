"""The machine's key is changed while keys are made and destroyed, and whoever changes it is killed.

Whenever that happens, the same command goes on; no key is lost, none comes back, and neither the
old secrets file nor an old copy of the rows opens anything afterwards.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from tests.faults import points
from tests.faults.processes import lives, wait_for
from union.infra.db import owner_engine
from union.infra.keystore import KeyStore, data_key
from union.infra.machine_keys import KeyRing, MachineKeyMissingError, MachineKeys
from union.kernel.clock import SystemClock

ROTATE = ["keys", "rotate"]
BATCH = {"union.infra.key_rotation:BATCH": 20}
FIRST_KEYS = 90
CLOCK = SystemClock("Asia/Kolkata")

LONG = pytest.mark.prove
POINTS = (
    pytest.param("pathlib:Path.replace before 1", marks=LONG),
    pytest.param("union.infra.key_rotation:add_key after 1", marks=LONG),
    "union.infra.key_rotation:use_newest_key after 1",
    pytest.param("union.infra.key_rotation:raise_fence after 1", marks=LONG),
    "union.infra.key_rotation:wrap_batch after 2",
    pytest.param("union.infra.key_rotation:drop_older_keys before 1", marks=LONG),
    "pathlib:Path.replace before 3",
    pytest.param("union.infra.machine_keys:sync_folder before 3", marks=LONG),
)
"""Around each thing that is kept: the file three times, the fence, the rows."""


@dataclass
class Writers:
    """Threads that make, open and destroy keys until they are told to stop."""

    store: KeyStore
    standing: dict[UUID, bytes] = field(default_factory=dict)
    destroyed: set[UUID] = field(default_factory=set)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        ended = threading.Event()
        with ThreadPoolExecutor(3) as crew:
            busy = [crew.submit(self._write, number, ended) for number in range(3)]
            try:
                yield
            finally:
                ended.set()
        for one in busy:
            one.result()

    def _write(self, number: int, ended: threading.Event) -> None:
        chance = random.Random(number)
        own: list[UUID] = []
        while not ended.wait(0.002):
            made = self.store.make(2)
            self.standing.update(made)
            own += made
            ref = own.pop(chance.randrange(len(own)))
            assert self.store.open([ref]) == {ref: self.standing[ref]}
            self.store.destroy(ref)
            del self.standing[ref]
            self.destroyed.add(ref)


@dataclass
class Scene:
    """A key store of one's own, its secrets file, and a way to call the command."""

    parts: object
    folder: Path
    secrets: Path
    url: str
    owner_url: str
    runs: int = 0

    def rotate(self, at: str = "", *more: str) -> Path:
        """Run the command to its end, which may be a violent one; what it said."""
        return self.call([*ROTATE, *more], at)

    def call(self, command: list[str], at: str = "") -> Path:
        self.runs += 1
        log = self.folder / f"rotate-{self.runs}.log"
        environment = {
            **self.parts.environment,
            "KEYSTORE_URL": self.url,
            "KEYSTORE_OWNER_URL": self.owner_url,
            **points.environment(command, at, **BATCH),
        }
        process = self.parts.nursery.begin("command", environment, log)
        wait_for(lambda: not lives(process), 180)
        return log


@pytest.fixture
def scene(parts, cluster, tmp_path):
    url, owner_url = cluster.own_keystore()
    yield Scene(parts, tmp_path, Path(parts.environment["SANGHA_SECRETS"]), url, owner_url)
    cluster.drop(url.partition("?")[0].rpartition("/")[2])


@pytest.fixture
def engine(scene):
    engine = owner_engine(scene.url)
    yield engine
    engine.dispose()


def rows_of(engine):
    with engine.connect() as connection:
        return connection.execute(select(data_key).order_by(data_key.c.ref)).all()


def opens(keys: MachineKeys, row) -> bool:
    try:
        KeyRing(keys).unwrap(row.ref, row.machine_key_version, row.wrapped)
    except (InvalidTag, MachineKeyMissingError):
        return False
    return True


@pytest.mark.parametrize("at", POINTS)
def test_whoever_rotates_is_killed_and_called_again(scene, engine, at):
    old_keys = MachineKeys.of(
        {**MachineKeys.read(scene.secrets).said()}  # as somebody copied it: it is not read again
    )
    writers = Writers(KeyStore(engine, MachineKeys.read(scene.secrets), CLOCK))
    writers.standing.update(writers.store.make(FIRST_KEYS))
    old_rows = rows_of(engine)
    with writers.at_work():
        killed = scene.rotate(at)
        ended = scene.rotate()
    assert points.was_killed(killed), killed.read_text()
    assert "wrapped anew" in ended.read_text()
    assert len(writers.destroyed) > 0

    now = MachineKeys.read(scene.secrets)
    assert [version for version, _ in now.held] == [now.current]
    assert scene.secrets.stat().st_mode & 0o077 == 0
    for store in (writers.store, KeyStore(engine, now, CLOCK)):
        assert store.open(writers.standing) == writers.standing
        assert store.open(writers.destroyed) == {}
    rows = rows_of(engine)
    assert {row.ref for row in rows if row.wrapped is None} == writers.destroyed
    standing = [row for row in rows if row.wrapped is not None]
    assert {row.machine_key_version for row in standing} == {now.current}
    assert not any(opens(old_keys, row) for row in standing)
    assert not any(opens(now, row) for row in old_rows)


def test_a_rotation_may_wait_for_other_machines(scene, engine):
    """Each stage by itself, and the processes of a machine without the new file go on."""
    store = KeyStore(engine, MachineKeys.read(scene.secrets), CLOCK)
    made = store.make(3)
    for until, held, current in (("add", [1, 2], 1), ("add", [1, 2], 1), ("use", [1, 2], 2)):
        scene.rotate("", "--until", until)
        keys = MachineKeys.read(scene.secrets)
        assert ([version for version, _ in keys.held], keys.current) == (held, current)
        made |= store.make(1)
    said = scene.call(["keys", "status", "--json"]).read_text()
    counted = json.loads(said.splitlines()[-1])
    assert (sum(counted["keys"].values()), counted["destroyed"], counted["current"]) == (6, 0, 2)
    scene.rotate("", "--until", "wrap")
    assert {row.machine_key_version for row in rows_of(engine)} == {2}
    assert [version for version, _ in MachineKeys.read(scene.secrets).held] == [1, 2]
    scene.rotate()
    assert [version for version, _ in MachineKeys.read(scene.secrets).held] == [2]
    assert store.open(made) == made


def test_a_key_that_cannot_be_opened_keeps_its_version(scene, engine):
    """Nothing is dropped while something lies under it, however damaged."""
    store = KeyStore(engine, MachineKeys.read(scene.secrets), CLOCK)
    made = store.make(5)
    owner = owner_engine(scene.owner_url)
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE data_key DISABLE TRIGGER data_key_is_kept")
        damaged = next(iter(made))
        connection.exec_driver_sql(
            f"UPDATE data_key SET wrapped = wrapped || '\\x00' WHERE ref = '{damaged}'"
        )
        connection.exec_driver_sql("ALTER TABLE data_key ENABLE TRIGGER data_key_is_kept")
    owner.dispose()
    assert "RotationIncompleteError" in scene.rotate().read_text()
    assert [version for version, _ in MachineKeys.read(scene.secrets).held] == [1, 2]
    del made[damaged]
    assert store.open(made) == made
