"""What Stripe's objects say: each state, and what an event points at."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from union.gateways.payments import InstructionState, LineKind, PageState, Subject
from union.gateways.payments.stripe_reading import (
    dispute_of,
    instruction_of,
    line_of,
    notice_of,
    page_of,
    payout_of,
)

AT = 1_790_000_000


def event(kind: str, **thing) -> dict:
    return {"id": "evt_1", "type": kind, "created": AT, "data": {"object": {"id": "x_1", **thing}}}


INVOICE = {"parent": {"subscription_details": {"subscription": "sub_1"}}}


@pytest.mark.parametrize(
    ("told", "subject", "number"),
    [
        (event("checkout.session.completed"), Subject.PAGE, "x_1"),
        (event("customer.subscription.deleted"), Subject.INSTRUCTION, "x_1"),
        (event("invoice.payment_failed", **INVOICE), Subject.INSTRUCTION, "sub_1"),
        (event("invoice.paid"), Subject.STATEMENT, ""),
        (event("charge.dispute.closed"), Subject.DISPUTE, "x_1"),
        (event("refund.failed"), Subject.REFUND, "x_1"),
        (event("payout.paid"), Subject.PAYOUT, "x_1"),
        (event("charge.succeeded"), Subject.STATEMENT, ""),
        (event("customer.created"), Subject.NOTHING, ""),
    ],
)
def test_an_event_points_at_a_thing_to_look_at(told, subject, number):
    notice = notice_of(told)
    assert (notice.subject, notice.subject_id) == (subject, number)
    assert notice.at == datetime.fromtimestamp(AT, UTC)


@pytest.mark.parametrize(
    ("kind", "category", "amount", "read"),
    [
        ("charge", "charge", 100, LineKind.PAYMENT),
        ("payment", "charge", 100, LineKind.PAYMENT),
        ("refund", "refund", -100, LineKind.REFUND),
        ("refund_failure", "refund_failure", 100, LineKind.REFUND_BACK),
        ("adjustment", "dispute", -100, LineKind.DISPUTE),
        ("adjustment", "dispute_reversal", 100, LineKind.DISPUTE_BACK),
        ("payout", "payout", -100, LineKind.PAYOUT),
        ("payout_failure", "payout_reversal", 100, LineKind.PAYOUT_BACK),
        ("stripe_fee", "fee", -100, LineKind.FEE),
        ("adjustment", "other_adjustment", 100, LineKind.OTHER),
        ("something_new", "something_new", -1, LineKind.FEE),
        ("something_new", "something_new", 0, LineKind.OTHER),
        ("stripe_fee", "fee", 100, LineKind.FEE),
        ("charge", "charge", 0, LineKind.PAYMENT),
        ("refund", "refund", 0, LineKind.REFUND),
    ],
)
def test_every_line_of_the_statement_is_something(kind, category, amount, read):
    line = {
        "id": "txn_1",
        "type": kind,
        "reporting_category": category,
        "amount": amount,
        "fee": 3,
        "created": AT,
        "source": {"id": "x_1", "charge": "ch_1", "payment_intent": "pi_1"},
    }
    found = line_of(line)
    assert (found.kind, found.amount_minor, found.fee_minor) == (read, amount, 3)
    assert found.charge_id == ("x_1" if read is LineKind.PAYMENT else "ch_1")
    assert found.odd is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"currency": "usd"}, "card_line_foreign"),
        ({"amount": None}, "card_line_unreadable"),
        ({"fee": "much"}, "card_line_unreadable"),
        ({"amount": 10**16}, "card_line_unreadable"),
        ({"amount": -100}, "card_line_unreadable"),
    ],
)
def test_a_line_that_cannot_be_booked_as_it_stands_says_why(told, why):
    line = {"id": "txn_1", "type": "charge", "amount": 100, "fee": 3, "created": AT, **told}
    assert line_of(line).odd == why


def test_money_of_a_charge_that_failed_after_all_belongs_to_that_charge():
    source = {"id": "py_1", "object": "charge", "payment_intent": "pi_1"}
    line = {"id": "t", "type": "payment_failure_refund", "amount": -1, "fee": 0, "created": AT}
    found = line_of({**line, "source": source})
    assert (found.kind, found.charge_id) == (LineKind.REFUND, "py_1")


@pytest.mark.parametrize(
    ("status", "paid", "intent", "state"),
    [
        ("open", "unpaid", None, PageState.OPEN),
        ("expired", "unpaid", None, PageState.EXPIRED),
        ("complete", "paid", {"id": "pi", "status": "succeeded"}, PageState.DONE),
        ("complete", "no_payment_required", None, PageState.DONE),
        ("complete", "unpaid", {"id": "pi", "status": "processing"}, PageState.WAITING),
        ("complete", "unpaid", {"id": "pi", "status": "requires_payment_method"}, PageState.FAILED),
    ],
)
def test_a_page_is_done_only_when_it_is_paid(status, paid, intent, state):
    session = {
        "id": "cs_1",
        "status": status,
        "payment_status": paid,
        "payment_intent": intent,
        "client_reference_id": "ours",
        "metadata": {},
    }
    assert (page_of(session).state, page_of(session).ref) == (state, "ours")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("incomplete", InstructionState.WAITING),
        ("active", InstructionState.ACTIVE),
        ("past_due", InstructionState.FAILING),
        ("unpaid", InstructionState.GIVEN_UP),
        ("incomplete_expired", InstructionState.ENDED),
        ("canceled", InstructionState.ENDED),
        ("a_word_of_tomorrow", InstructionState.FAILING),
    ],
)
def test_an_instruction_stands_as_its_status_says(status, state):
    found = instruction_of(
        {
            "id": "sub_1",
            "status": status,
            "metadata": {"r": "ours"},
            "items": {"data": [{"current_period_end": AT}]},
            "latest_invoice": {"attempt_count": 2, "next_payment_attempt": AT + 60},
            "cancellation_details": {"reason": "payment_failed"},
        }
    )
    assert (found.state, found.ref, found.card_failed) == (state, "ours", True)
    failing = state in {InstructionState.FAILING, InstructionState.GIVEN_UP}
    assert found.failures == (2 if failing else 0)


def test_a_warning_that_ended_took_nothing():
    dispute = {
        "id": "du_1",
        "charge": {"id": "ch_1"},
        "amount": 100,
        "status": "warning_closed",
        "reason": "fraudulent",
        "created": AT,
        "evidence_details": {"due_by": None},
    }
    assert (dispute_of(dispute).state, dispute_of(dispute).charge_id) == ("won", "ch_1")


def test_a_payout_arrives_on_the_day_it_says():
    midnight = int(datetime(2026, 10, 20, tzinfo=UTC).timestamp())
    payout = {"id": "po_1", "amount": 100, "status": "in_transit", "arrival_date": midnight}
    assert payout_of(payout).arrives_on == date(2026, 10, 20)
