"""`union up` as a person starts it: it comes up, heals, keeps what it has, and leaves nothing."""

from __future__ import annotations

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.ports import free_port
from union.infra.embedded.places import CLONE
from union.infra.embedded.scratch import scratch_place

FIRST_START = 180.0
SECOND_START = 180.0
PATIENCE = 180.0
"""Patience for a machine that is busy with other tests."""

SECOND_START_EFFORT = 20.0
"""Seconds of processor time: ten seconds of the smallest machine, which has two cores."""


class Up:
    """One run of `union up` and what it has shown."""

    def __init__(self, data: Path, log: Path, port: int) -> None:
        self.data = data
        self.log = log
        self.port = port
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "union", "up"],
                cwd=CLONE,
                env={**os.environ, "SANGHA_DATA": str(data), "PORT": str(port)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, true: Callable[[], object], patience: float) -> None:
        deadline = time.monotonic() + patience
        while not true():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def wait_until_open(self, patience: float) -> None:
        self.wait_for(lambda: f"Open http://localhost:{self.port}/" in self.said(), patience)

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # The test fails; what it began must not go on beside the others.
            self.process.kill()
            self.process.wait()
            raise


def processes_of(data: Path) -> dict[int, str]:
    """Living processes that were started for this data place, with their names."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            name = (process / "comm").read_text().strip()
            folder = (process / "cwd").readlink()
            environment = (process / "environ").read_bytes().decode()
        except OSError:
            continue
        mine = f"SANGHA_DATA={data}\0" in environment or folder.is_relative_to(data)
        if command and (mine or str(data) in command):
            found[int(process.name)] = name
    return found


def processes_named(name: str, data: Path) -> list[int]:
    """Those that lead: of PostgreSQL's many only the one that its own paper names."""
    if name == "postgres":
        return [int((data / "postgres" / "postmaster.pid").read_text().split()[0])]
    return [pid for pid, its_name in processes_of(data).items() if its_name == name]


def has_successor(name: str, data: Path, killed: list[int]) -> bool:
    try:
        return bool(set(processes_named(name, data)) - set(killed))
    except FileNotFoundError:
        return False


def effort() -> float:
    """Processor seconds of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def data() -> Iterator[Path]:
    with scratch_place("up-") as place:
        yield place.data / "data"


def test_a_union_comes_up_heals_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    first = Up(data, tmp_path / "first", free_port())
    try:
        first.wait_until_open(FIRST_START)
        assert first.get("/sign-in") == 200
        for name in ("send-sms", "ticker", "valkey-server", "postgres"):
            killed = processes_named(name, data)
            os.kill(killed[0], signal.SIGKILL)
            first.wait_for(partial(has_successor, name, data, killed), PATIENCE)
        assert "send-sms | stopped (SIGKILL)" in first.said()
        first.wait_for(lambda: first.get("/sign-in") == 200, PATIENCE)
    finally:
        assert first.end() == 0
    assert processes_of(data) == {}
    assert first.said().rstrip().endswith("everything is kept for the next time")

    before = effort()
    second = Up(data, tmp_path / "second", free_port())
    try:
        second.wait_until_open(SECOND_START)
        assert "Making" not in second.said()
    finally:
        assert second.end(signal.SIGTERM) == 0
    assert effort() - before < SECOND_START_EFFORT
    assert processes_of(data) == {}


def test_a_port_in_use_is_said_before_anything_is_started(data: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        up = Up(data, tmp_path / "said", port)
        assert up.process.wait(PATIENCE) == 1
    sentence = "is in use by another program: stop it, or choose another port, for example"
    assert up.said() == f"Port {port} {sentence} PORT={port + 1} make run.\n"
    assert not data.exists()
