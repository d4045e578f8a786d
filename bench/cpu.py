"""Seconds of processor that the parts of a measurement used: on a shared machine they are honest.

Reads what Linux counts for processes below this one; never measures an hour on a clock.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROCESSES = Path("/proc")
PARTS = {"postgres": "database", "valkey-server": "Redis"}


def used() -> Counter[str]:
    """Seconds so far by part: the database, Redis, and by their modules the Python processes."""
    parents: dict[int, int] = {}
    found: dict[int, tuple[str, float]] = {}
    for folder in PROCESSES.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        name, rest = stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2 :]
        fields = rest.split()
        number = int(folder.name)
        parents[number] = int(fields[1])
        # What its ended children used counts too: the database has a process for each connection.
        found[number] = (_part(name, command), sum(int(one) for one in fields[11:15]) / TICKS)
    used_by: Counter[str] = Counter()
    for number, (part, seconds) in found.items():
        if _is_ours(number, parents):
            used_by[part] += seconds
    return used_by


def _part(name: str, command: list[bytes]) -> str:
    words = [word.decode(errors="replace") for word in command]
    if "-m" in words:
        return " ".join(words[words.index("-m") + 1 :]).strip()
    return PARTS.get(name, name)


def _is_ours(number: int, parents: dict[int, int]) -> bool:
    while number > 1:
        number = parents.get(number, 0)
        if number == os.getpid():
            return True
    return False
