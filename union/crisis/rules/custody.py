"""The hours within which somebody taken must stand before a magistrate, and when we look.

A law is kept as dated data with its source; the hours on the way to the court do not count in it,
so the clock warns early and never says that a detention is lawful.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from union.crisis.rules.kinds import Kind, Outcome


class CustodyEnd(StrEnum):
    """How a clock stopped; ``corrected`` where a better hour took its place.

    ``listed``: those on the list have hours of their own now, and it passed over to them.
    """

    PRODUCED = "produced"
    RELEASED = "released"
    NOT_TAKEN = "not_taken"
    CORRECTED = "corrected"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class DatedLaw:
    """What a law says from a day on: how many hours, and where that stands written."""

    since_on: date
    hours: int
    source: str


PRODUCTION = (
    DatedLaw(
        date(1974, 4, 1),
        24,
        "Constitution of India, Article 22(2); Code of Criminal Procedure 1973, section 57",
    ),
    DatedLaw(
        date(2024, 7, 1),
        24,
        "Constitution of India, Article 22(2); Bharatiya Nagarik Suraksha Sanhita 2023, section 58",
    ),
)
"""Before the nearest magistrate within 24 hours, the journey to the court not counted."""

WARN_AT = (12, 20, 23, 24)
AFTERWARDS_EVERY = 24
KEEPS_RUNNING = frozenset({Outcome.STILL_HELD, Outcome.TAKEN_TO_HOSPITAL})
"""Ends of an incident after which somebody may still be in custody."""


def law_on(day: date) -> DatedLaw:
    """The law in force on a day."""
    return max((law for law in PRODUCTION if law.since_on <= day), key=lambda law: law.since_on)


def must_be_produced_by(taken_at: datetime) -> datetime:
    """The last instant, the journey not counted."""
    return taken_at + timedelta(hours=law_on(taken_at.astimezone(UTC).date()).hours)


def next_warning(warned_hours: int) -> int:
    """The hour after which people are warned next: 12, 20, 23, 24, then once every day."""
    later = next((hour for hour in WARN_AT if hour > warned_hours), None)
    return warned_hours + AFTERWARDS_EVERY if later is None else later


def passed_warning(taken_at: datetime, now: datetime) -> int:
    """The latest warning whose hour has gone by; 0 before the first."""
    gone = (now - taken_at) / timedelta(hours=1)
    hours = 0
    while (later := next_warning(hours)) <= gone:
        hours = later
    return hours


def begins_a_clock(kind: Kind) -> bool:
    """Whether somebody may have been taken as soon as this is told."""
    return kind is Kind.ARREST_OR_RAID
