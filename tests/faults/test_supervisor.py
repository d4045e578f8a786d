"""The supervisor against real processes and signals: nothing stays down or behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from union.infra.embedded.places import CLONE

PATIENCE = 60.0

DRIVER = """
import os, sys
from worker.child import Command
from worker.supervisor import Supervisor
python = [sys.executable, "-u", "-c"]
commands = [Command(f"child{i}", [*python, code]) for i, code in enumerate(sys.argv[1:])]
show = lambda name, line: print(name, line, flush=True)
Supervisor(commands, os.environ, show, grace=1.0).run()
print("ended", flush=True)
"""
STEADY = "import os, time; print('up', os.getpid()); time.sleep(600)"
STUBBORN = (
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', os.getpid()); time.sleep(600)"
)
WITH_CHILD = (
    "import os, subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('up', os.getpid(), flush=True); print('up', child.pid, flush=True); time.sleep(600)"
)


class Run:
    """A supervisor at work, and what it has said so far."""

    def __init__(self, log: Path, *codes: str) -> None:
        self.log = log
        self.file = log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, *codes],
            cwd=CLONE,
            stdout=self.file,
            stderr=subprocess.STDOUT,
        )

    def said(self) -> list[str]:
        return self.log.read_text().splitlines()

    def pids(self, name: str) -> list[int]:
        return [int(line.split()[2]) for line in self.said() if line.startswith(f"{name} up")]


@contextmanager
def supervised(log: Path, *codes: str) -> Iterator[Run]:
    run = Run(log, *codes)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()
        run.file.close()


def wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "said"


def test_what_is_killed_is_started_again(log: Path) -> None:
    with supervised(log, STEADY) as run:
        wait_for(lambda: run.pids("child0"))
        os.kill(run.pids("child0")[0], signal.SIGKILL)
        wait_for(lambda: len(run.pids("child0")) == 2)
        assert "child0 stopped (SIGKILL); starting it again" in run.said()


def test_what_dies_over_and_over_is_given_longer_and_longer(log: Path) -> None:
    with supervised(log, "import time; print('up', time.monotonic_ns())") as run:
        wait_for(lambda: len(run.pids("child0")) == 4)
        first, *_, fourth = run.pids("child0")[:4]
        assert fourth - first > (0.25 + 0.5 + 1.0) * 1e9


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_everything_and_says_so(log: Path, number: signal.Signals) -> None:
    with supervised(log, STEADY, WITH_CHILD) as run:
        wait_for(lambda: run.pids("child0") and len(run.pids("child1")) == 2)
        pids = [*run.pids("child0"), *run.pids("child1")]
        run.process.send_signal(number)
        assert run.process.wait(PATIENCE) == 0
        assert run.said()[-1] == "ended"
        wait_for(lambda: not any(map(is_alive, pids)))


def test_what_will_not_stop_is_made_to(log: Path) -> None:
    with supervised(log, STUBBORN) as run:
        wait_for(lambda: run.pids("child0"))
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(PATIENCE) == 0
        assert not is_alive(run.pids("child0")[0])


def test_killed_itself_it_leaves_nobody_behind(log: Path) -> None:
    with supervised(log, STEADY, STEADY) as run:
        wait_for(lambda: run.pids("child0") and run.pids("child1"))
        run.process.kill()
        wait_for(lambda: not any(map(is_alive, [*run.pids("child0"), *run.pids("child1")])))
