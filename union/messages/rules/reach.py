"""Whether a person may be told something now: never a session, never a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Channel(StrEnum):
    """A way to a person. A link travels inside a text and is no channel of its own."""

    SMS = "sms"
    VOICE = "voice"
    PUSH = "push"
    MAIL = "mail"


ALSO_CALLED = {"app": Channel.PUSH, "call": Channel.VOICE, "link": Channel.SMS}
"""Other words for the ways, as registers and teams write them."""


class Purpose(StrEnum):
    """Why somebody is told something; consent and hours hang on it."""

    PAGE = "page"
    BRIEFING = "briefing"
    STAND_DOWN = "stand_down"
    CALLBACK = "callback"
    RECEIPT = "receipt"
    REMINDER = "reminder"


DUTY = frozenset({Purpose.PAGE, Purpose.BRIEFING, Purpose.STAND_DOWN})
"""Allowed by the consent given when taking up duty; a night is what duty is for."""

ASKED_FOR = frozenset({Purpose.CALLBACK})
"""She asked for it by ringing us, so the hour is hers."""

DUES_TOPIC = "dues"
"""The consent under which receipts and reminders about her dues go out."""

ORDINARY_FROM = time(10, 0)
ORDINARY_UNTIL = time(18, 0)
"""Hours for ordinary words when she has named none: by day, when she opens her own phone."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known about reaching one person.

    `here` is False for the dead and the gone. `addresses` has one entry per way she has,
    keyed by channel. `topics` are the consents in force, `wished` the ways she wants ordinary
    words by. Hours are in the union's zone.
    """

    here: bool = True
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    languages: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    wished: frozenset[str] = frozenset()
    hours_from: time | None = None
    hours_until: time | None = None

    def ways_for(self, purpose: Purpose, wanted: Sequence[str]) -> list[str]:
        """Of the wanted ways those she has and, for ordinary words, wished for; order kept."""
        free = purpose in DUTY or purpose in ASKED_FOR
        return [
            way
            for way in dict.fromkeys(wanted)
            if way in self.addresses and (free or way in self.wished)
        ]


class Verdict(StrEnum):
    """What to do with the words."""

    SEND = "send"
    WAIT = "wait"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict; `until` (aware) with WAIT, a code with WITHHOLD."""

    verdict: Verdict
    until: datetime | None = None
    code: str | None = None


SEND = Decision(Verdict.SEND)


def channel_of(word: str) -> Channel:
    """Read a way as people write it; an unknown word raises ValueError."""
    cleaned = word.strip().lower()
    return ALSO_CALLED.get(cleaned) or Channel(cleaned)


def decide(purpose: Purpose, reach: Reach, now_here: datetime) -> Decision:
    """May she be told now? `now_here` is the present in the union's zone.

    The dead and the gone are told nothing, whatever the purpose. Duty and a callback she
    asked for go at any hour; the rest needs her consent and waits for her hours.
    """
    if not reach.here:
        return Decision(Verdict.WITHHOLD, code="not_here")
    if purpose in DUTY or purpose in ASKED_FOR:
        return SEND
    if DUES_TOPIC not in reach.topics:
        return Decision(Verdict.WITHHOLD, code="no_consent")
    opens = next_safe_at(
        now_here, reach.hours_from or ORDINARY_FROM, reach.hours_until or ORDINARY_UNTIL
    )
    return SEND if opens is None else Decision(Verdict.WAIT, until=opens)


def next_safe_at(now_here: datetime, begins: time, ends: time) -> datetime | None:
    """When the hours next begin; None if they are on now. Hours may run over midnight."""
    clock = now_here.time().replace(tzinfo=None)
    over_midnight = begins > ends
    inside = (clock >= begins or clock < ends) if over_midnight else begins <= clock < ends
    if inside:
        return None
    opening = _at(now_here.date(), begins, now_here)
    return opening if opening > now_here else _at(_next(now_here.date()), begins, now_here)


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _at(day: date, clock: time, like: datetime) -> datetime:
    return datetime.combine(day, clock, tzinfo=like.tzinfo)
