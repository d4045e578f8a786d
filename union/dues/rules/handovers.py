"""Cash handed in: which lines of a list can be booked, and what a round ought to come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from union.dues.rules.reading import HandOverLine, read_card, read_day
from union.dues.rules.sheets import MOST_MINOR
from union.dues.rules.verdicts import Verdict
from union.kernel.money import AmountUnreadableError, parse_amount


class HandOverReason(StrEnum):
    """Why a hand-over is not booked."""

    COLLECTOR_UNKNOWN = "collector_unknown"
    COUNTED_UNREADABLE = "counted_unreadable"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_AHEAD = "date_ahead"
    ENTERED_TWICE = "entered_twice"
    OWN_CASH = "own_cash"


@dataclass(frozen=True, slots=True)
class JudgedHandOver:
    """A hand-over line and what becomes of it; ``counted_minor`` in paise."""

    line: HandOverLine
    verdict: Verdict
    reason: HandOverReason | None
    collector: str
    happened_on: date | None
    counted_minor: int | None


@dataclass(frozen=True, slots=True)
class RoundCount:
    """What one collector's cash comes to, in paise.

    ``booked`` is what the books hold her for, ``handed`` what was counted, ``waiting`` what is
    written on her unsettled lines as far as it can be read or guessed, ``usual`` her most
    frequent amount and ``missing`` the receipts of which no line came. ``since``: what she took
    since all she had was counted; None while that was never done.
    """

    booked_minor: int
    handed_minor: int
    waiting_minor: int
    waiting_lines: int
    missing: int
    usual_minor: int
    since_minor: int | None = None

    @property
    def in_hand_minor(self) -> int:
        """What the books say she still holds; below nothing if she handed in more."""
        return self.booked_minor - self.handed_minor

    @property
    def not_booked_minor(self) -> int:
        """What she handed in and no line is booked for yet: owed to whoever paid it, not hers."""
        return max((self.since_minor or 0) - self.in_hand_minor, 0)

    @property
    def held_minor(self) -> int:
        """The cash she has: what was handed in and is not booked yet lowers it no more."""
        return self.in_hand_minor + self.not_booked_minor

    @property
    def likely_difference_minor(self) -> int:
        """Cash over (+) or short (−) if every waiting line and missing receipt is as it seems."""
        likely = self.booked_minor + self.waiting_minor + self.missing * self.usual_minor
        return self.handed_minor - likely

    @property
    def certain(self) -> bool:
        """Whether nothing waits any more, so that a difference can be booked."""
        return self.waiting_lines == 0 and self.missing == 0


def judge_handovers(
    lines: Sequence[HandOverLine],
    collectors: frozenset[str],
    before: frozenset[tuple[str, date, int]],
    today: date,
) -> tuple[JudgedHandOver, ...]:
    """Judge every line; ``collectors`` are the cards that have given receipts.

    ``before`` holds collector, day and sum of hand-overs booked earlier: the same once more is
    already there, twice in one list is refused.
    """
    seen: set[tuple[str, date, int]] = set()
    judged = []
    for line in lines:
        collector, day = read_card(line.collector), read_day(line.day)
        counted = _counted(line.counted)
        reason = _why(day, counted, today, known=collector in collectors)
        verdict = Verdict.REFUSED if reason else Verdict.BOOKED
        if day is not None and counted is not None and reason is None:
            key = (collector, day, counted)
            if key in seen:
                verdict, reason = Verdict.REFUSED, HandOverReason.ENTERED_TWICE
            elif key in before:
                verdict = Verdict.ALREADY
            seen.add(key)
        judged.append(JudgedHandOver(line, verdict, reason, collector, day, counted))
    return tuple(judged)


def _why(
    day: date | None, counted_minor: int | None, today: date, *, known: bool
) -> HandOverReason | None:
    if not known:
        return HandOverReason.COLLECTOR_UNKNOWN
    if counted_minor is None:
        return HandOverReason.COUNTED_UNREADABLE
    if day is None:
        return HandOverReason.DATE_IMPOSSIBLE
    return HandOverReason.DATE_AHEAD if day > today else None


def _counted(text: str) -> int | None:
    try:
        amount = parse_amount(text)
    except AmountUnreadableError:
        return None
    return amount if 0 < amount <= MOST_MINOR else None
