"""How a storm goes while it blows: a line now and then, so that one cut short has told much."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.faults.storm.carrier import Carrier
from tests.faults.storm.deployment import Deployment
from tests.faults.storm.desk import Desk
from tests.faults.storm.weather import Storm

EVERY = 30.0
COUNT_EVERY = 2.0
"""Seconds; what a process used since it was last looked at is lost when it is killed."""

HUNDRED = 100
TICKS = os.sysconf("SC_CLK_TCK")
SERVERS = ("postgres", "valkey-server")
OURS = "this storm"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was so at one instant of the monotonic clock."""

    at: float
    reported: int
    ended: int
    ticks: Counter[str]


@dataclass
class Progress:
    """Says every half minute how much is done, how fast, and who used the processors."""

    deployment: Deployment
    storm: Storm
    desk: Desk
    carrier: Carrier
    say: Callable[[str], None]
    _used: Counter[str] = field(default_factory=Counter)
    _pids: dict[int, int] = field(default_factory=dict)
    _last: Seen | None = None
    _count_at: float = 0.0

    def tell(self) -> None:
        """Say a line if half a minute has gone by since the last."""
        now = time.monotonic()
        if now >= self._count_at:
            self._count_at = now + COUNT_EVERY
            self._count()
        if self._last is not None and now - self._last.at < EVERY:
            return
        seen = Seen(now, len(self.storm.reported), self.desk.closed, self._used.copy())
        if self._last is not None:
            self.say(self._line(self._last, seen))
        self._last = seen

    def _line(self, before: Seen, seen: Seen) -> str:
        span = seen.at - before.at
        used = Counter({who: seen.ticks[who] - before.ticks[who] for who in seen.ticks})
        shares = ", ".join(
            f"{who} {HUNDRED * ticks / TICKS / span:.0f} %" for who, ticks in used.most_common(7)
        )
        return (
            f"{seen.at - self.storm.begun_at:6.0f} s: reported {seen.reported}"
            f" ({(seen.reported - before.reported) / span:.1f} a second), ended {seen.ended}"
            f" ({(seen.ended - before.ended) / span:.1f}), open {self.desk.open_now};"
            f" killed {len(self.storm.killed)} of {self.storm.kills};"
            f" {len(self.carrier.knocks)} knocks; laws asked {self.desk.laws_asked} times,"
            f" broken: {', '.join(sorted(self.desk.broken)) or 'none'}; CPU: {shares}"
        )

    def _count(self) -> None:
        """Add what each process has used since it was last looked at, by its name."""
        for pid, name, ticks in self._processes():
            self._used[name] += max(0, ticks - self._pids.get(pid, 0))
            self._pids[pid] = ticks

    def _processes(self) -> Iterator[tuple[int, str, int]]:
        """Each process of the union and this one, named after the one `up` started it under."""
        up = self.deployment.process.pid if self.deployment.process else 0
        running = {one.pid: one for one in map(_read, Path("/proc").glob("[0-9]*")) if one}
        for process in running.values():
            if process.pid == os.getpid():
                yield process.pid, OURS, process.ticks
            elif process.name in SERVERS and self._is_here(process.pid):
                yield process.pid, process.name, process.ticks
            elif process.pid == up:
                yield process.pid, "up", process.ticks
            else:
                above = process
                while above.parent != up and above.parent in running:
                    above = running[above.parent]
                if above.parent == up and above.name not in SERVERS:
                    yield process.pid, above.name, process.ticks

    def _is_here(self, pid: int) -> bool:
        try:
            return (
                Path(f"/proc/{pid}/cwd").readlink().is_relative_to(self.deployment.endpoints.data)
            )
        except OSError:
            return False


class Process(NamedTuple):
    """What Linux says of one."""

    pid: int
    parent: int
    name: str
    ticks: int


def _read(folder: Path) -> Process | None:
    try:
        head, _, tail = (folder / "stat").read_text().rpartition(")")
    except OSError:
        return None
    fields = tail.split()
    ticks = int(fields[11]) + int(fields[12])
    return Process(int(folder.name), int(fields[1]), head.partition("(")[2], ticks)
