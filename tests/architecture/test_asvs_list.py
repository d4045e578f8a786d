"""The list against ASVS names every requirement of level 1 and 2 once, and only what there is."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
LIST = (CLONE / "docs" / "asvs.md").read_text()
HOLDS = {"yes", "partly", "no", "n/a", "deploy"}
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1
4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2
7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2
10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5
14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
"""How many of each section are of level 1 or 2 in version 5.0.0; they come first in it."""


def rows() -> list[list[str]]:
    cells = [line.strip("|").split("|") for line in LIST.splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in row] for row in cells]
    return [row for row in found if row[0] not in {"number", "---"}]


def numbers(cell: str) -> list[str]:
    named = []
    for part in cell.split(", "):
        first, _, last = part.partition("–")
        section, _, begins = first.rpartition(".")
        ends = last.rpartition(".")[2] or begins
        assert not last or last.startswith(section + "."), part
        named += [f"{section}.{at}" for at in range(int(begins), int(ends) + 1)]
    return named


def test_every_requirement_is_answered_once() -> None:
    asked = {
        f"{section}.{at}"
        for section, many in (one.split(":") for one in SECTIONS.split())
        for at in range(1, int(many) + 1)
    }
    assert len(asked) == 253
    told = Counter(number for row in rows() for number in numbers(row[0]))
    assert {number for number, times in told.items() if times > 1} == set()
    assert told.keys() == asked


def test_every_answer_is_a_known_one_and_says_something() -> None:
    for number, holds, where in rows():
        assert holds in HOLDS, number
        assert len(where) > 3, number


def test_every_file_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:union|tests|docs)/[\w/.]+)`", LIST))
    named |= {f"docs/{page}" for page in re.findall(r"\]\((\w+\.md)", LIST)}
    assert len(named) > 30
    assert [name for name in sorted(named) if not (CLONE / name).exists()] == []
