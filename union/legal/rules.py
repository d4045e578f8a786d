"""The words of a case and its plain decisions: who takes it, when somebody must look again.

A case is never left without a day on which somebody looks; nothing here knows what is in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from union.kernel.actor import Role
from union.kernel.keeping import How, Rule

CLOSED_CASES = Rule("cases", 2922, "closed", How.DESTROY_KEY, 1827, 7305)
"""How long a closed case is kept, in days."""

LOOK_HOUR = time(9)
"""When a step's day is looked at, by the union's clocks."""

ASK_AGAIN = timedelta(hours=1)
"""How soon a case without a paralegal is looked at again."""

FIRST_STEP_AFTER = timedelta(days=1)

UNKNOWN_DISTANCE_KM = 1000.0

RECEIVERS = frozenset({Role.WELFARE_COMMITTEE, Role.COUNSELLOR, Role.LAWYER})
"""Who may receive a complaint; a trustee never sees a case (PRODUCT.md), so she does not."""

TWO = 2
"""So many receive one."""

MAY_KEEP = frozenset({Role.PARALEGAL, Role.WELFARE_COMMITTEE, Role.COUNSELLOR})
"""Who may keep keys of cases, if she is named: nobody from outside, no office over money."""

WAIT_STEPS = 3
"""So often somebody is told of one who waits to be let into a case, the last time the office."""

WAIT_OFFICES = (Role.DUTY_OFFICER, Role.MEMBERSHIP_SECRETARY, Role.SIGNATORY)
"""Which office that is: the first of these that somebody holds. One of them
always is: only their holders give offices."""

SHARED_AT_MOST = timedelta(days=90)
"""A share is given anew after this; the database says the same."""


class CaseState(StrEnum):
    """Open until its paralegal closes it."""

    OPEN = "open"
    CLOSED = "closed"


class CaseKind(StrEnum):
    """Help with the law, or a complaint against one of our own."""

    AID = "aid"
    COMPLAINT = "complaint"


class Part(StrEnum):
    """What of a case is shared besides what it is about and its next step."""

    HER = "her"
    PARTIES = "parties"
    STORY = "story"
    HAPPENED = "happened"


class ShareEnd(StrEnum):
    """How a share ended; the last three the database ends by itself."""

    ENDED = "ended"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    OFFICE = "office"
    SHUT_OUT = "shut_out"


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


class Said(StrEnum):
    """Whether the words of a case open to whoever reads it, and what they wait for if not."""

    OPEN = "open"
    SHUT = "shut"
    """Her opening words."""
    WAITS = "waits"
    """Somebody who holds the key must let her in; what she was let into is open."""
    NONE = "none"
    """She has chosen no opening words yet."""


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


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who could receive a complaint: her offices, how many she has open."""

    person_id: int
    offices: frozenset[Role]
    open_complaints: int


def choose_receivers(
    able: Iterable[Hearer], wanted: int, accused: frozenset[Role], beside: frozenset[Role]
) -> list[int]:
    """So many of them, each as far from whom it is about, and from the other, as there is.

    One of the union who shares no office with her comes before one who does, a lawyer from
    outside after these, whoever shares an office with the other receiver (``beside``) later,
    then whoever has fewest. Nobody named may be among ``able``.
    """
    left, chosen, sides = list(able), list[int](), set(beside)
    while left and len(chosen) < wanted:
        best = min(left, key=partial(_distance, accused=accused, beside=frozenset(sides)))
        left.remove(best)
        chosen.append(best.person_id)
        sides |= best.offices
    return chosen


def _distance(
    one: Hearer, accused: frozenset[Role], beside: frozenset[Role]
) -> tuple[bool, bool, bool, int, int]:
    return (
        not one.offices.isdisjoint(accused),
        one.offices <= {Role.LAWYER},
        not one.offices.isdisjoint(beside),
        one.open_complaints,
        one.person_id,
    )


def next_to_ask(able: Sequence[int], last: int | None) -> list[int]:
    """In which order to try whom: whoever comes after who was told last first, she herself last."""
    if last not in able:
        return list(able)
    after = able.index(last) + 1
    return [*able[after:], *able[:after]]


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
