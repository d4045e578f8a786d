"""Asks the public advisories about every locked library, and fails when it could not ask.

`pip-audit` says nothing and ends well when it found nobody to ask: its account is read here, name
by name. It never changes a lock; what is borne for a while stands in `audit-allowed.toml`.
"""

from __future__ import annotations

import json
import re
import subprocess  # nosec B404 # starts pip-audit with the files of this tree and nothing else
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

SECONDS = 600
ALLOWED = "audit-allowed.toml"
_PIN = re.compile(r"^[A-Za-z0-9][^\s;]*==[^\s\\]+[^\\]*", re.MULTILINE)
_ENDS = (0, 1)
"""How pip-audit ends: nothing known, or something known. All else is no answer."""


class NotAuditedError(Exception):
    """Nobody was asked, or not about everything."""


@dataclass(frozen=True)
class Known:
    """One advisory about one library."""

    package: str
    advisory: str


@dataclass(frozen=True)
class Borne:
    """One advisory that is borne until a day, and why."""

    known: Known
    why: str
    until: date


def main(locks: Sequence[str], borne_in: Path, today: date) -> int:
    """Say what is known of the libraries; 0 only if all were asked about and nothing is left."""
    try:
        borne = read_borne(borne_in)
        found = {one for lock in locks for one in ask(Path(lock))}
    except NotAuditedError as error:
        sys.stderr.write(f"The libraries could not be audited: {error}\n")
        return 2
    left = [*faults(found, borne, today)]
    sys.stderr.writelines(f"{one}\n" for one in left)
    if not left:
        sys.stdout.write(f"Nothing is known against the libraries of {', '.join(locks)}.\n")
    return 1 if left else 0


def pinned(lock: Path) -> set[str]:
    """The names of the libraries that a lock installs here."""
    pins = [Requirement(found[0].strip()) for found in _PIN.finditer(lock.read_text())]
    return {_plain(one.name) for one in pins if one.marker is None or one.marker.evaluate()}


def ask(lock: Path) -> set[Known]:
    """What is known about the libraries of a lock; NotAuditedError unless each was asked about."""
    answer = _answer(lock)
    try:
        told = {_plain(one["name"]): one for one in answer["dependencies"]}
    except (KeyError, TypeError) as error:
        raise NotAuditedError(f"{lock}: its account cannot be read") from error
    skipped = sorted(name for name, one in told.items() if "vulns" not in one)
    missing = sorted(pinned(lock) - told.keys())
    if skipped or missing or not told:
        raise NotAuditedError(
            f"{lock}: nothing was said of {', '.join(skipped + missing) or 'any'}"
        )
    return {Known(name, each["id"]) for name, one in told.items() for each in one["vulns"]}


def _answer(lock: Path) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "audit.json"
        command = ["pip-audit", "-r", str(lock), "--require-hashes", "--disable-pip", "--strict"]
        command += ["--progress-spinner", "off", "-f", "json", "-o", str(out)]
        try:
            # pip-audit is found where make says: in this tree's own environment.
            done = subprocess.run(  # noqa: S603  # nosec B603 # the command is made of constants
                command, check=False, timeout=SECONDS, capture_output=True, text=True
            )
            said = done.stderr.strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
            if done.returncode not in _ENDS or not out.exists():
                raise NotAuditedError(f"{lock}: {said[0]}")
            return json.loads(out.read_text())
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotAuditedError(f"{lock}: {type(error).__name__}") from error
        except ValueError as error:
            raise NotAuditedError(f"{lock}: it gave no account") from error


def read_borne(path: Path) -> list[Borne]:
    """What is borne for a while; NotAuditedError if an entry does not say all of it."""
    try:
        entries = tomllib.loads(path.read_text()).get("allowed", [])
        return [
            Borne(Known(_plain(one["package"]), one["id"]), one["why"].strip(), one["until"])
            for one in entries
        ]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise NotAuditedError(f"{path.name} cannot be read: {error}") from error


def faults(found: Iterable[Known], borne: Sequence[Borne], today: date) -> Iterable[str]:
    """What must be done: an advisory nobody bears, and a bearing without why, day or advisory."""
    bearable = {one.known for one in borne}
    for one in sorted(set(found) - bearable, key=str):
        yield f"{one.package}: {one.advisory} is known and nobody has answered it."
    for each in borne:
        name = f"{each.known.package}: {each.known.advisory}"
        if each.known not in set(found):
            yield f"{name} is no longer known; take it out of {ALLOWED}."
        elif today > each.until:
            yield f"{name} was borne until {each.until} only."
        elif not each.why:
            yield f"{name} is borne and nobody says why."


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).with_name(ALLOWED), datetime.now(UTC).date()))
