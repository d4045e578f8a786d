"""After a heavy night somebody rests: how long, from plain spans. A rest orders, it never forbids.

Whoever rests is asked after the others and before nobody is asked (the rules of choosing see to
it); she, or a coordinator, can lift it with one press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

HEAVY_NIGHT = timedelta(hours=2)
HEAVY_DAY = timedelta(hours=5)
LOOKED_BACK = timedelta(hours=24)
REST = timedelta(hours=12)
NIGHT_FROM, NIGHT_UNTIL = time(22, 0), time(6, 0)
STEP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Out:
    """She was out from an aware instant to another, in the union's zone."""

    since: datetime
    until: datetime


def is_night(local: datetime) -> bool:
    """Whether an instant on the local clock lies in the hours people sleep."""
    return local.time() >= NIGHT_FROM or local.time() < NIGHT_UNTIL


def night_part(out: Out) -> timedelta:
    """How much of it lay in the night, to ten minutes."""
    steps = int((out.until - out.since) / STEP)
    return STEP * sum(is_night(out.since + STEP * number) for number in range(steps))


def rest_until(outs: Sequence[Out], now: datetime) -> datetime | None:
    """Until when she rests after what she did in the last 24 hours; None if it was light."""
    lately = [
        Out(max(one.since, now - LOOKED_BACK), min(one.until, now))
        for one in outs
        if one.until > now - LOOKED_BACK
    ]
    night = sum((night_part(one) for one in lately), timedelta(0))
    whole = sum((one.until - one.since for one in lately), timedelta(0))
    return now + REST if night >= HEAVY_NIGHT or whole >= HEAVY_DAY else None
