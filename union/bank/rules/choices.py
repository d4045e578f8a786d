"""What somebody says a line is, before it is booked."""

from __future__ import annotations

from dataclasses import dataclass

from union.bank.rules.kinds import Kind, Reason
from union.bank.rules.known import Candidate
from union.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Choice:
    """A line is ``kind``: of this person, or with this entry, voucher or file (``target_id``).

    ``until`` is the month over which money that went out may wait; ``score`` is the rule's, and
    ``by_rule`` says that nobody but the rule was asked. ``word_id`` is somebody's word of it that
    a second person confirmed, ``said_by`` whose.
    """

    kind: Kind
    person_id: int | None = None
    target_id: int | None = None
    note: str | None = None
    until: Month | None = None
    score: int | None = None
    reasons: tuple[Reason, ...] = (Reason.BY_HAND,)
    by_rule: bool = False
    word_id: int | None = None
    said_by: int | None = None

    @classmethod
    def of(cls, candidate: Candidate, *, by_rule: bool = False) -> Choice:
        """What a rule proposes, taken at its word."""
        return cls(
            kind=candidate.kind,
            person_id=candidate.person_id if candidate.kind is Kind.DUES else None,
            target_id=candidate.target_id,
            score=candidate.score,
            reasons=candidate.reasons,
            by_rule=by_rule,
        )


REOPENED = frozenset(
    {
        Kind.HELD,
        Kind.GIFT,
        Kind.OTHER_INCOME,
        Kind.INTEREST,
        Kind.DEPOSIT,
        Kind.WITHDRAWAL,
        Kind.PAYOUT,
        Kind.CHARGEBACK,
    }
)
"""Decisions whose own entry can be taken back here; a payment of dues is taken back in its book."""
