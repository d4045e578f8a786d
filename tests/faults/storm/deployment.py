"""A deployment of the product under `union up`, its people, and its processes by name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.faults.processes import wait_for
from tests.ports import free_port
from union.crisis.rules.escalation import read_steps
from union.crisis.rules.kinds import Kind
from union.crisis.rules.policies import Draft, Scope
from union.crisis.services import new_policy
from union.infra.embedded import Endpoints
from union.infra.embedded.places import CLONE
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor, Role

STORM = Actor.system("storm")
DISTRICTS = (
    ("Bidar", 17.91, 77.52),
    ("Kalaburagi", 17.33, 76.83),
    ("Vijayapura", 16.83, 75.71),
    ("Belagavi", 15.85, 74.50),
    ("Ballari", 15.14, 76.92),
    ("Raichur", 16.21, 77.35),
    ("Haveri", 14.79, 75.40),
    ("Mysuru", 12.30, 76.64),
    ("Mandya", 12.52, 76.90),
    ("Hassan", 13.00, 76.10),
    ("Tumakuru", 13.34, 77.10),
    ("Kolar", 13.14, 78.13),
)
STEPS = [
    {"who": "nearest", "wait_seconds": 10, "spare": 1},
    {"who": "neighbours", "wait_seconds": 10, "spare": 2},
    {"who": "state", "wait_seconds": 10, "spare": 3},
    {"who": "coordinators", "wait_seconds": 20, "spare": 0},
    {"who": "duty_officer", "wait_seconds": 60, "spare": 0},
]
FIRST_START = 180.0
BETWEEN_LOOKS = 0.2


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is at the desk; responders answer on their telephones."""

    operator: int


def make_union(unit: UnitOfWork, per_district: int) -> Staff:
    """Districts with responders who have a telephone for texts, and somebody at the desk."""
    with unit.begin(STORM) as work:
        for name, *point in DISTRICTS:
            branch = make_branch(work, name, *point)
            for _ in range(per_district):
                make_responder(work, branch, point=tuple(point), reached_by=("sms",))
        new_policy(work, Scope(Kind.UNKNOWN), Draft({"responder": 2}, read_steps(STEPS)))
        operator = make_in_charge(work, Role.OPERATOR)
        for role in (Role.COORDINATOR, Role.DUTY_OFFICER):
            make_in_charge(work, role)
        return Staff(operator)


@dataclass
class Deployment:
    """`union up` with its children."""

    endpoints: Endpoints
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, environment: dict[str, str]) -> Iterator[None]:
        """From the first page served to the last process gone."""
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "union", "up"],
                cwd=CLONE,
                env={
                    **os.environ,
                    "SANGHA_DATA": str(self.endpoints.data),
                    "PORT": str(self.port),
                    **environment,
                },
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(lambda: "Open http://" in self.log.read_text(), FIRST_START)
            yield
        finally:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def pid_of(self, name: str) -> int | None:
        """The leading process of that name, if it lives now."""
        if name == "postgres":
            return self._postmaster()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                said = (process / "comm").read_text().strip()
                parent = (process / "status").read_text().split("PPid:\t")[1].split("\n")[0]
            except (OSError, IndexError):
                continue
            ours = int(parent) == self.process.pid or name == "valkey-server"
            if said == name[:15] and ours and self._is_here(process, name):
                return int(process.name)
        return None

    def kill(self, name: str) -> float | None:
        """SIGKILL it, or empty Redis; when (seconds since the epoch), None if nobody is there."""
        if name == "redis emptied":
            try:
                with Redis.from_url(self.endpoints.redis_url, socket_timeout=2) as redis:
                    redis.flushall()
            except RedisError:
                return None
            return time.time()
        pid = self.pid_of(name)
        if pid is None:
            return None
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return None
        return time.time()

    def _postmaster(self) -> int | None:
        paper = self.endpoints.data / "postgres" / "postmaster.pid"
        try:
            return int(paper.read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None

    def _is_here(self, process: Path, name: str) -> bool:
        if name != "valkey-server":
            return True
        try:
            return (process / "cwd").readlink().is_relative_to(self.endpoints.data)
        except OSError:
            return False


VICTIMS: dict[str, int] = {
    "pages": 5,
    "send-sms": 6,
    "facts": 4,
    "timers": 4,
    "ticker": 3,
    "fallback": 1,
    "valkey-server": 4,
    "redis emptied": 4,
    "postgres": 4,
}
"""Who is killed, and how often beside the others."""
