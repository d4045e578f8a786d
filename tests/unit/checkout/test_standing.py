"""What a look makes of what we know, and how a line of the statement is booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from union.checkout.rules.booking import (
    borne_legs,
    fee_legs,
    movement_kind,
    movement_legs,
    returned_unplaced_legs,
)
from union.checkout.rules.standing import (
    PaymentFacts,
    is_news,
    payment_state,
    refund_after,
    standing_after,
)
from union.gateways.payments import InstructionLook, InstructionState, LineKind, RefundState
from union.kernel.clock import ManualClock
from union.ledger.rules.entries import check_legs

CLOCK = ManualClock(datetime(2026, 10, 15, 18, 30, tzinfo=UTC))
NOW = CLOCK.now()


def look(state: InstructionState, **fields) -> InstructionLook:
    return InstructionLook("sub_1", "ours", state, **fields)


def test_an_older_answer_never_replaces_a_later_one():
    assert is_news(None, NOW)
    assert is_news(NOW, NOW)
    assert not is_news(NOW, NOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("before", "asked", "card_failed", "why"),
    [
        ("active", "by_her", False, "by_her"),
        ("failing", "by_her", True, "by_her"),
        ("failing", None, False, "card_failed"),
        ("active", None, True, "card_failed"),
        ("active", None, False, "by_office"),
        ("asked", None, False, "not_begun"),
    ],
)
def test_why_it_ended_is_who_ended_it_first(before, asked, card_failed, why):
    ended = look(InstructionState.ENDED, card_failed=card_failed)
    assert standing_after(ended, before, asked, CLOCK).ended_why == why


def test_the_next_day_is_the_unions_own():
    late = datetime(2026, 11, 15, 18, 31, tzinfo=UTC)
    after = standing_after(look(InstructionState.ACTIVE, next_at=late), "asked", None, CLOCK)
    assert (after.state, after.next_on.isoformat()) == ("active", "2026-11-16")


def test_one_the_company_gave_up_is_ended_by_us():
    after = standing_after(look(InstructionState.GIVEN_UP, failures=4), "failing", None, CLOCK)
    assert (after.state, after.failures, after.end_now) == ("failing", 4, True)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (PaymentFacts(100, 100, placed=True, dispute=None, refund_asked=False), "paid"),
        (PaymentFacts(100, 60, placed=True, dispute=None, refund_asked=False), "part_given_back"),
        (PaymentFacts(100, 0, placed=True, dispute=None, refund_asked=False), "given_back"),
        (PaymentFacts(100, 0, placed=True, dispute="open", refund_asked=False), "disputed"),
        (PaymentFacts(100, 0, placed=True, dispute="lost", refund_asked=True), "lost"),
        (PaymentFacts(100, 100, placed=True, dispute="won", refund_asked=False), "paid"),
        (PaymentFacts(100, 100, placed=True, dispute=None, refund_asked=True), "giving_back"),
        (PaymentFacts(100, 100, placed=False, dispute=None, refund_asked=False), "unplaced"),
        (PaymentFacts(100, 0, placed=False, dispute=None, refund_asked=False), "given_back"),
    ],
)
def test_a_payment_is_called_by_what_presses_most(facts, state):
    assert payment_state(facts) == state


@pytest.mark.parametrize("amount", [10000, -10000])
def test_every_shape_balances(amount):
    check_legs(movement_legs(amount))
    check_legs(fee_legs(amount))
    check_legs(borne_legs(amount))
    check_legs(returned_unplaced_legs(amount))


def test_a_refund_and_a_dispute_are_each_their_own_kind():
    assert movement_kind(LineKind.REFUND_BACK) == movement_kind(LineKind.REFUND) == "card_refund"
    assert movement_kind(LineKind.DISPUTE_BACK) == movement_kind(LineKind.DISPUTE) == "card_dispute"


@pytest.mark.parametrize(
    ("state", "look", "after"),
    [
        ("asked", RefundState.SENT, "sent"),
        ("sent", RefundState.DONE, "done"),
        ("done", RefundState.SENT, "done"),
        ("done", RefundState.FAILED, "failed"),
        ("failed", RefundState.DONE, "failed"),
    ],
)
def test_a_refund_goes_on_and_what_failed_has_failed(state, look, after):
    assert refund_after(state, look) == after
