"""Whether a person may be told something now: never a session, never a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


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
    TRIAL = "trial"
    DRILL = "drill"
    ROTA = "rota"
    CHANGED = "changed"


DUTY = frozenset({Purpose.PAGE, Purpose.BRIEFING, Purpose.STAND_DOWN, Purpose.DRILL})
"""Allowed by the consent given when taking up duty; a night is what duty is for."""

CALM_DUTY = frozenset({Purpose.ROTA})
"""Allowed by the same consent, by the ways of duty, and never worth waking anybody for."""

OF_HERSELF = frozenset({Purpose.CHANGED})
"""She must hear of it for her own safety, whatever she wishes told; at her hours."""

ASKED_FOR = frozenset({Purpose.CALLBACK, Purpose.TRIAL})
"""She asked for it, by ringing us or by a button, so the hour is hers."""

DUES_TOPIC = "dues"
"""The consent under which receipts and reminders about her dues go out."""

ORDINARY_FROM = time(10, 0)
ORDINARY_UNTIL = time(18, 0)
"""Hours for ordinary words when she has named none: by day, when she opens her own phone."""


Quiet = tuple[str, str]
"""A way through which nothing seems to come, and which part of it; "" is the whole way."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known about reaching one person.

    `here` is False for the dead and the gone. `addresses` has one entry per way she has,
    keyed by channel. `topics` are the consents in force, `wished` the ways she wants ordinary
    words by. Hours are in the union's zone. `duty` and `ordinary` are her own order of ways,
    None while she named none; `part` says of a way which part of it hers is (a number series).
    """

    here: bool = True
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    languages: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    wished: frozenset[str] = frozenset()
    hours_from: time | None = None
    hours_until: time | None = None
    duty: tuple[str, ...] | None = None
    ordinary: tuple[str, ...] | None = None
    part: Mapping[str, str] = field(default_factory=dict, repr=False)

    def ways_for(
        self, purpose: Purpose, wanted: Sequence[str], quiet: Collection[Quiet] = ()
    ) -> list[str]:
        """The ways to her, first first: hers where she named some, else the wanted ones she has.

        Of ordinary words only by ways she wished for. Named ways none of which she has leave the
        wanted ones: an order never leaves a page without a way. A briefing keeps its caller's
        first way, for only that can say where. Duty goes by quiet ways last. What rings nobody
        (the rota) goes by wanted ways only: it is never turned into a call.
        """
        has = [way for way in dict.fromkeys(wanted) if way in self.addresses]
        if purpose in ASKED_FOR | OF_HERSELF:
            return has
        if purpose in CALM_DUTY:
            return [way for way in has if way in (self.duty or has)] or has
        if purpose not in DUTY:
            return self._ordinary(has)
        return sorted(self._duty(purpose, has), key=lambda way: self._is_quiet(way, quiet))

    def may_use(self, purpose: Purpose, way: str) -> bool:
        """Whether a way chosen before may still be used: hers, and wished for where it can wait.

        An order of hers that changed meanwhile holds from the next message on.
        """
        free = purpose in DUTY | CALM_DUTY | ASKED_FOR | OF_HERSELF
        return way in self.addresses and (free or self._wants(way))

    def _wants(self, way: str) -> bool:
        return way in (self.wished if self.ordinary is None else self.ordinary)

    def _ordinary(self, has: Sequence[str]) -> list[str]:
        ways = has if self.ordinary is None else self.ordinary
        return [way for way in ways if way in self.addresses and self._wants(way)]

    def _duty(self, purpose: Purpose, has: Sequence[str]) -> Sequence[str]:
        hers = [way for way in self.duty or () if way in self.addresses]
        if not hers:
            return has
        if purpose is Purpose.BRIEFING:
            return list(dict.fromkeys([*has[:1], *hers]))
        if purpose is Purpose.STAND_DOWN:
            return [way for way in has if way in hers] or hers
        return hers

    def _is_quiet(self, way: str, quiet: Collection[Quiet]) -> bool:
        return (way, "") in quiet or (way, self.part.get(way, "")) in quiet


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


def series_of(e164: str) -> str:
    """The series a number is of, all but its last six figures: mostly one carrier's, one circle's.

    Numbers may have been carried along to another carrier since; a series is a hint, no more.
    """
    return e164[:-6]


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
    if purpose not in CALM_DUTY | OF_HERSELF and DUES_TOPIC not in reach.topics:
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
