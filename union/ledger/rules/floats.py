"""How old an unsettled float is: what comes back or is settled covers the oldest first."""

from __future__ import annotations

from collections.abc import Iterable
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
