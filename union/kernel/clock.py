"""What time it is, handed in: instants are UTC and aware, civil dates are the union's own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

UNION_ZONE = "Asia/Kolkata"


class Clock(Protocol):
    """A source of the present; nothing else in the product may ask for it."""

    @property
    def zone(self) -> ZoneInfo:
        """The union's zone."""
        ...

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """The civil date in the union's zone."""
        ...


class SystemClock:
    """The machine's time."""

    def __init__(self, zone: str = UNION_ZONE) -> None:
        """Civil dates are those of ``zone``, an IANA name."""
        self.zone = ZoneInfo(zone)

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The civil date in the union's zone."""
        return self.now().astimezone(self.zone).date()


class ManualClock:
    """A time that moves only when told to: stories and replays run on it."""

    def __init__(self, at: datetime, zone: str = UNION_ZONE) -> None:
        """Start at an aware instant; a naive one raises ValueError."""
        self.zone = ZoneInfo(zone)
        self._now = _aware(at)

    def now(self) -> datetime:
        """The instant it was last moved to, in UTC."""
        return self._now

    def today(self) -> date:
        """The civil date in the union's zone."""
        return self._now.astimezone(self.zone).date()

    def advance(self, by: timedelta) -> datetime:
        """Move forward; backwards raises ValueError."""
        return self.move_to(self._now + by)

    def move_to(self, at: datetime) -> datetime:
        """Move to a later instant; an earlier one raises ValueError."""
        later = _aware(at)
        if later < self._now:
            message = "a clock never runs backwards"
            raise ValueError(message)
        self._now = later
        return later


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        message = "an instant needs a zone"
        raise ValueError(message)
    return at.astimezone(UTC)
