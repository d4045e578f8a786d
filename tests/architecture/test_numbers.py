"""No number here rings anybody: invented mobiles begin with 5, a series that India has not."""

from __future__ import annotations

import re
from pathlib import Path

from union.kernel.phone import read_phone

CLONE = Path(__file__).parents[2]
KEPT = ("bench", "docs", "migrations", "static", "templates", "tests", "union", "worker")
WRITTEN = {".py", ".csv", ".jsonl", ".json", ".md", ".html", ".txt", ".yaml", ".toml", ".po"}
MOBILE = re.compile(r"(?<![\w.+])(?:\+91|0091|0)?[ -]?([6-9]\d{4}[ -]?\d{5})(?![\w.])")


def test_no_number_of_a_living_telephone_is_kept_here():
    found = {
        f"{path.relative_to(CLONE)}: {number}"
        for folder in KEPT
        for path in (CLONE / folder).rglob("*")
        if path.suffix in WRITTEN
        for number in MOBILE.findall(path.read_text(encoding="utf-8"))
        if read_phone(number).valid
    }
    assert found == set()
