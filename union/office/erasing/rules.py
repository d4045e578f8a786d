"""When an erasure may begin, which step is next, and what its certificate says: plain values.

A certificate is lines of codes, numbers and hashes; it never holds a name, a number of hers or a
reference by which anything could be looked up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from union.infra.backups import KEPT_FOR as BACKUPS_KEPT_FOR
from union.kernel.actor import Actor, Role

OFFICERS = frozenset({Role.MEMBERSHIP_SECRETARY, Role.DUTY_OFFICER})
"""Who may ask for it in her name, agree, and stop it."""

WAIT = timedelta(hours=72)
"""So long she has to say no, from when she was told (law P6)."""

LOOK_AGAIN = timedelta(days=1)
"""So long what is due waits, where something of hers is open again, before it is looked at anew."""

FIRST_LINE = "sangha-certificate-1"
FIRST = bytes(32)
"""What the first certificate stands on."""

GONE_AFTER = max(BACKUPS_KEPT_FOR.values())
"""When the last backup from before is gone: `union backup --prune` keeps none longer."""


class Asked(StrEnum):
    """How it was asked for."""

    HERSELF = "herself"
    OFFICE = "office"
    COURT = "court"


class Stopped(StrEnum):
    """How it was stopped."""

    ANSWER = "answer"
    PAGE = "page"
    OFFICE = "office"


class Stays(StrEnum):
    """What is not erased, and is named on the certificate with how much there is of it."""

    MONEY_ROWS = "money_rows"
    READINGS = "readings"
    CALLS_WITH_OTHERS = "calls_with_others"
    SAID_BY_OTHERS = "said_by_others"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Certified:
    """What one certificate says."""

    number: int
    previous_hash: bytes
    order_ref: str
    asked_at: datetime
    asked_how: str
    told_at: datetime
    made_at: datetime
    keys: Mapping[UUID, datetime]
    stays: Mapping[str, int]

    @property
    def gone_by(self) -> date:
        """The day by which no backup holds any of these keys."""
        return (max(self.keys.values()) + GONE_AFTER).astimezone(UTC).date()

    @property
    def said(self) -> str:
        """The whole text that is signed, line by line."""
        keys = sorted((key_mark(ref), at) for ref, at in self.keys.items())
        lines = [
            FIRST_LINE,
            f"number {self.number}",
            f"previous {self.previous_hash.hex()}",
            f"order {self.order_ref}",
            f"asked {_day(self.asked_at)} {self.asked_how}",
            f"told {_day(self.told_at)}",
            f"made {_instant(self.made_at)}",
            f"keys {len(keys)}",
            *(f"key {mark} {_instant(at)}" for mark, at in keys),
            f"gone_from_backups_by {self.gone_by.isoformat()}",
            *(f"stays {what} {count}" for what, count in sorted(self.stays.items())),
            f"stays {Stays.PAPER} uncounted",
        ]
        return "".join(f"{one}\n" for one in lines)


def key_mark(key_ref: UUID) -> str:
    """By what a key is told on a certificate: whoever holds its reference can find it there."""
    return hashlib.sha256(key_ref.bytes).hexdigest()


def may_erase(actor: Actor) -> bool:
    """Whoever keeps the register, or is on duty for the whole state."""
    return actor.person_id is not None and actor.has(*OFFICERS)


def may_begin(hindrances: Collection[str], not_before: datetime | None, now: datetime) -> bool:
    """The days to say no are over, and nothing of hers is open."""
    return not hindrances and not_before is not None and now >= not_before


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
