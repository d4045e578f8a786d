"""The words of a case and its plain decisions: who takes it, when somebody must look again.

A case is never left without a day on which somebody looks; nothing here knows what is in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LOOK_HOUR = time(9)
"""When a step's day is looked at, by the union's clocks."""

ASK_AGAIN = timedelta(hours=1)
"""How soon a case without a paralegal is looked at again."""

FIRST_STEP_AFTER = timedelta(days=1)

UNKNOWN_DISTANCE_KM = 1000.0


class CaseState(StrEnum):
    """Open until its paralegal closes it."""

    OPEN = "open"
    CLOSED = "closed"


class Act(StrEnum):
    """What was done to her, as few words as a first talk needs."""

    ARREST = "arrest"
    HARASSMENT = "harassment"
    VIOLENCE = "violence"
    EXTORTION = "extortion"
    EVICTION = "eviction"
    OUTING = "outing"
    WAGES = "wages"
    FAMILY = "family"
    OTHER = "other"


class Step(StrEnum):
    """What comes next."""

    FIRST_TALK = "first_talk"
    MEET_HER = "meet_her"
    STATEMENT = "statement"
    POLICE_STATION = "police_station"
    DOCTOR = "doctor"
    LAWYER = "lawyer"
    COURT = "court"
    OTHER = "other"


class Purpose(StrEnum):
    """What she may consent to, each by itself (LG4)."""

    READ_TIMELINE = "read_timeline"
    FOLLOW_UP = "follow_up"
    SHARE_LAWYER = "share_lawyer"
    SHARE_COURT = "share_court"
    COUNT_ONLY = "count_only"


class Recipient(StrEnum):
    """Who may receive it."""

    PARALEGAL = "paralegal"
    LAWYER = "lawyer"
    COURT = "court"
    UNION = "union"


RECIPIENT_OF: dict[Purpose, Recipient] = {
    Purpose.READ_TIMELINE: Recipient.PARALEGAL,
    Purpose.FOLLOW_UP: Recipient.PARALEGAL,
    Purpose.SHARE_LAWYER: Recipient.LAWYER,
    Purpose.SHARE_COURT: Recipient.COURT,
    Purpose.COUNT_ONLY: Recipient.UNION,
}
"""Each purpose has its one recipient; a second recipient is a second purpose."""


class PartyRole(StrEnum):
    """What somebody is in a case."""

    HERSELF = "herself"
    WITNESS = "witness"
    POLICE = "police"
    CLIENT = "client"
    PARTNER = "partner"
    LANDLORD = "landlord"
    GOONDA = "goonda"
    OTHER = "other"


class CaseOutcome(StrEnum):
    """What came of it."""

    AS_SHE_WISHED = "as_she_wished"
    PARTLY = "partly"
    SHE_WANTED_NO_MORE = "she_wanted_no_more"
    NOT_POSSIBLE = "not_possible"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Helper:
    """A paralegal who could take a case: certified or not, how far, how many she has."""

    person_id: int
    certified: bool
    same_branch: bool
    km: float | None
    open_cases: int


def choose_paralegal(helpers: Iterable[Helper], avoid: frozenset[int]) -> int | None:
    """Whoever holds a certificate of the same branch, else nearest, else anybody; fewest cases.

    Nobody named in the conflict, and never the member herself, is chosen.
    """
    able = [helper for helper in helpers if helper.person_id not in avoid]
    return min(able, key=_order).person_id if able else None


def _order(helper: Helper) -> tuple[bool, bool, float, int, int]:
    km = UNKNOWN_DISTANCE_KM if helper.km is None else helper.km
    return (
        not helper.certified,
        not helper.same_branch,
        km if helper.certified else 0.0,
        helper.open_cases,
        helper.person_id,
    )


def next_look(now: datetime, next_on: date, zone: ZoneInfo, *, assigned: bool) -> datetime:
    """When somebody must look again, always in the future.

    The morning of the step's day; once that has passed, the next morning, each morning; within
    the hour while nobody has the case.
    """
    if not assigned:
        return now + ASK_AGAIN
    local = now.astimezone(zone)
    today = local.date()
    day = today if local.time() < LOOK_HOUR else today + timedelta(days=1)
    return datetime.combine(max(next_on, day), LOOK_HOUR, zone).astimezone(UTC)


def is_overdue(next_on: date, today: date) -> bool:
    """Whether the step's day has passed."""
    return next_on < today


def first_step_on(today: date) -> date:
    """The day by which somebody talks to her."""
    return today + FIRST_STEP_AFTER
