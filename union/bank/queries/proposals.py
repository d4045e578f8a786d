"""What waiting lines may be, judged anew each time: what is known has grown since they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from union.bank.models import BankAccount
from union.bank.queries.knowledge import facts_of, gather
from union.bank.queries.lines import LineView, waiting_lines
from union.bank.queries.tables import bank_account
from union.bank.rules.known import Judgement
from union.bank.rules.matching import judge, no_ones
from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line that waits and what it may be; ``age_days`` since the bank booked it.

    ``cards`` are numbers written like a card's that nobody has.
    """

    view: LineView
    judgement: Judgement
    age_days: int
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that waits: what a rule has a proposal for, and what it has none for."""

    proposed: Sequence[Proposed]
    unmatched: Sequence[Proposed]

    @property
    def count(self) -> int:
        """How many lines wait."""
        return len(self.proposed) + len(self.unmatched)


def all_waiting(work: Work, account: BankAccount) -> Waiting:
    """Every waiting line, oldest first, in its two lists."""
    judged = _judged(work, account, waiting_lines(work, account))
    return Waiting(
        [one for one in judged if one.judgement.candidates],
        [one for one in judged if not one.judgement.candidates],
    )


def proposed_for(work: Work, view: LineView) -> Proposed:
    """One line and what it may be."""
    return _judged(work, bank_account(work.session), [view])[0]


def _judged(work: Work, account: BankAccount, views: Sequence[LineView]) -> list[Proposed]:
    facts = [facts_of(view) for view in views]
    known = gather(work, account, facts)
    today = work.clock.today()
    return [
        Proposed(view, judge(one, known), (today - view.line.booked_on).days, no_ones(one, known))
        for view, one in zip(views, facts, strict=True)
    ]
