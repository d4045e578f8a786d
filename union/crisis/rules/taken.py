"""People taken in one raid: where each is, whose word it is, and when somebody must look again.

Plain values only. The 24 hours themselves stand in ``custody``; here is who still counts as held,
when a clock runs, and when a medicine is asked after. Decides nothing about the law.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count

from union.crisis.rules.custody import must_be_produced_by


class Standing(StrEnum):
    """Where one taken person is; the last two need nobody any more."""

    TAKEN = "taken"
    AT_STATION = "at_station"
    NAME_GIVEN = "name_given"
    PRODUCED = "produced"
    PROTECTIVE_HOME = "protective_home"
    HOSPITAL = "hospital"
    RELEASED = "released"
    NOT_TAKEN = "not_taken"


class Source(StrEnum):
    """Whose word a change is."""

    CALLER = "caller"
    HERSELF = "herself"
    TEAM = "team"
    LAWYER = "lawyer"
    POLICE = "police"
    FAMILY = "family"


class Change(StrEnum):
    """What one line of her history tells."""

    LISTED = "listed"
    STANDING = "standing"
    NAME = "name"
    LINKED = "linked"
    UNLINKED = "unlinked"
    TAKEN_AT = "taken_at"
    JOURNEY = "journey"
    MEDICINE = "medicine"
    GIVEN = "given"
    NOT_NEEDED = "not_needed"
    SEALED_MARK = "sealed_mark"
    WARNED = "warned"
    CORRECTED = "corrected"


class MedicineEnd(StrEnum):
    """How a medicine stopped being asked after; ``corrected`` where it was wrongly written."""

    GIVEN = "given"
    NOT_NEEDED = "not_needed"
    CORRECTED = "corrected"


FREE = frozenset({Standing.RELEASED, Standing.NOT_TAKEN})
"""Accounted for: nobody holds her."""

RUNS = frozenset(Standing) - FREE - {Standing.PRODUCED}
"""Where the 24 hours run until she has stood before a magistrate; a home or a hospital too."""

LONGEST_JOURNEY = timedelta(days=2)
LOOK_BEFORE = (timedelta(minutes=60), timedelta(minutes=15), timedelta(0))
LOOK_AGAIN_EVERY = timedelta(minutes=30)


def is_held(standing: Standing) -> bool:
    """Whether somebody still holds her."""
    return standing not in FREE


def clock_runs(standing: Standing, produced_at: datetime | None) -> bool:
    """Whether the hours until a magistrate still run for her."""
    return produced_at is None and standing in RUNS


def latest_by(taken_at: datetime, journey_minutes: int | None) -> datetime:
    """The last instant with the journey to the court left out, as far as somebody timed it."""
    return must_be_produced_by(taken_at) + timedelta(minutes=journey_minutes or 0)


def next_look(due_at: datetime, after: datetime | None, now: datetime) -> datetime:
    """When a medicine is asked after next: an hour before, a quarter, at its time, every half hour.

    ``after`` is when it was last asked after. One written down late is asked after at once.
    """
    if after is None:
        passed = [due_at - before for before in LOOK_BEFORE if due_at - before <= now]
        return now if passed else due_at - LOOK_BEFORE[0]
    planned = next((due_at - before for before in LOOK_BEFORE if due_at - before > after), None)
    if planned is not None:
        return planned
    return next(at for turn in count(1) if (at := due_at + turn * LOOK_AGAIN_EVERY) > after)


def tally(standings: Collection[Standing]) -> dict[Standing, int]:
    """How many are where, in the order in which a board tells it."""
    held = list(standings)
    return {one: held.count(one) for one in Standing if one in held}
