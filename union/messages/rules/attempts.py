"""Which way is tried next and when; never what is said."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from union.messages.rules.reach import Quiet

Way = TypeVar("Way")

Lane = tuple[str, str | None]
"""A way and the provider it goes by; None is the first of the way."""

LEASE = timedelta(seconds=8)
"""How long a claimed attempt belongs to whoever claimed it. Longer than CALL_SECONDS."""

CALL_SECONDS = 5.0
"""The hard time-out of one call to a gateway."""

MOST_URGENT = 8
MOST_ORDINARY = 4
"""How many attempts one message gets; after that its sender is told (message_unsent)."""


def lanes(channels: Sequence[str], further: Mapping[str, Sequence[str]]) -> list[Lane]:
    """Every way by its first provider in her order, then by the second ones, and so on."""
    ways = list(dict.fromkeys(channels))
    rounds = zip_longest(*([(way, name) for name in further.get(way, ())] for way in ways))
    first: list[Lane] = [(way, None) for way in ways]
    return first + [lane for each in rounds for lane in each if lane is not None]


def quiet_last(channels: Sequence[str], quiet: Collection[Quiet]) -> list[str]:
    """Her ways in their order, those through which nothing seems to come at the end."""
    return sorted(channels, key=lambda way: (way, "") in quiet)


def next_channel(wanted: Sequence[Way], tried: Sequence[Way]) -> Way | None:
    """The way tried least often so far, in her order, and not the last one if she has two."""
    ways = list(dict.fromkeys(wanted))
    if not ways:
        return None
    last = tried[-1] if tried else None
    others = [way for way in ways if way != last] or ways
    return min(others, key=lambda way: (tried.count(way), ways.index(way)))


def pause(attempts: int, ways: int, *, urgent: bool) -> timedelta:
    """How long to wait before the next attempt.

    Every way is tried once at once; then urgent words wait 5, 10, 20 … seconds a round (a
    minute at most), ordinary ones as many minutes.
    """
    rounds = attempts // max(ways, 1)
    if rounds == 0:
        return timedelta(0)
    steps = min(5 * 2 ** (rounds - 1), 60)
    return timedelta(seconds=steps) if urgent else timedelta(minutes=steps)


def may_try_again(attempts: int, *, urgent: bool) -> bool:
    """Whether one more attempt is allowed."""
    return attempts < (MOST_URGENT if urgent else MOST_ORDINARY)


def attempt_key(message_id: int, number: int) -> str:
    """The idempotency key of one attempt; also a valid RQ job id."""
    return f"m{message_id}-a{number}"
