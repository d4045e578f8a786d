"""The warning that an officer's sign-in is about to end, whatever she does; never ends anything.

It stands on every page that is opened in the last minutes, and a page that was opened before
shows it by a script. Who proves herself once more in time goes on for as long again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from union.web.current import current_actor, kit
from union.web.proving import DOOR, door_stands

WARNED = timedelta(minutes=15)
"""Before the end: long enough to finish a call and write it down."""


@dataclass(frozen=True, slots=True)
class Shuts:
    """When it is; whether she is told now, or in how many seconds; and the door."""

    at: datetime
    soon: bool
    seconds: int
    door: str


def shuts() -> Shuts | None:
    """The end of this sign-in, if it is an officer's: a member's rests long before."""
    actor, clock = current_actor(), kit().unit.clock
    if not actor.office or actor.until is None or not door_stands():
        return None
    left = actor.until - clock.now() - WARNED
    return Shuts(
        actor.until,
        soon=left <= timedelta(0),
        seconds=max(0, int(left.total_seconds())),
        door=url_for(DOOR),
    )
