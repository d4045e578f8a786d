"""How a member stands by her dues on any day, from plain values; whom a person is asked about.

Good while no month before this one is open; then in grace, then in arrears. Only a person
suspends; a suspended membership lapses by the rule alone. Who is helped never hangs on it (C8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """How she stands; ``unknown`` where the old register could not say what she had paid."""

    GOOD = "good"
    IN_GRACE = "in_grace"
    IN_ARREARS = "in_arrears"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


class Proposal(StrEnum):
    """What the rule proposes to a person."""

    SUSPEND = "suspend"
    REINSTATE = "reinstate"


@dataclass(frozen=True, slots=True)
class StandingRule:
    """The union's figures on a day: months behind, and days of rest after a register came in."""

    grace_months: int
    suspend_months: int
    lapse_months: int
    rest_days: int


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """What is known of her on the day asked about.

    ``months_behind``: full months before it not wholly paid by then, None if nobody can say.
    ``suspended``: the last decision by then. ``taken_over_on``: when her old register came in.
    ``let_off``: the day's month costs her nothing. ``paid_something``: money of hers is known
    of and not booked yet. ``with_us``: a member on that day.
    """

    months_behind: int | None
    suspended: bool = False
    taken_over_on: date | None = None
    let_off: bool = False
    paid_something: bool = False
    with_us: bool = True


def standing(facts: StandingFacts, rule: StandingRule) -> Standing:
    """How she stood; a suspended membership stays so until a person reinstates her."""
    behind = facts.months_behind
    if facts.suspended:
        lapsed = behind is not None and behind >= rule.lapse_months
        return Standing.LAPSED if lapsed else Standing.SUSPENDED
    if behind is None:
        return Standing.UNKNOWN
    if behind == 0:
        return Standing.GOOD
    return Standing.IN_GRACE if behind <= rule.grace_months else Standing.IN_ARREARS


def proposal(facts: StandingFacts, rule: StandingRule, on: date) -> Proposal | None:
    """What a person is asked to decide about her on a day, if anything.

    Nobody is proposed for suspension while she is let off, while money of hers is known but
    not booked, or within the days of rest after her register came in (the day itself always).
    """
    behind = facts.months_behind
    if behind is None or not facts.with_us:
        return None
    if facts.suspended:
        return Proposal.REINSTATE if behind <= rule.grace_months else None
    if behind < rule.suspend_months or facts.let_off or facts.paid_something:
        return None
    if facts.taken_over_on is not None and on < rests_until(facts.taken_over_on, rule):
        return None
    return Proposal.SUSPEND


def rests_until(taken_over_on: date, rule: StandingRule) -> date:
    """The first day on which anything may be proposed after a register came in."""
    return taken_over_on + timedelta(days=max(rule.rest_days, 1))
