"""Who promised which hours: duties, weekly patterns on the clock of a zone; plain values only.

A rota orders and promises; whom the engine may ask is never decided by it alone (C7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from union.crisis.rules.kinds import TeamRole
from union.kernel.actor import Role

if TYPE_CHECKING:
    from collections.abc import Iterator


class Duty(StrEnum):
    """What somebody can be down for."""

    RESPONDER = "responder"
    PARALEGAL = "paralegal"
    COUNSELLOR = "counsellor"
    OPERATOR = "operator"
    SECOND_PHONE = "second_phone"
    DUTY_OFFICER = "duty_officer"


TEAM_DUTIES = (Duty.RESPONDER, Duty.PARALEGAL, Duty.COUNSELLOR)
"""Served in a district by whoever is certified; the others at the desk, for the whole state."""

DUTY_OF: dict[TeamRole, Duty] = {
    TeamRole.RESPONDER: Duty.RESPONDER,
    TeamRole.TEAM_LEAD: Duty.RESPONDER,
    TeamRole.PARALEGAL: Duty.PARALEGAL,
    TeamRole.COUNSELLOR: Duty.COUNSELLOR,
}

HELD_BY: dict[Duty, Role] = {
    Duty.OPERATOR: Role.OPERATOR,
    Duty.SECOND_PHONE: Role.OPERATOR,
    Duty.DUTY_OFFICER: Role.DUTY_OFFICER,
}
"""Which office a duty at the desk belongs to."""


class Origin(StrEnum):
    """How a single shift came about."""

    WRITTEN = "written"
    OFFER = "offer"
    SWAP = "swap"


class SwapState(StrEnum):
    """Where a wish to swap stands."""

    ASKED = "asked"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of time between two aware instants; the end is not part of it."""

    starts_at: datetime
    ends_at: datetime

    def touches(self, other: Hours) -> bool:
        """Whether the two share any time."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: Hours) -> bool:
        """Whether the other lies wholly in this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


@dataclass(frozen=True, slots=True)
class Weekly:
    """The same hours every week on one day (1 Monday to 7 Sunday) on the clock of ``zone``.

    An end at or before the beginning is on the next day. ``until_on`` is the last day it begins.
    """

    weekday: int
    from_time: time
    until_time: time
    zone: str
    since_on: date
    until_on: date | None = None


def instant_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That time on that day's clock; where it is skipped or there twice, the later instant.

    PostgreSQL reads it the same way, and the two are compared in a test.
    """
    local = datetime.combine(day, clock, zone)
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def hours_on(weekly: Weekly, day: date) -> Hours | None:
    """Her hours that begin on a day of her zone; None if not her day, or the clock ate them."""
    ended = weekly.until_on is not None and day > weekly.until_on
    if day.isoweekday() != weekly.weekday or day < weekly.since_on or ended:
        return None
    zone = ZoneInfo(weekly.zone)
    later = timedelta(days=weekly.until_time <= weekly.from_time)
    starts_at = instant_of(day, weekly.from_time, zone)
    ends_at = instant_of(day + later, weekly.until_time, zone)
    return Hours(starts_at, ends_at) if starts_at < ends_at else None


def hours_between(
    weekly: Weekly, since: datetime, before: datetime
) -> Iterator[tuple[date, Hours]]:
    """Every day and its hours that touch a stretch of time, in order."""
    zone, wanted = ZoneInfo(weekly.zone), Hours(since, before)
    day = since.astimezone(zone).date() - timedelta(days=1)
    while day <= before.astimezone(zone).date():
        hours = hours_on(weekly, day)
        if hours is not None and hours.touches(wanted):
            yield day, hours
        day += timedelta(days=1)


def is_zone(name: str) -> bool:
    """Whether clocks are known for a zone of this name."""
    return name in available_timezones()
