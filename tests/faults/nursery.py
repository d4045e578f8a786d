"""Where real processes are born in a moment: one that has imported everything forks each of them.

``union up`` begins its workers in just this way, with the same ``Child``. Must know nothing of
tests: it reads one line per process wanted and answers with its id.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from werkzeug.serving import make_server

from tests.faults import points
from worker import fallback, pages, run, ticker
from worker.child import Child, Command

CLONE = Path(__file__).parents[2]


def _serve_pages() -> int:
    """The pages on the port that ``WEB_PORT`` names; as little of a server as can be."""
    port = int(os.environ["WEB_PORT"])
    make_server("127.0.0.1", port, pages.application(), threaded=True).serve_forever()
    return 0


MAINS: Mapping[str, Callable[[], int]] = {
    "ticker": ticker.main,
    "fallback": fallback.main,
    "web": _serve_pages,
    "command": points.main,
}


@dataclass
class Nursery:
    """Begins processes of ours; its own is there from the first time on, until the end."""

    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    def begin(self, name: str, environment: Mapping[str, str], log: Path) -> int:
        """Start a queue's worker or one of ``MAINS``, logging into a file; its process id."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"],
                cwd=CLONE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        wanted = {"name": name, "environment": {**os.environ, **environment}, "log": str(log)}
        self._process.stdin.write(f"{json.dumps(wanted)}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the nursery, and by their leashes whatever of its children still lives."""
        if self._process is not None:
            self._process.communicate()


def serve() -> None:
    """Begin what is asked for until nobody asks any more; the dead are buried unasked."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        wanted = json.loads(line)
        name = wanted["name"]
        main = MAINS.get(name, partial(run.main, [name]))
        inside = partial(_live_logging, Path(wanted["log"]), main)
        child = Child.begin(Command(name, inside=inside), wanted["environment"])
        child.let_go()
        sys.stdout.write(f"{child.pid}\n")
        sys.stdout.flush()


def _live_logging(log: Path, main: Callable[[], int]) -> int:
    with log.open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    return main()


if __name__ == "__main__":
    serve()
