"""From commit to the gateway's door, beside a bare RQ job that does nothing, in the same run.

Both take the same Redis, the same kind of worker and turns about, one at a time and idle in
between. The page's way: nudge, job, claim (commit), thread, door. Aim: at most twice the bare job.
On a busy machine p10 tells most of what an idle one would do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from bench.table import keep
from tests.builders.members import make_member
from tests.builders.messages import make_page
from tests.cluster import make_place
from union.cli.running import prepare
from union.gateways.port import Gateways, Receipt
from union.infra.embedded import Endpoints, parts
from union.infra.settings import Settings
from union.kernel.actor import Actor
from union.messages.services import send_all
from union.wiring import House, build_house
from worker import jobs, queues, run

ROUNDS = 300
BURST = 40
BURST_SECONDS = 0.3
MANY = 25
WARM = 20
STAMPS = "BENCH_STAMPS"
SLOW = "BENCH_SLOW"
BENCH = Actor.system("bench")
PAUSE_S = 0.005
PATIENCE_S = 30.0
MOST = 2.0


def stamp(key: str) -> None:
    """Write down that `key` is here, in one short append."""
    line = f"{key} {time.time_ns()}\n".encode()
    descriptor = os.open(os.environ[STAMPS], os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, line)
    os.close(descriptor)


def no_op(key: str) -> None:
    """The bare job."""
    stamp(key)


class StampingDoor:
    """A gateway that writes down when it is asked."""

    def send(self, key: str, _to: str, _text: str) -> Receipt:
        """Say that it was reached."""
        stamp(key)
        if Path(os.environ[SLOW]).exists():
            time.sleep(BURST_SECONDS)
        return Receipt("bench", key)


def serve(queue: str) -> int:
    """Be the worker of one queue, with the stamping door for a gateway."""
    house = jobs.house()
    door = Gateways(sms=StampingDoor(), public_url="https://example.test")
    stamping = replace(house, gateways=door)
    jobs.house = lambda: stamping
    run.house = jobs.house
    queues.WORK = {**queues.WORK, "no-op": lambda _house: 0}
    run.QUEUES = tuple(queues.WORK)
    return run.main([queue])


@dataclass
class Bench:
    """A house, its stamps, and when each thing was begun."""

    house: House
    stamps: Path
    slow: Path
    nudged_at: int = 0

    def seen(self) -> dict[str, int]:
        """Key to nanoseconds, for everything that has arrived."""
        lines = self.stamps.read_text().splitlines()
        return {key: int(at) for key, at in (line.split() for line in lines)}

    def wait(self, keys: Collection[str]) -> dict[str, int]:
        """Wait for all of them to arrive."""
        ends = time.monotonic() + PATIENCE_S
        while True:
            seen = self.seen()
            if all(key in seen for key in keys):
                return seen
            if time.monotonic() > ends:
                raise TimeoutError
            time.sleep(PAUSE_S)

    def bare(self, queue: Queue, number: int) -> float:
        """Milliseconds from enqueueing the bare job to its start."""
        key = f"noop-{number}"
        begun = time.time_ns()
        queue.enqueue("bench.page_latency.no_op", key, result_ttl=0)
        return (self.wait([key])[key] - begun) / 1e6

    def page(self, people: list[int]) -> list[float]:
        """Milliseconds from the commit to the door, for pages of one transaction."""
        with self.house.unit.begin(BENCH) as work:
            pages = [make_page(person_id, channels=("sms",)) for person_id in people]
            keys = [f"m{message.id}-a1" for message in send_all(work, pages)]
        seen = self.wait(keys)
        return [(seen[key] - self.nudged_at) / 1e6 for key in keys]


@contextlib.contextmanager
def workers(environment: dict[str, str]) -> Iterator[None]:
    """One worker for pages and one for bare jobs."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.page_latency", "--serve", queue],
            env={**os.environ, **environment},
        )
        for queue in ("send-sms", "no-op")
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def measure(endpoints: Endpoints, folder: Path) -> None:
    """Take turns, and print."""
    stamps, slow = folder / "stamps", folder / "slow"
    stamps.touch()
    environment = {**endpoints.environment(), STAMPS: str(stamps), SLOW: str(slow)}
    house = build_house(Settings.from_environment(environment))
    bench = Bench(house, stamps, slow)
    bench.house = replace(house, unit=replace(house.unit, nudge=_stamped(bench, house)))
    redis = Redis.from_url(endpoints.redis_url)
    queue = Queue("no-op", connection=redis, serializer=JSONSerializer)
    with house.unit.begin(BENCH) as work:
        people = [
            make_member(work, phone=f"58301{n:05d}", languages=("kn",)).person_id
            for n in range(BURST)
        ]
    with workers(environment):
        bare: list[float] = []
        paged: list[float] = []
        for number in range(ROUNDS + WARM):
            bare.append(bench.bare(queue, number))
            paged.extend(bench.page(people[:1]))
        report("a bare RQ job", bare[WARM:])
        report("commit to the gateway's door", paged[WARM:])
        for name, of in (("p10", 10), ("p50", 50), ("p99", 99)):
            ratio = percentile(paged[WARM:], of) / percentile(bare[WARM:], of)
            print(f"ratio at {name}: {ratio:.2f}")
            keep(
                f"a page, commit to door, {name}",
                f"{ratio:.2f} x a bare job",
                "<= 2 x",
                met=ratio <= MOST,
            )
        report(f"{BURST * MANY} pages in one commit", bench.page(people * MANY))
        slow.touch()
        report(f"{BURST} pages at once, {BURST_SECONDS * 1000:.0f} ms each", bench.page(people))
    house.close()


def _stamped(bench: Bench, house: House) -> Callable[[Collection[str]], None]:
    def nudge(names: Collection[str]) -> None:
        bench.nudged_at = time.time_ns()
        house.unit.nudge(names)

    return nudge


def percentile(values: list[float], of: int) -> float:
    """The value that `of` in a hundred do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[of - 1]


def report(what: str, values: list[float]) -> None:
    """One line of figures, in milliseconds."""
    print(
        f"{what:32} n={len(values):4} p10={percentile(values, 10):7.2f} ms"
        f" p50={percentile(values, 50):7.2f} ms"
        f" p99={percentile(values, 99):7.2f} ms max={max(values):7.2f} ms"
    )


def main(arguments: list[str]) -> None:
    """Serve a queue, or measure."""
    if arguments[:1] == ["--serve"]:
        serve(arguments[1])
        return
    place = make_place()
    try:
        with parts({"SANGHA_DATA": str(place)}) as endpoints, TemporaryDirectory() as folder:
            prepare(endpoints)
            measure(endpoints, Path(folder))
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main(sys.argv[1:])
