"""How old an unsettled float is, and how those who keep the money tell floats apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date


def unsettled_since(days: Iterable[tuple[date, int, int]]) -> date | None:
    """The day of the oldest money given out that nothing covers yet; None if all is covered.

    ``days`` are (day, given out, covered) in minor units, oldest first.
    """
    listed = sorted(days)
    covered = sum(settled for _day, _given, settled in listed)
    for day, given, _settled in listed:
        covered -= given
        if covered < 0:
            return day
    return None


def kinds(most_minor: Mapping[str, int]) -> dict[str, int]:
    """Purposes as plain numbers, by how far each may go: whoever keeps the money needs no more.

    ``most_minor`` is the ceiling of each purpose; of two that go as far, the code decides.
    """
    in_order = sorted(most_minor, key=lambda code: (most_minor[code], code))
    return {code: number for number, code in enumerate(in_order, start=1)}
