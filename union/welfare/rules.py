"""Judges one claim from plain values: how many days the scheme pays, and every reason why.

It proposes; people decide. It knows nothing of what ails anybody, of the fund's level, or of
any call for help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

from union.kernel.periods import add_months
from union.welfare.errors import DaysAheadError, DaysTooManyError, DaysUnreadableError

SICKNESS = "sickness"
LONGEST_CLAIM_DAYS = 366
MONTHS_OF_CAP = 12


class Evidence(StrEnum):
    """What stands behind the days claimed."""

    DOCTOR = "doctor"
    VISIT = "visit"
    OWN_WORD = "own_word"


class ClaimState(StrEnum):
    """Where a claim stands."""

    ASKED = "asked"
    HEARD = "heard"
    GRANTED = "granted"
    REFUSED = "refused"
    APPEALED = "appealed"
    VOUCHER = "voucher"
    PAID = "paid"


WAITING = (ClaimState.ASKED, ClaimState.HEARD, ClaimState.APPEALED)
"""A claim in one of these waits for the committee."""


class Outcome(StrEnum):
    """What is proposed or decided; the rule alone may find that somebody must ask her first."""

    GRANT = "grant"
    REFUSE = "refuse"
    HEAR = "hear"


class Reason(StrEnum):
    """Why the rule proposes what it does; pages put each in words with the figures in it."""

    NOT_A_MEMBER_THEN = "not_a_member_then"
    JOINING_UNKNOWN = "joining_unknown"
    ARREARS_UNKNOWN = "arrears_unknown"
    WAITING_TIME = "waiting_time"
    ARREARS = "arrears"
    EVIDENCE_MISSING = "evidence_missing"
    ONLY_UNPAID_DAYS = "only_unpaid_days"
    CAP_REACHED = "cap_reached"
    CAP_SHORTENS = "cap_shortens"
    FIRST_DAYS_UNPAID = "first_days_unpaid"
    WITHIN_RULES = "within_rules"


class Departure(StrEnum):
    """Why somebody decides otherwise than the rule: a closed list, so that no word slips out."""

    HARDSHIP = "hardship"
    COMMITTEE_KNOWS = "committee_knows"
    EVIDENCE_SEEN = "evidence_seen"
    EVIDENCE_DOUBTED = "evidence_doubted"
    DAYS_DIFFER = "days_differ"


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a scheme; money in minor units a day.

    ``waiting_months`` of membership must have passed by the first day claimed, not more than
    ``arrears_ceiling_months`` may be owed on it, the first ``unpaid_days`` of each claim are
    hers, ``cap_days`` are paid in any twelve months, and one of ``evidence`` is asked for
    (none named: her word is enough).
    """

    daily_amount_minor: int
    unpaid_days: int
    waiting_months: int
    arrears_ceiling_months: int
    cap_days: int
    evidence: frozenset[Evidence] = frozenset()


@dataclass(frozen=True, slots=True)
class PaidSpan:
    """So many days running that an earlier claim was granted."""

    from_on: date
    days: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that the rule may know of one claim, as on its first day; None where nobody knows."""

    from_on: date
    until_on: date
    is_member: bool
    member_since: date | None
    months_in_arrears: int | None
    evidence: Evidence
    paid_before: tuple[PaidSpan, ...] = ()

    @property
    def days(self) -> int:
        """Days claimed, first and last included."""
        return days_between(self.from_on, self.until_on)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule proposes; ``days`` are those it would pay, from ``paid_from_on``."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    days: int
    amount_minor: int
    paid_from_on: date
    days_used: int


def days_between(from_on: date, until_on: date) -> int:
    """Days from the first to the last, both included."""
    return (until_on - from_on).days + 1


def check_days(from_on: date, until_on: date, today: date) -> None:
    """Refuse days that run backwards, lie ahead, or are more than a year."""
    if until_on < from_on:
        raise DaysUnreadableError
    if until_on > today:
        raise DaysAheadError
    if days_between(from_on, until_on) > LONGEST_CLAIM_DAYS:
        raise DaysTooManyError(longest=LONGEST_CLAIM_DAYS)


def judge(terms: Terms, claim: Circumstances) -> Proposal:
    """What the scheme would do: refuse if anything forbids it, hear her if something is missing."""
    first_paid_on = claim.from_on + timedelta(days=terms.unpaid_days)
    payable = max(0, claim.days - terms.unpaid_days)
    days = days_within_cap(claim.paid_before, first_paid_on, payable, terms.cap_days)
    forbids = tuple(_what_forbids(terms, claim, payable, days))
    asks = tuple(_what_is_missing(terms, claim))
    if forbids:
        outcome, reasons, days = Outcome.REFUSE, forbids + asks, 0
    elif asks:
        outcome, reasons = Outcome.HEAR, asks + tuple(_what_shortens(terms, payable, days))
    else:
        outcome = Outcome.GRANT
        reasons = (Reason.WITHIN_RULES, *_what_shortens(terms, payable, days))
    return Proposal(
        outcome=outcome,
        reasons=reasons,
        days=days,
        amount_minor=days * terms.daily_amount_minor,
        paid_from_on=first_paid_on,
        days_used=days_in_year_before(claim.paid_before, claim.until_on),
    )


def _what_forbids(terms: Terms, claim: Circumstances, payable: int, days: int) -> Iterator[Reason]:
    if not claim.is_member:
        yield Reason.NOT_A_MEMBER_THEN
    elif claim.member_since is not None and not has_waited(
        claim.member_since, terms.waiting_months, claim.from_on
    ):
        yield Reason.WAITING_TIME
    if (claim.months_in_arrears or 0) > terms.arrears_ceiling_months:
        yield Reason.ARREARS
    if payable == 0:
        yield Reason.ONLY_UNPAID_DAYS
    elif days == 0:
        yield Reason.CAP_REACHED


def _what_is_missing(terms: Terms, claim: Circumstances) -> Iterator[Reason]:
    if claim.is_member and claim.member_since is None and terms.waiting_months:
        yield Reason.JOINING_UNKNOWN
    if claim.is_member and claim.months_in_arrears is None:
        yield Reason.ARREARS_UNKNOWN
    if terms.evidence and claim.evidence not in terms.evidence:
        yield Reason.EVIDENCE_MISSING


def _what_shortens(terms: Terms, payable: int, days: int) -> Iterator[Reason]:
    if terms.unpaid_days:
        yield Reason.FIRST_DAYS_UNPAID
    if days < payable:
        yield Reason.CAP_SHORTENS


def has_waited(member_since: date, waiting_months: int, on: date) -> bool:
    """Whether so many months of membership had passed by a day, counted from the joining day."""
    return add_months(member_since, waiting_months) <= on


def days_within_cap(
    paid_before: Iterable[PaidSpan], first_on: date, wanted: int, cap_days: int
) -> int:
    """How many running days from ``first_on`` may be paid so that no twelve months hold more.

    Each day looks back over the twelve months that end with it, days just granted included.
    """
    paid = set(_each_day(paid_before))
    granted = 0
    while granted < wanted:
        day = first_on + timedelta(days=granted)
        opens_on = add_months(day, -MONTHS_OF_CAP)
        if sum(opens_on < each <= day for each in paid) >= cap_days:
            break
        paid.add(day)
        granted += 1
    return granted


def days_in_year_before(paid_before: Iterable[PaidSpan], until_on: date) -> int:
    """Days already paid in the twelve months that end with a day."""
    opens_on = add_months(until_on, -MONTHS_OF_CAP)
    return sum(opens_on < each <= until_on for each in set(_each_day(paid_before)))


def _each_day(spans: Iterable[PaidSpan]) -> Iterator[date]:
    for span in spans:
        for offset in range(span.days):
            yield span.from_on + timedelta(days=offset)


def paid_from(terms: Terms, claim: Circumstances, days: int) -> date:
    """The first day that is paid when so many are: after her own days, or before they end."""
    first_paid_on = claim.from_on + timedelta(days=terms.unpaid_days)
    return min(first_paid_on, claim.until_on - timedelta(days=max(days, 1) - 1))


def departs(proposal: Proposal, outcome: Outcome, days: int) -> bool:
    """Whether a decision is not what the rule proposes, and so needs its own reason."""
    if outcome is Outcome.REFUSE:
        return proposal.outcome is not Outcome.REFUSE
    return proposal.outcome is not Outcome.GRANT or days != proposal.days


def kept_inputs(terms: Terms, claim: Circumstances) -> Mapping[str, object]:
    """Everything the rule looked at, in plain values to be stored beside the decision."""
    known = asdict(claim)
    known["paid_before"] = [[span.from_on.isoformat(), span.days] for span in claim.paid_before]
    for name in ("from_on", "until_on", "member_since"):
        known[name] = known[name].isoformat() if known[name] else None
    asked = asdict(terms)
    asked["evidence"] = sorted(terms.evidence)
    return {"terms": asked, "claim": known}
