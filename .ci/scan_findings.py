"""What a scan found, where it is read from, and what of it was answered and why.

Owns reading: the scanner's account, what the door saw break, what the server noted, the answers in
`scan-answered.toml`. It asks nothing of anybody and decides one thing only: what is left to do.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scan_door import Told

_DIFFERS = re.compile(r"\b[0-9a-hjkmnp-tv-z]{12}\b|\d+")
_FAULT = re.compile(r"^Traceback|\b(?:ERROR|CRITICAL)\b")
_LONGEST = 80


class NotScannedError(Exception):
    """The scanner gave no account, or of next to nothing."""


class NoAccountError(NotScannedError):
    """The scanner ran and fell before it told anything, as now and then it does by itself."""


@dataclass(frozen=True, order=True)
class Finding:
    """What was found: of what kind, where (without what differs from one object to the next)."""

    kind: str
    path: str
    parameter: str


def read_account(account: Mapping[str, Any]) -> Iterator[Finding]:
    """Every finding of an account, of whatever weight."""
    for part in ("vulnerabilities", "anomalies", "additionals"):
        for kind, found in account[part].items():
            for one in found:
                yield Finding(kind, _where(one["path"]), one["parameter"] or "")


def read_door(told: Told) -> Iterator[Finding]:
    """What broke under the walk, and what the demonstration was led to call."""
    for one in told.broke:
        yield Finding(f"Answered {one.status}", _where(one.path), one.method)
    for path in told.called:
        yield Finding("Called out", _where(path), "")


def read_log(log: Path) -> Iterator[Finding]:
    """What the server noted as a fault of its own, and each traceback."""
    if not log.exists():
        raise NotScannedError("the demonstration noted nothing")
    for kept in (log.with_suffix(".before.log"), log):
        for line in kept.read_text().splitlines() if kept.exists() else ():
            yield from _noted(line)


def _noted(line: str) -> Iterator[Finding]:
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if isinstance(said, dict) and said.get("level") in {"error", "critical"}:
        where = str(said.get("endpoint") or said.get("process") or "")
        yield Finding(f"Noted: {said.get('event')}", where, str(said.get("code") or ""))
    elif said is None and _FAULT.search(line):
        yield Finding("Noted", _DIFFERS.sub("*", line[:_LONGEST]), "")


def _where(address: str) -> str:
    return _DIFFERS.sub("*", urlsplit(address).path)


def read_answers(path: Path) -> dict[Finding, str]:
    """What was answered, and why it harms nobody; NotScannedError if an entry says not all.

    So it does if one answers for every path and every parameter: it would hide what comes later.
    """
    try:
        entries = tomllib.loads(path.read_text()).get("answered", [])
        answered = {
            Finding(one["kind"], where, one.get("parameter", "")): one["why"].strip()
            for one in entries
            for where in ([one["path"]] if isinstance(one["path"], str) else one["path"])
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotScannedError(f"{path.name} cannot be read: {error}") from error
    for each in answered:
        if each.path == each.parameter == "*":
            raise NotScannedError(f"{path.name} answers {each.kind} wherever it is found")
    return answered


def faults(
    found: Iterable[Finding], answered: Mapping[Finding, str], *, whole: bool
) -> Iterator[str]:
    """What must be done: a finding without answer, an answer without why or without its finding.

    Where not all were walked (``whole``), an answer may be for what another would have found. Of
    paths that are answered together one is enough: a walk ends by the clock and meets not all.
    """
    found = sorted(set(found))
    for one in found:
        if not any(_fits(each, one) for each in answered):
            where = " ".join(part for part in (one.path, one.parameter) if part)
            yield f"{one.kind}: {where}: nobody has answered it."
    met = {
        (each.kind, why) for each, why in answered.items() if any(_fits(each, one) for one in found)
    }
    for each, why in answered.items():
        if not why:
            yield f"{each.kind}: {each.path} is answered and nobody says why."
        elif whole and (each.kind, why) not in met:
            yield f"{each.kind}: {each.path} is found no more; take the answer out."


def _fits(answer: Finding, found: Finding) -> bool:
    """A star in place of the path or of the parameter answers for every one of them."""
    where = answer.path in {"*", found.path} and answer.parameter in {"*", found.parameter}
    return where and answer.kind == found.kind
