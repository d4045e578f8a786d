"""From a report's commit to the gateway's door: alone, at fifty incidents a second, and in a raid.

Reports come from several processes by ``receive_contact``, as the pages' do; each opens an incident
of its own, chooses among 296 people of 31 districts and asks at least two. The gateway takes 300 ms
to answer and one worker carries the texts, as in a deployment. Bare RQ jobs run in between, in the
same load. What was reached of the rate wanted is said: an incident costs as much CPU as it costs.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select

from bench import cpu
from bench.desk import BENCH, DESKS, WANTED, Desk, Told, people, raid, violence
from bench.page_latency import SLOW, STAMPS, percentile, report, workers
from bench.table import keep
from tests.cluster import let_offices_be_given, make_place
from union.cli.running import prepare
from union.crisis.models import Page
from union.infra.embedded import Endpoints, parts
from union.infra.settings import Settings
from union.messages.models import Attempt

RAID = 40
RAIDS = 5
ALONE = 40
WARM = 4
BARE_EVERY_S = 0.4
"""Seldom enough that the bare jobs do not wait for each other."""

GATEWAY_S = 0.3
PATIENCE_S = 90.0
POLL_S = 0.01
SOON_S = 0.5
MOST = 2.0
LOADED_MS = 250.0
RAID_MS = 1000.0
NO_OP = "bench.page_latency.no_op"


@dataclass
class Bench:
    """The desk of this process, the stamps of the doors, and a queue for bare jobs."""

    desk: Desk
    stamps: Path
    queue: Queue
    bare: int = 0

    def seen(self) -> dict[str, int]:
        """Key to nanoseconds, for everything that has arrived."""
        lines = self.stamps.read_text().splitlines()
        return {key: int(at) for key, at in (line.split() for line in lines)}

    def begin_bare(self) -> tuple[str, int]:
        """Enqueue a bare job; its key and when that began."""
        self.bare += 1
        key, begun = f"noop-{self.bare}", time.time_ns()
        self.queue.enqueue(NO_OP, key, result_ttl=0)
        return key, begun

    def arrived(self, keys: Sequence[str]) -> dict[str, int]:
        """When each arrived, waiting for all."""
        ends = time.monotonic() + PATIENCE_S
        while True:
            seen = self.seen()
            if all(key in seen for key in keys):
                return {key: seen[key] for key in keys}
            if time.monotonic() > ends:
                raise TimeoutError
            time.sleep(POLL_S)

    def keys(self, told: Sequence[Told]) -> dict[int, list[str]]:
        """The keys of the first knock for each page of each incident that goes by text."""
        found: dict[int, list[str]] = {one.incident_id: [] for one in told}
        with self.desk.house.unit.reading(BENCH) as work:
            rows = work.session.execute(
                select(Page.incident_id, Attempt.key)
                .join(Attempt, Attempt.message_id == Page.message_id)
                .where(Page.incident_id.in_(found), Attempt.number == 1, Attempt.channel == "sms")
            )
            for incident_id, key in rows:
                found[incident_id].append(key)
        return found

    def bare_ms(self, begun: Sequence[tuple[str, int]]) -> list[float]:
        """How long each bare job took to its start, in milliseconds."""
        at = self.arrived([key for key, _ in begun])
        return [(at[key] - began) / 1e6 for key, began in begun]

    def door_ms(self, told: Sequence[Told]) -> list[float]:
        """From each report's commit to each of its pages' door, in milliseconds."""
        keys = self.keys(told)
        at = self.arrived([key for of in keys.values() for key in of])
        return [(at[key] - one.committed) / 1e6 for one in told for key in keys[one.incident_id]]

    def raid_ms(self, told: Told) -> tuple[float, float]:
        """From the report's beginning, and from its commit, to the fortieth door."""
        keys = self.keys([told])[told.incident_id]
        last = sorted(self.arrived(keys).values())[RAID - 1]
        return (last - told.began) / 1e6, (last - told.committed) / 1e6


def alone(bench: Bench) -> None:
    """One report at a time, a bare job before each."""
    bare: list[float] = []
    doors: list[float] = []
    for number in range(ALONE + WARM):
        bare += bench.bare_ms([bench.begin_bare()])
        told = bench.desk.tell(violence(1_000_000 + number))
        doors += bench.door_ms([told])
        if number == WARM - 1:
            bare, doors = [], []
        time.sleep(GATEWAY_S)
    report("a bare RQ job, idle", bare)
    report("an incident's pages, idle", doors)
    for name, of in (("p50", 50), ("p99", 99)):
        ratio = percentile(doors, of) / percentile(bare, of)
        figure = f"{ratio:.2f} x a bare job"
        keep(f"an incident, commit to door, idle, {name}", figure, "<= 2 x", met=ratio <= MOST)


def loaded(bench: Bench, environment: dict[str, str]) -> None:
    """Several desks report at the rate wanted, all together."""
    with desks(environment) as started:
        before = cpu.used()
        begun: list[tuple[str, int]] = []
        while any(desk.poll() is None for desk in started):
            begun.append(bench.begin_bare())
            time.sleep(BARE_EVERY_S)
        printed = [desk.communicate()[0] for desk in started]
    told = [Told(*one) for lines in printed for one in json.loads(lines)[0]]
    bench.door_ms(told)
    used = cpu.used() - before
    used["desks"] = sum(json.loads(lines)[1] for lines in printed)
    each = ", ".join(f"{part} {s * 1000 / len(told):.1f} ms" for part, s in used.most_common())
    print(f"processor for one incident: {each}")
    bare, doors = bench.bare_ms(begun), bench.door_ms(told)
    first, last = min(one.began for one in told), max(one.committed for one in told)
    reached = len(told) / ((last - first) / 1e9)
    report(f"a bare RQ job, at {reached:.0f} a second", bare)
    report(f"pages, at {reached:.0f} a second", doors)
    report("of a report, begin to commit", [(one.committed - one.began) / 1e6 for one in told])
    keep("incidents opened in a second", f"{reached:.0f}", f">= {WANTED}", met=reached >= WANTED)
    for name, of in (("p50", 50), ("p99", 99)):
        ms, ratio = percentile(doors, of), percentile(doors, of) / percentile(bare, of)
        figure, met = f"{ms:.0f} ms, {ratio:.1f} x bare", ms <= LOADED_MS
        keep(f"their pages, commit to door, {name}", figure, "<= 250 ms", met=met)


@contextlib.contextmanager
def desks(environment: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """The desks, told to begin once all are ready."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.desk", str(first)],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in range(DESKS)
    ]
    try:
        for desk in started:
            if desk.stdout is not None:
                desk.stdout.readline()
        starts = time.time() + SOON_S
        for desk in started:
            if desk.stdin is not None:
                desk.stdin.write(f"{starts}\n")
                desk.stdin.flush()
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def raids(bench: Bench) -> None:
    """Forty are asked at once, some times over."""
    took = []
    for number in range(RAIDS):
        took.append(bench.raid_ms(bench.desk.tell(raid(number))))
        time.sleep(2 * GATEWAY_S)
    whole, waited = statistics.median(one for one, _ in took), max(one for one, _ in took)
    print(f"{RAID} pages of one raid, from the report: {[round(one) for one, _ in took]} ms")
    print(f"{RAID} pages of one raid, from its commit: {[round(one) for _, one in took]} ms")
    figure = f"{whole:.0f} ms, worst {waited:.0f}"
    keep(f"{RAID} pages of a raid, from the report", figure, "<= 1000 ms", met=waited <= RAID_MS)


def measure(endpoints: Endpoints, folder: Path) -> None:
    """The three, one after the other."""
    stamps, slow = folder / "stamps", folder / "slow"
    stamps.touch()
    slow.touch()
    environment = {**endpoints.environment(), STAMPS: str(stamps), SLOW: str(slow)}
    desk = Desk.over(Settings.from_environment(environment))
    redis = Redis.from_url(endpoints.redis_url)
    bench = Bench(desk, stamps, Queue("no-op", connection=redis, serializer=JSONSerializer))
    with desk.house.unit.begin(BENCH) as work:
        people(work)
    with workers(environment):
        alone(bench)
        raids(bench)
        loaded(bench, environment)
    desk.house.close()


def main() -> None:
    """Measure."""
    place = make_place()
    print(f"begun {datetime.now().astimezone():%H:%M}", flush=True)
    try:
        with parts({"SANGHA_DATA": str(place)}) as endpoints, TemporaryDirectory() as folder:
            prepare(endpoints)
            let_offices_be_given(endpoints.owner_database_url)
            measure(endpoints, Path(folder))
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
