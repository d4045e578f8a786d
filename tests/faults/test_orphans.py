"""A test run that was killed leaves nothing for longer than until the next one begins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.cluster import TestCluster, remove_orphans
from union.infra.embedded.places import CLONE, make_listed
from union.infra.embedded.scratch import scratch_place

KILLED_RUN = """
import os, pathlib, signal, sys
from tests.cluster import TestCluster, hold
folder = pathlib.Path(sys.argv[1])
hold(folder)
with TestCluster(folder).running():
    print("running", flush=True)
    sys.stdin.read(1)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_run_removes_what_a_killed_one_left() -> None:
    with scratch_place("orphans-") as place:
        left = place.data / "sangha-tests-killed"
        make_listed(left)
        with subprocess.Popen(
            [sys.executable, "-c", KILLED_RUN, str(left)],
            cwd=CLONE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        ) as run:
            assert run.stdout.readline() == "running\n"
            remove_orphans(place.data)
            assert is_running(left)
            run.communicate("x")
        assert is_running(left)
        remove_orphans(place.data)
        assert not left.exists()


def is_running(folder: Path) -> bool:
    return TestCluster(folder).cluster.is_running()
