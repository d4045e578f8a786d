"""``python -m tests.faults.storm [incidents] [kills] [seed]``: one storm, and its account."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.storm.blowing import blow


def main(arguments: list[str]) -> int:
    """Print the account; 1 if anything is missing."""
    given = [int(one) for one in arguments]
    incidents, kills, seed = [*given, *(10_000, 200, 1)[len(given) :]]
    with TemporaryDirectory() as folder:
        blown = blow(Path(folder), incidents=incidents, kills=kills, seed=seed)
    missing = blown.missing()
    sys.stdout.write("\n".join([*blown.lines(), *missing, ""]))
    return min(len(missing), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
