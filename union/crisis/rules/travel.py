"""How long a way takes at most, for somebody without a car; an estimate, never a promise."""

from __future__ import annotations

from datetime import datetime
from math import ceil

GETTING_READY = 15
KM_PER_HOUR = 25.0
LONGEST = 240
UNKNOWN_WAY = 45


def minutes_to(km: float | None) -> int:
    """Minutes until somebody so far away can be there; a guess where the way is not known."""
    if km is None:
        return UNKNOWN_WAY
    return min(LONGEST, GETTING_READY + ceil(km / KM_PER_HOUR * 60))


def part_done(
    begun: datetime | None, promised: datetime | None, arrived: datetime | None, now: datetime
) -> int:
    """How much of her way lies behind her by what she promised, in percent; 95 at most."""
    if arrived is not None:
        return 100
    if begun is None or promised is None or promised <= begun:
        return 0
    return max(0, min(95, round(100 * ((now - begun) / (promised - begun)))))
