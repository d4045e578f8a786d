"""A whole union with words of ours in its files and in every form its people fill.

Starts the product as a person does, walks as each of its people, looks at it through a browser
with a profile, backs it up, and leaves the parts running to be searched.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from redis import Redis

from tests.canary.beside import keep_commands, knock_rudely, shown_beside
from tests.canary.planting import MARK, NUMBER, Walker
from tests.canary.profiles import Seen, browse
from tests.canary.scenes.every import play
from tests.cluster import let_offices_be_given
from tests.faults.storm.deployment import Deployment
from tests.redis_dump import everything_in
from union.cli.running import built_house, prepare
from union.demo import making
from union.demo.people import PEOPLE
from union.infra.embedded import Endpoints, parts
from union.infra.embedded.places import CLONE
from union.infra.embedded.scratch import scratch_place
from union.infra.sealed_files import new_recipient
from union.infra.settings import Settings

ROWS = 60
PAGES = 100
AT_ONCE = 4
HERS = ("Called", "Name in register", "When may we call", "Nominee", "Remarks")
IN_THE_REGISTER, AT_THE_BANK = 100_000, 200_000
"""Where the numbers of words begin that stand in a file, by the file."""


@dataclass
class System:
    """What is searched, and what was done to it.

    ``limits`` says of each process of ours what it may leave when it falls, ``beside`` what could
    be seen of them while they ran; ``answered`` counts those who knocked rudely. ``counting`` is
    all that Redis held when everybody had been there, before a counter ran out.
    """

    endpoints: Endpoints
    folder: Path
    walkers: dict[str, Walker]
    seen: Seen
    opens: str
    limits: dict[str, list[str]]
    beside: dict[str, bytes]
    answered: int
    counting: bytes

    @property
    def log(self) -> Path:
        return self.folder / "up.log"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def backups(self) -> Path:
        return self.folder / "backup"


@contextmanager
def planted_system(folder: Path) -> Iterator[System]:
    """Everything that is done before anything is searched."""
    for name in ("data", "tmp", "backup/main", "backup/keys"):
        (folder / name).mkdir(parents=True)
    opens, sealed_for = new_recipient()
    with pytest.MonkeyPatch.context() as patch, scratch_place("canary-") as place:
        patch.setattr(making, "DATA", tagged(folder / "data"))
        with parts({"SANGHA_DATA": str(place.data)}) as endpoints:
            prepare(endpoints)
            with built_house(Settings.from_environment(endpoints.environment())) as house:
                making.make(house, lambda _step: None)
            keep_commands(endpoints.redis_url)
            deployment = Deployment(endpoints, folder / "up.log")
            with deployment.running({"TMPDIR": str(folder / "tmp")}):
                walkers = all_walk(deployment.url)
                play_scenes(endpoints)
                for walker in walkers.values():
                    walker.take_again()
                with Redis.from_url(endpoints.redis_url) as redis:
                    counting = everything_in(redis)
                answered = knock_rudely(deployment.url)
                # Playwright holds one loop in each thread, and tests of pages may have this one's.
                with ThreadPoolExecutor(1) as apart:
                    seen = apart.submit(browse, deployment.url, folder / "profiles").result()
                back_up(endpoints, folder, sealed_for)
                limits = limits_of_children(deployment)
                beside = shown_beside(endpoints, deployment.process.pid)
            yield System(
                endpoints, folder, walkers, seen, opens, limits, beside, answered, counting
            )


def play_scenes(endpoints: Endpoints) -> None:
    """What no walker reaches happens too, while everything runs."""
    let_offices_be_given(endpoints.owner_database_url)
    with built_house(Settings.from_environment(endpoints.environment())) as house:
        play(house.unit)


def all_walk(url: str) -> dict[str, Walker]:
    """Each of the demonstration's people fills all her forms."""
    with ThreadPoolExecutor(AT_ONCE) as hands:
        walks = {
            person.sign_in_name: hands.submit(walk, url, person.sign_in_name, seed)
            for seed, person in enumerate(PEOPLE)
        }
    return {name: one.result() for name, one in walks.items()}


def walk(url: str, name: str, seed: int) -> Walker:
    walker = Walker(url, requests.Session(), seed, PAGES)
    walker.sign_in(name)
    walker.walk()
    return walker


def tagged(folder: Path) -> Path:
    """The demonstration's files, with words of ours in what is told of people."""
    counter = itertools.count(1)
    for path in making.DATA.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    register = folder / "register.csv"
    rows = list(csv.DictReader(io.StringIO(register.read_text(encoding="utf-8-sig"))))
    for row in rows[:ROWS]:
        for name in HERS:
            row[name] = f"{row[name]} {MARK}{IN_THE_REGISTER + next(counter)}".strip()
        row["Mobile"] = f"{NUMBER}{next(counter) % 1000:03d}"
    with register.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    statement = folder / "bank.camt053.xml"
    words = (f"<Ustrd>{MARK}{AT_THE_BANK + next(counter)} " for _ in itertools.count())
    said = re.sub("<Ustrd>", lambda _: next(words), statement.read_text(encoding="utf-8"))
    statement.write_text(said, encoding="utf-8")
    return folder


def back_up(endpoints: Endpoints, folder: Path, sealed_for: str) -> None:
    """As whoever keeps it does, while everything runs."""
    told = {"SANGHA_DATA": str(endpoints.data), "TMPDIR": str(folder / "tmp")}
    folders = [str(folder / "backup" / name) for name in ("main", "keys")]
    command = ["backup", *folders, "--for", sealed_for, "--same-disk"]
    subprocess.run(
        [sys.executable, "-m", "union", *command],
        check=True,
        cwd=CLONE,
        env={**os.environ, **told},
        capture_output=True,
    )


def limits_of_children(deployment: Deployment) -> dict[str, list[str]]:
    """Of every process that serves or works: how large a core it may leave, and may ask for."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status = (process / "status").read_text()
            limits = (process / "limits").read_text()
        except OSError:
            continue
        if f"PPid:\t{deployment.process.pid}\n" in status:
            (line,) = [one for one in limits.splitlines() if one.startswith("Max core file size")]
            found[status.splitlines()[0].split("\t")[1]] = line.split()[-3:-1]
    return found
