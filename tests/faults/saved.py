"""One clone's parts, a union on them that was backed up while people wrote, and its commands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.messages import make_page
from tests.faults import points
from tests.faults.processes import lives, wait_for
from union.cli.running import built_house, settings_of
from union.infra.backup_log import RestoreDone
from union.infra.backups import read_manifest
from union.infra.embedded import Endpoints
from union.infra.embedded.saving import counts_of
from union.infra.key_ends import left_of
from union.infra.keystore import KeyGoneError
from union.infra.machine_keys import MachineKeys
from union.infra.people import Person
from union.infra.sealed_files import new_recipient
from union.kernel.actor import Actor
from union.members.models import Member
from union.messages.models import Attempt, Message
from union.messages.services import send_all

TEST = Actor.system("test")
OPENS, FOR = new_recipient()


@dataclass
class Scene:
    """One clone's parts, the folders of its backups, and a way to call its commands."""

    endpoints: Endpoints
    data: Path
    folder: Path
    nursery: object
    runs: int = 0
    told: dict[str, object] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)

    def erase(self, house, person_id: int) -> None:
        """Destroy somebody's key in the living union."""
        with house.unit.begin(TEST) as work:
            work.vault.destroy_key(work.session.get_one(Person, person_id).key_ref)
        self.erased.add(person_id)

    def call(self, command: list[str], at: str = "") -> str:
        """Run a command to its end, which may be a violent one; what it said."""
        self.runs += 1
        log = self.folder / f"run-{self.runs}.log"
        log.touch()
        places = {"SANGHA_DATA": self.data, "SANGHA_SECRETS": self.data / "secrets.json"}
        environment = {name: str(place) for name, place in places.items()}
        environment |= points.environment(command, at)
        process = self.nursery.begin("command", environment, log)
        wait_for(lambda: not lives(process), 300)
        return log.read_text()

    def backup(self) -> tuple[Path, Path]:
        """Back up; the two manifests."""
        before = set(self.folder.glob("*/*.manifest.json"))
        folders = [str(self.folder / name) for name in ("main", "keys")]
        said = self.call(["backup", *folders, "--for", FOR, "--same-disk"])
        made = sorted(set(self.folder.glob("*/*.manifest.json")) - before)
        assert len(made) == 2, said
        return made[1], made[0]

    def restore(self, main: Path, keys: Path, at: str = "", *more: str) -> str:
        opens = self.folder / "opens"
        command = ["restore", str(main), str(keys), "--open-with", str(opens), *more]
        return self.call([*command, "--drop-old", "--again"], at)

    @contextmanager
    def house(self) -> Iterator[object]:
        with built_house(settings_of(self.endpoints)) as house:
            yield house

    def looked(self) -> dict[str, int]:
        """How many rows each table has."""
        return counts_of(self.endpoints.owner_database_url)


def furnish(scene: Scene) -> None:
    with scene.house() as house:
        with house.unit.begin(TEST) as work:
            people = [
                make_member(work, phone=f"58301{n:05d}", called=f"Rani {n}") for n in range(6)
            ]
            ids = [one.person_id for one in people]
            scene.told["erased_last"] = ids[5]
            send_all(work, [make_page(one) for one in ids[2:5]])
        scene.erase(house, ids[0])
        assert "never backed up" in scene.call(["doctor"])
        with _writers(house):
            scene.told["main"], scene.told["keys"] = scene.backup()
        assert "0 hours ago" in scene.call(["doctor"])
        scene.erase(house, ids[1])
    scene.told["machine_keys"] = MachineKeys.read(scene.endpoints.secrets_file).held
    scene.call(["keys", "rotate"])
    scene.told["late_main"], scene.told["late_keys"] = scene.backup()


@contextmanager
def _writers(house) -> Iterator[None]:
    ended = threading.Event()

    def write(number: int) -> None:
        made = 0
        while not ended.wait(0.01):
            with house.unit.begin(TEST) as work:
                make_member(work, card_number=f"W/{number}/{made}", called=f"Late {made}")
            made += 1

    with ThreadPoolExecutor(3) as crew:
        busy = [crew.submit(write, number) for number in range(3)]
        try:
            yield
        finally:
            ended.set()
    for one in busy:
        one.result()


def everything_is_back(scene: Scene) -> None:
    """The union as of the first backup: every row, every name, what was erased later too."""
    manifest = read_manifest(scene.told["main"])
    counts = scene.looked()
    gone = -len(scene.erased)
    grown = {"restore_done": 1, "audit_entry": 1, "card": gone, "contact_point": gone}
    outbox = {"outbox", "outbox_delivery"}
    for table, rows in manifest.main.counts.items():
        if table not in outbox:
            assert counts[table] == rows + grown.get(table, 0), table
    with scene.house() as house, house.unit.reading(TEST) as work:
        for member in work.session.scalars(select(Member)):
            if member.person_id in scene.erased:
                with pytest.raises(KeyGoneError):
                    work.vault.decrypt(member.key_ref, "member.called", member.person_id, b"x" * 40)
                assert left_of(work.session, member.person_id) == []
            else:
                assert work.vault.encrypt(member.key_ref, "member.called", "1", "x")
        states = set(work.session.scalars(select(Attempt.state)))
        assert states == {"dropped"}
        assert set(work.session.scalars(select(Message.code))) == {"restored"}
        done = work.session.scalars(select(RestoreDone)).one()
        assert (done.ref, done.messages_held) == (manifest.id, 3)
    assert MachineKeys.read(scene.endpoints.secrets_file).held == scene.told["machine_keys"]
    with psycopg.connect(scene.endpoints.admin_url) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    assert not [name for name in names if "restored" in name or "before" in name]
    assert not list(scene.data.glob("restore.json*"))
    assert [one.name for one in scene.data.glob("secrets*")] == ["secrets.json"]
