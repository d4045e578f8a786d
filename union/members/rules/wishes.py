"""When and how a member may be reached, from the words in a register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from union.members.rules.cells import figures

ALL_CHANNELS = ("call", "sms", "link", "visit")
_WRITTEN = ("sms", "link")
_NOON = time(12)
_HALF_DAY = 12

_ONLY_SMS = re.compile(r"\b(only|just) (sms|message|text)|\b(sms|message|text)s? only\b")
_ONLY_CALL = re.compile(r"\bonly calls?\b|\bcalls? only\b|\bno (sms|message|text)s?\b")
_MEET = re.compile(r"\b(do not|don'?t|never|no) (call|phone)|\bmeet in person\b|\bin person\b")
_ANY = re.compile(r"^(yes|any ?time|always|ok|all)\b")
_ASK = re.compile(r"\bask for (.+?)(?:[,;.]|$)")
_AFTER = re.compile(r"\bafter (\d{1,2})(?:[.:](\d{2}))? ?(am|pm)?")
_BEFORE = re.compile(r"\b(?:before|until|till) (\d{1,2})(?:[.:](\d{2}))? ?(am|pm)?")


@dataclass(frozen=True, slots=True)
class WishReading:
    """Her wish as rules; ``understood`` is False if only her own words can be kept.

    ``asked`` is False when nothing stood there. Hours are civil, in the union's zone.
    """

    asked: bool
    channels: tuple[str, ...] = ()
    not_before: time | None = None
    not_after: time | None = None
    ask_for: str | None = None
    words: str | None = None
    understood: bool = True


def read_wish(text: str) -> WishReading:
    """Read "only SMS", "after 4 pm", "ask for Akka", "do not call, meet in person" and the like.

    A wish that cannot be read allows a visit only, until somebody has read it.
    """
    own = figures(text)
    if not own:
        return WishReading(asked=False)
    words = own.casefold()
    ask = _ASK.search(own.replace("Ask for", "ask for"))
    channels = _channels(words)
    not_before, not_after = _hours(words)
    understood = (
        channels is not None or ask is not None or not_before is not None or not_after is not None
    )
    return WishReading(
        asked=True,
        channels=channels or (ALL_CHANNELS if understood else ("visit",)),
        not_before=not_before,
        not_after=not_after,
        ask_for=ask[1].strip() if ask else None,
        words=own,
        understood=understood,
    )


def _channels(words: str) -> tuple[str, ...] | None:
    if _ONLY_SMS.search(words):
        return _WRITTEN
    if _MEET.search(words):
        return ("visit",)
    if _ONLY_CALL.search(words):
        return ("call", "visit")
    return ALL_CHANNELS if _ANY.match(words) else None


def _hours(words: str) -> tuple[time | None, time | None]:
    if "morning" in words:
        return None, _NOON
    if "evening" in words:
        return time(16), None
    after, before = _AFTER.search(words), _BEFORE.search(words)
    return (_hour(after) if after else None), (_hour(before) if before else None)


def _hour(match: re.Match[str]) -> time | None:
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] == "pm" and hour < _HALF_DAY:
        hour += _HALF_DAY
    if match[3] == "am" and hour == _HALF_DAY:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        return None
