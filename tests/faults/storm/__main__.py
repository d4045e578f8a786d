"""``python -m tests.faults.storm [incidents] [kills] [seed] [minutes]``: one storm, its account.

It says every half minute how it goes. After so many minutes, or when it is told to stop, it reports
and kills no more, and accounts for what was until then.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.storm.blowing import Plan, blow

USUAL = (10_000, 200, 1, 0)


def say(line: str) -> None:
    """A line for whoever watches, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Print the account; 1 if anything is missing, be it for want of time."""
    given = [int(one) for one in arguments]
    incidents, kills, seed, minutes = [*given, *USUAL[len(given) :]]
    cut = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: cut.set())
    begun = time.monotonic()
    with TemporaryDirectory() as folder:
        blown = blow(Path(folder), Plan(incidents, kills, seed, minutes, cut, say))
    missing = blown.missing()
    took = f"took {(time.monotonic() - begun) / 60:.1f} minutes"
    say("\n".join([*blown.lines(), took, *missing]))
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
