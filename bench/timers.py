"""A hundred thousand live timers: how late those are that fall due, and what each of it costs.

The ticker and one worker of the timers' queue run as in a deployment; the timers that fall due do
nothing but be taken, so that what is measured is the timers' own way and no handler's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from bench.page_latency import percentile
from bench.table import keep
from tests.cluster import make_place
from union.cli.running import prepare
from union.infra.embedded import Endpoints, parts
from union.infra.settings import Settings
from union.infra.timers import Timer, take_timer
from union.kernel.actor import Actor
from union.wiring import House, build_house
from worker import queues, run

if TYPE_CHECKING:
    from union.infra.work import Work

LIVE = 100_000
FIRED = 600
SECONDS = 30
AT_ONCE = 1000
"""Timers due at one instant: as many incidents as a very bad night has."""

IDLE_S = 20.0
WARM_S = 3.0
PATIENCE_S = 60.0
MOST_MS = 1000.0
MINUTE = 60.0
KIND = "bench"
BENCH = Actor.system("bench")

_MAKE = text(
    "INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)"
    " SELECT 'bench', 'bench', n, cast(:begins AS timestamptz)"
    "   + n * make_interval(secs => cast(:apart AS double precision)), 0, :now"
    " FROM generate_series(1, :many) AS n"
)
_LATE = text(
    "SELECT extract(epoch FROM done_at - due_at) * 1000 FROM timer"
    " WHERE done_at IS NOT NULL AND kind = 'bench' ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Fired:
    """Milliseconds from due to taken of each, and of CPU the worker used for one."""

    late: list[float]
    cpu_ms: float

    def __str__(self) -> str:
        """For a person to read."""
        p50, p99 = percentile(self.late, 50), percentile(self.late, 99)
        return (
            f"p50 {p50:.0f} ms p99 {p99:.0f} ms, the last {max(self.late):.0f} ms,"
            f" {self.cpu_ms:.2f} ms of the worker's CPU each"
        )


def serve() -> int:
    """Be the worker of the timers' queue; what falls due is taken and nothing else."""

    def take(work: Work, timer: Timer) -> None:
        take_timer(work, timer)

    queues.TIMERS = {**queues.TIMERS, KIND: take}
    return run.main(["timers"])


def make(house: House, many: int, begins_in: float, apart: float) -> None:
    """So many timers, the first due in `begins_in` seconds and the rest so far `apart`."""
    with house.unit.begin(BENCH) as work:
        now = work.clock.now()
        begins = now.timestamp() + begins_in
        work.session.execute(
            _MAKE,
            {
                "begins": now.fromtimestamp(begins, now.tzinfo),
                "apart": apart,
                "now": now,
                "many": many,
            },
        )


def lateness(house: House, many: int) -> list[float]:
    """Milliseconds from due to taken, once so many have been; TimeoutError if some never are."""
    ends = time.monotonic() + SECONDS + PATIENCE_S
    while time.monotonic() < ends:
        with house.unit.reading(BENCH) as work:
            late = [float(ms) for ms in work.session.scalars(_LATE)]
        if len(late) >= many:
            return late
        time.sleep(1)
    raise TimeoutError


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """What a running process has used, by Linux's own book."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fire(house: House, worker: subprocess.Popen[bytes], many: int, apart: float) -> Fired:
    """Let so many fall due, so far apart; how late they were and what the worker used."""
    known, before = len(lateness(house, 0)), cpu_seconds(worker)
    make(house, many, 2.0, apart)
    late = lateness(house, known + many)[known:]
    return Fired(late, (cpu_seconds(worker) - before) * 1000 / many)


def measure(house: House, environment: dict[str, str]) -> None:
    """Idle first, then with timers that fall due one by one, then many at one instant."""
    make(house, LIVE, 24 * 3600, 0.5)
    commands = (["-m", "worker.ticker"], ["-m", "bench.timers", "--serve"])
    started = [
        subprocess.Popen([sys.executable, *command], env={**os.environ, **environment})
        for command in commands
    ]
    try:
        make(house, 1, 0.0, 0.0)
        lateness(house, 1)
        time.sleep(WARM_S)
        before = cpu_seconds(started[0])
        time.sleep(IDLE_S)
        idle = (cpu_seconds(started[0]) - before) * MINUTE / IDLE_S
        spread = fire(house, started[1], FIRED, SECONDS / FIRED)
        crowd = fire(house, started[1], AT_ONCE, 0.0)
    finally:
        for process in started:
            process.kill()
            process.wait()
    p50, p99 = percentile(spread.late, 50), percentile(spread.late, 99)
    print(f"the ticker, idle, {LIVE} live timers: {idle:.2f} s of CPU in a minute")
    print(f"{FIRED} timers, {FIRED / SECONDS:.0f} a second: {spread}")
    print(f"{AT_ONCE} timers due at one instant: {crowd}")
    keep("the ticker, idle", f"{idle:.2f} s CPU a minute")
    keep(
        f"lateness of a timer among {LIVE}, p99",
        f"{p99:.0f} ms (p50 {p50:.0f})",
        "<= 1000 ms",
        met=p99 <= MOST_MS,
    )
    keep(f"the last of {AT_ONCE} timers due at one instant", f"{max(crowd.late):.0f} ms")


def bench(endpoints: Endpoints) -> None:
    """A house over these parts, and the measurement."""
    prepare(endpoints)
    environment = endpoints.environment()
    house = build_house(Settings.from_environment(environment))
    measure(house, environment)
    house.close()


def main(arguments: list[str]) -> None:
    """Be the worker, or measure."""
    if arguments[:1] == ["--serve"]:
        serve()
        return
    place = make_place()
    try:
        with parts({"SANGHA_DATA": str(place)}) as endpoints:
            bench(endpoints)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main(sys.argv[1:])
