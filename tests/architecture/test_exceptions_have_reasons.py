"""bandit looks at everything, and whatever it is told to pass over says why on its own line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
LOOKED_AT = ("union", "worker", "migrations", ".ci", "app.py")
PASSED_OVER = re.compile(r"#\s*nosec\b.*")
WITH_A_REASON = re.compile(r"# nosec B\d{3}(, ?B\d{3})* # +\S+( \S+){2,}$")


def files() -> list[Path]:
    rooms = [CLONE / one for one in LOOKED_AT]
    return [path for room in rooms for path in ([room] if room.is_file() else room.rglob("*.py"))]


def test_every_line_passed_over_says_why() -> None:
    told = [
        (path.relative_to(CLONE).as_posix(), found[0])
        for path in files()
        for found in PASSED_OVER.finditer(path.read_text())
    ]
    assert told
    assert [one for one in told if not WITH_A_REASON.match(one[1])] == []


def test_nothing_is_passed_over_as_a_whole() -> None:
    settings = tomllib.loads((CLONE / "pyproject.toml").read_text())["tool"]
    assert "bandit" not in settings
    assert not (CLONE / ".bandit").exists()
    (line,) = [one for one in (CLONE / "Makefile").read_text().splitlines() if "bandit" in one]
    assert line.split()[1:3] == ["--quiet", "--recursive"]
    assert sorted(line.split()[3:]) == sorted(LOOKED_AT)
