"""What a run of the measurements came to, beside what was aimed at: one line each, told at the end.

Each measurement is a process of its own and leaves its lines in the file that ``BENCH_TABLE``
names; without one they go nowhere. Never measures anything itself.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

TABLE = "BENCH_TABLE"


@dataclass(frozen=True, slots=True)
class Line:
    """A measurement's name, its figure as text, the aim, and whether it was met (None: no aim)."""

    what: str
    figure: str
    aim: str
    met: bool | None


def keep(what: str, figure: str, aim: str = "", *, met: bool | None = None) -> None:
    """Keep a line for the table."""
    if TABLE in os.environ:
        with Path(os.environ[TABLE]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(Line(what, figure, aim, met))) + "\n")


def show(path: Path) -> None:
    """Print every line that was kept there."""
    told = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [Line(**json.loads(one)) for one in told]
    wide = max((len(one.what) for one in lines), default=0)
    print(f"{'':{wide}}  {'measured':>20}  aim")
    for one in lines:
        verdict = {None: "", True: "met", False: "MISSED"}[one.met]
        print(f"{one.what:{wide}}  {one.figure:>20}  {one.aim:12} {verdict}".rstrip())
