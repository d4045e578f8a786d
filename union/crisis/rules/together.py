"""Which waiting contacts are one line at the desk: plain values in, groups out; nothing is decided.

One number is one line, for somebody who rang, wrote and rang again is one woman more often than
not. A telephone may be shared: what hangs on different calls is never put together.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Caller:
    """What tells whose contact it is; ``number`` is the whole number, never an index of it."""

    id: int
    number: str | None
    incident_id: int | None


def lines_of(callers: Iterable[Caller]) -> list[tuple[int, ...]]:
    """The contacts' ids, line by line, in the order they were given."""
    known = list(callers)
    hang_on: defaultdict[str, set[int]] = defaultdict(set)
    for one in known:
        if one.number and one.incident_id is not None:
            hang_on[one.number].add(one.incident_id)
    lines: dict[Hashable, list[int]] = {}
    for one in known:
        lines.setdefault(_line(one, hang_on), []).append(one.id)
    return [tuple(ids) for ids in lines.values()]


def _line(one: Caller, hang_on: Mapping[str, set[int]]) -> Hashable:
    if not one.number:
        return one.id
    incidents = hang_on.get(one.number, set())
    return (one.number, one.incident_id if len(incidents) > 1 else None)
