"""When a way counts as quiet, and when it is back: pure counting, with no session and no clock.

Silence is evidence only where answers were to be expected. Each rule asks how likely so little
would be if nothing had changed, and speaks up where that is as good as impossible; what was before
a way came back is never counted again, so that a way cannot flap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import comb, exp
from statistics import median

UNLIKELY = 0.0003
"""What is less likely than this, were all as before, is told.

Asked after every word it errs about once in a thousand words of made-up months, and says so itself
when two are answered; a silent way is told after 4 people where nine in ten used to answer, after
11 where half did.
"""

UNLIKELY_IN = 0.001
"""The same for what comes in, which is counted by the hour and not after every word."""

GRACE = timedelta(minutes=5)
"""An answer is given this long before its lack says anything."""

FEWEST_PEOPLE = 3
MOST_PEOPLE = 30
USUAL_SHARE = 0.3
"""How many words are answered, where too few went before to know."""

FEWEST_BEFORE = 20
FEWEST_DAYS = 3
SHARE_BETWEEN = (0.05, 0.9)

FEWEST_KNOCKS = 5
LAST_KNOCKS = 6
SLOW_SECONDS = 4.0
FEWEST_EXPECTED = 5.0
SIGNS_OF_RETURN = 2


class Why(StrEnum):
    """What speaks for it that nothing comes through."""

    UNANSWERED = "unanswered"
    REFUSING = "refusing"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    NOTHING_IN = "nothing_in"


@dataclass(frozen=True, slots=True)
class Word:
    """A word a gateway took: to whom, when, and whether a person or her phone gave a sign."""

    person_id: int
    at: datetime
    heard: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """One knock at a gateway: when it ended, the code of a failure, and how late it was (s)."""

    person_id: int
    at: datetime
    code: str | None
    late: float


@dataclass(frozen=True, slots=True)
class Finding:
    """That a way is quiet: why, since when (the last sign, if there was one), and the counts."""

    why: Why
    since: datetime
    facts: Mapping[str, int] = field(default_factory=dict)


def unanswered(words: Sequence[Word]) -> Finding | None:
    """Whether so few of the newest words had a sign that the rest likely never arrived.

    `words` are of one way (or part of it), oldest first, each old enough to have been answered.
    Of each person only the newest counts: one who sleeps is not a silent carrier.
    """
    newest = _newest_of_each(words)
    recent = newest[:MOST_PEOPLE]
    if len(recent) < FEWEST_PEOPLE:
        return None
    heard = 0
    for count, word in enumerate(recent, 1):
        heard += word.heard
        share = _share_before(words, word.at)
        if count >= FEWEST_PEOPLE and _so_few(heard, count, share) <= UNLIKELY:
            facts = {"asked": count, "heard": heard, "usual_percent": round(100 * share)}
            return Finding(Why.UNANSWERED, _last_sign(words), facts)
    return None


def failing(tried: Sequence[Tried]) -> Finding | None:
    """Whether the gateway itself says no, or nothing, or takes too long; oldest first.

    One person's bad number is nobody's outage: two people at least.
    """
    last = tried[-LAST_KNOCKS:]
    failed = [one for one in last if one.code is not None]
    if len(failed) >= FEWEST_KNOCKS and len({one.person_id for one in failed}) > 1:
        refused = sum(one.code == "gateway_refused" for one in failed)
        why = Why.REFUSING if 2 * refused > len(failed) else Why.UNREACHABLE
        return Finding(why, failed[0].at, {"tried": len(last), "failed": len(failed)})
    late = [one.late for one in last if one.code is None]
    if len(late) >= FEWEST_KNOCKS and median(late) >= SLOW_SECONDS:
        return Finding(Why.SLOW, last[0].at, {"tried": len(late), "seconds": round(median(late))})
    return None


def nothing_in(came: int, before: Sequence[int], since: datetime) -> Finding | None:
    """Whether too little came in, against the same hours of the days before.

    `before` has one count for each of those days; fewer than three days say nothing, nor does
    more than a quarter of what is usual.
    """
    if len(before) < FEWEST_DAYS:
        return None
    expected = sum(before) / len(before)
    if expected < max(FEWEST_EXPECTED, 4 * came) or _so_few_came(came, expected) > UNLIKELY_IN:
        return None
    return Finding(Why.NOTHING_IN, since, {"came": came, "expected": round(expected)})


def is_back(why: Why, words: Sequence[Word], tried: Sequence[Tried]) -> bool:
    """Whether a way is back; both only of what went out since it was noticed, oldest first."""
    if why is Why.UNANSWERED:
        return sum(word.heard for word in words) >= SIGNS_OF_RETURN and unanswered(words) is None
    newest = tried[-SIGNS_OF_RETURN:]
    fine = [one for one in newest if one.code is None and one.late < SLOW_SECONDS / 2]
    return len(fine) == SIGNS_OF_RETURN


def _newest_of_each(words: Sequence[Word]) -> list[Word]:
    """The newest word of each person, the newest first."""
    newest: dict[int, Word] = {}
    for word in reversed(words):
        newest.setdefault(word.person_id, word)
    return sorted(newest.values(), key=lambda word: word.at, reverse=True)


def _share_before(words: Sequence[Word], begins: datetime) -> float:
    before = [word.heard for word in words if word.at < begins]
    if len(before) < FEWEST_BEFORE:
        return USUAL_SHARE
    least, most = SHARE_BETWEEN
    return min(max(sum(before) / len(before), least), most)


def _last_sign(words: Sequence[Word]) -> datetime:
    return max((word.at for word in words if word.heard), default=words[0].at)


def _so_few(heard: int, asked: int, share: float) -> float:
    """How likely so many answers or fewer are, of so many asked."""
    return sum(
        comb(asked, count) * share**count * (1 - share) ** (asked - count)
        for count in range(heard + 1)
    )


def _so_few_came(came: int, expected: float) -> float:
    """How likely so many or fewer are, where so many are to be expected (Poisson)."""
    likely = total = exp(-expected)
    for count in range(1, came + 1):
        likely *= expected / count
        total += likely
    return total
