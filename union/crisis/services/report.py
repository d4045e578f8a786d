"""What is known of somebody who reached us, as a value; nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from union.crisis.rules.kinds import ContactChannel, Kind


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of somebody who reached us; only ``channel`` must be.

    ``district`` is written as people write it; ``point`` is (latitude, longitude) in degrees and
    is kept as a coarse cell only. ``person_id`` is the caller if she is one of us. With
    ``ring_back`` she is rung at once, as after a missed call.
    """

    channel: ContactChannel = ContactChannel.HOTLINE
    number: str | None = field(default=None, repr=False)
    words: str | None = field(default=None, repr=False)
    place: str | None = field(default=None, repr=False)
    district: str | None = field(default=None, repr=False)
    branch_id: int | None = None
    point: tuple[float, float] | None = field(default=None, repr=False)
    person_id: int | None = None
    kind: Kind = Kind.UNKNOWN
    people: int | None = None
    language: str | None = None
    gender_wish: str | None = None
    may_call_back: bool = True
    inbound_id: int | None = None
    received_at: datetime | None = None
    coming_person_id: int | None = None
    may_be_minor: bool = False
    ring_back: bool = False

    @property
    def tells_where(self) -> bool:
        """Whether an incident may well come of it: she says where, in whatever way."""
        said = (self.place, self.district, self.branch_id, self.point)
        return any(one is not None for one in said)
