"""How many tries stand open at a door: a stranger's tries never shut out a browser we know.

Pure: the instants of past tries and the present come in, whether one more may be made goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
"""Tries older than this are forgotten."""


@dataclass(frozen=True, slots=True)
class Bound:
    """So many tries within the hour, and what comes after them.

    ``waits``: each further one costs a wait, which doubles; otherwise none is let in until the
    oldest is an hour old. ``forgiven``: a try that passes begins the whole count anew. Never
    where somebody else's tries are counted too: there it only gives itself back.
    """

    free: int
    waits: bool = False
    forgiven: bool = False


KNOWN = Bound(free=8, waits=True, forgiven=True)
"""A browser that signed in as this name before."""
HERS = Bound(free=8, waits=True)
"""Her PIN and her word: one that passes gives only itself back, for with her other PIN, or in a
session she was made to open, somebody else passes there and must get no new tries by it."""
ACCOUNT = Bound(free=60)
"""All the browsers that know one member together, so that many are no supply of tries."""
STRANGER = Bound(free=20)
"""All other browsers together, for one name, whether anybody has it or not."""
ADDRESS = Bound(free=300)
"""One network: a whole office may stand behind it."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)


def opens_at(bound: Bound, tried: Sequence[datetime], now: datetime) -> datetime:
    """When one more try may be made: ``now``, or a later instant.

    ``tried`` are the tries since the last that passed, oldest first.
    """
    held = [at for at in tried if at > now - WINDOW]
    over = len(held) - bound.free
    if over < 0:
        return now
    if not bound.waits:
        return held[over] + WINDOW
    wait = min(FIRST_WAIT * (1 << min(over, 10)), LONGEST_WAIT)
    return max(now, held[-1] + wait)
