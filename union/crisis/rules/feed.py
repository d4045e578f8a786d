"""A calendar of somebody's own hours as other programs read it (RFC 5545); says nothing else.

No place, no duty, no name of anybody or of the union stands in it: whoever looks over a shoulder
sees that its owner works somewhere at these hours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from union.crisis.rules.rota import Hours

BACK, AHEAD = timedelta(days=7), timedelta(days=84)
"""So far a calendar looks back, and so far ahead."""

MAKER = "-//calendar//calendar//EN"
AGAIN = timedelta(hours=6)


def calendar_of(
    shifts: Iterable[tuple[str, Hours]], *, word: str, secret: str, now: datetime
) -> bytes:
    """The calendar; each shift is named by its key, which nobody reads back out of it.

    ``word`` is all that is said of a shift, and of the calendar. ``secret`` is the address's own:
    the same shift keeps its name from one reading to the next, and has another at another address.
    """
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", word)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for key, hours in shifts:
        event = Event()
        event.add("uid", hashlib.sha256(f"{secret}.{key}".encode()).hexdigest()[:32])
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", hours.starts_at.astimezone(UTC))
        event.add("dtend", hours.ends_at.astimezone(UTC))
        event.add("summary", word)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
