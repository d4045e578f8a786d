"""What a look at the provider makes of what we know: later looks win, the end is the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from union.gateways.payments import InstructionLook, InstructionState, PageState, RefundState
from union.kernel.clock import Clock

LEAST_MINOR = 100
"""The provider takes fifty paise or more; less than a rupee is a slip of the pen."""

PAGE_STATES: Mapping[PageState, str] = {
    PageState.OPEN: "open",
    PageState.WAITING: "waiting",
    PageState.DONE: "done",
    PageState.EXPIRED: "expired",
    PageState.FAILED: "failed",
}
OVER = frozenset({"done", "expired", "failed"})
LIVE = ("asked", "active", "failing")


@dataclass(frozen=True, slots=True)
class Standing:
    """How an instruction stands after a look."""

    state: str
    ended_why: str | None
    failures: int
    next_on: date | None
    end_now: bool = False


def is_news(kept: datetime | None, asked_at: datetime) -> bool:
    """Whether an answer asked for at ``asked_at`` may replace what was learnt at ``kept``."""
    return kept is None or asked_at >= kept


def standing_after(
    look: InstructionLook, state: str, end_asked_why: str | None, clock: Clock
) -> Standing:
    """What becomes of an instruction in ``state`` that somebody may have asked to end."""
    next_on = None if look.next_at is None else look.next_at.astimezone(clock.zone).date()
    if look.state is InstructionState.ENDED:
        return Standing("ended", _why(look, state, end_asked_why), look.failures, None)
    if look.state is InstructionState.WAITING:
        return Standing(state, None, 0, next_on)
    if look.state is InstructionState.ACTIVE:
        return Standing("active", None, 0, next_on)
    given_up = look.state is InstructionState.GIVEN_UP
    return Standing("failing", None, look.failures, next_on, end_now=given_up)


def _why(look: InstructionLook, state: str, end_asked_why: str | None) -> str:
    if end_asked_why is not None:
        return end_asked_why
    if look.card_failed or state == "failing":
        return "card_failed"
    return "not_begun" if state == "asked" else "by_office"


_REFUND_ORDER = ("asked", "sent", "done", "failed")


def refund_after(state: str, look: RefundState) -> str:
    """What becomes of a refund in ``state``: it goes on and never back; what failed has failed."""
    return max(state, look.value, key=_REFUND_ORDER.index)


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What is known of one payment by card, in paise."""

    paid_minor: int
    left_minor: int
    placed: bool
    dispute: str | None
    refund_asked: bool


def payment_state(facts: PaymentFacts) -> str:
    """One word for how a payment stands: the most pressing of what is so."""
    if not facts.placed and facts.left_minor > 0:
        return "unplaced"
    if facts.dispute in {"open", "lost"}:
        return "disputed" if facts.dispute == "open" else "lost"
    if facts.refund_asked:
        return "giving_back"
    if facts.left_minor <= 0:
        return "given_back"
    return "paid" if facts.left_minor >= facts.paid_minor else "part_given_back"
