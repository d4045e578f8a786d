"""What Stripe's objects say, as the port's plain values; pure, so that any order can be tested."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from union.gateways.payments.port import (
    DisputeLook,
    DisputeState,
    InstructionLook,
    InstructionState,
    LineKind,
    Notice,
    PageLook,
    PageState,
    PayoutLook,
    PayoutState,
    RefundLook,
    RefundState,
    StatementLine,
    Subject,
)

CURRENCY = "inr"
FOREIGN, UNREADABLE = "card_line_foreign", "card_line_unreadable"
"""Why a line cannot be booked as it stands."""

MOST_MINOR = 10**15
"""No union moves ten million million rupees at once: such a figure was misread."""

REF = "r"
"""The one word of metadata we ever set: an opaque reference."""

Thing = Mapping[str, Any]

_INSTRUCTION = {
    "incomplete": InstructionState.WAITING,
    "trialing": InstructionState.ACTIVE,
    "active": InstructionState.ACTIVE,
    "paused": InstructionState.ACTIVE,
    "past_due": InstructionState.FAILING,
    "unpaid": InstructionState.GIVEN_UP,
    "incomplete_expired": InstructionState.ENDED,
    "canceled": InstructionState.ENDED,
}
_REFUND = {
    "pending": RefundState.SENT,
    "requires_action": RefundState.SENT,
    "succeeded": RefundState.DONE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_PAYOUT = {
    "paid": PayoutState.PAID,
    "failed": PayoutState.FAILED,
    "canceled": PayoutState.FAILED,
}
_DISPUTE = {
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
}
_LINE = {
    "charge": LineKind.PAYMENT,
    "payment": LineKind.PAYMENT,
    "refund": LineKind.REFUND,
    "payment_refund": LineKind.REFUND,
    "refund_failure": LineKind.REFUND_BACK,
    "payment_failure_refund": LineKind.REFUND,
    "payout": LineKind.PAYOUT,
    "payout_failure": LineKind.PAYOUT_BACK,
    "payout_cancel": LineKind.PAYOUT_BACK,
}
_BY_CATEGORY = {
    "dispute": LineKind.DISPUTE,
    "dispute_reversal": LineKind.DISPUTE_BACK,
    "fee": LineKind.FEE,
    "tax": LineKind.FEE,
    "network_cost": LineKind.FEE,
}
_GOES_OUT = frozenset({LineKind.REFUND, LineKind.DISPUTE, LineKind.PAYOUT})
_ABOUT = (
    ("checkout.session.", Subject.PAGE),
    ("customer.subscription.", Subject.INSTRUCTION),
    ("charge.dispute.", Subject.DISPUTE),
    ("charge.refund.", Subject.REFUND),
    ("refund.", Subject.REFUND),
    ("payout.", Subject.PAYOUT),
)
_MOVES_MONEY = ("charge.", "payment_intent.succeeded", "invoice.", "balance.")


def notice_of(event: Thing) -> Notice:
    """What an event is about; one of no interest is about nothing."""
    kind, thing = str(event["type"]), event["data"]["object"]
    subject, subject_id = _about(kind, thing)
    return Notice(str(event["id"]), kind[:64], subject, subject_id, _at(event["created"]))


def _about(kind: str, thing: Thing) -> tuple[Subject, str]:
    if kind.startswith("invoice."):
        subscription = subscription_of(thing)
        if subscription:
            return Subject.INSTRUCTION, subscription
    for beginning, subject in _ABOUT:
        if kind.startswith(beginning):
            return subject, str(thing["id"])
    if kind.startswith(_MOVES_MONEY):
        return Subject.STATEMENT, ""
    return Subject.NOTHING, ""


def line_of(line: Thing) -> StatementLine:
    """A balance transaction (its source expanded) as a line.

    Its kind is told by what Stripe calls it; only what it calls by no name we know is told by
    its sign: what takes money unasked is a fee. A line that cannot be so says why (``odd``).
    """
    source = line.get("source")
    thing: Thing = source if isinstance(source, Mapping) else {}
    amount, fee, odd = _figures(line)
    kind = _kind(line, amount)
    if kind is not LineKind.FEE and amount and (kind in _GOES_OUT) is not (amount < 0):
        odd = odd or UNREADABLE
    is_charge = kind is LineKind.PAYMENT
    of_charge = is_charge or thing.get("object") == "charge"
    return StatementLine(
        id=str(line["id"]),
        kind=kind,
        amount_minor=amount,
        fee_minor=fee,
        at=_at(line["created"]),
        charge_id=_id(source) if of_charge else _id(thing.get("charge")),
        payment_id=_id(thing.get("payment_intent")),
        object_id=None if is_charge else _id(source),
        origin_ref=_ref(thing) if is_charge else None,
        odd=odd,
    )


def _figures(line: Thing) -> tuple[int, int, str | None]:
    try:
        amount, fee = int(line["amount"]), int(line["fee"])
    except (KeyError, TypeError, ValueError):
        return 0, 0, UNREADABLE
    if max(abs(amount), abs(fee)) > MOST_MINOR:
        return 0, 0, UNREADABLE
    return amount, fee, None if line.get("currency", CURRENCY) == CURRENCY else FOREIGN


def _kind(line: Thing, amount: int) -> LineKind:
    told = _BY_CATEGORY.get(str(line.get("reporting_category"))) or _LINE.get(str(line.get("type")))
    return told or (LineKind.FEE if amount < 0 else LineKind.OTHER)


def page_of(session: Thing) -> PageLook:
    """A Checkout Session (its payment intent expanded)."""
    return PageLook(
        id=str(session["id"]),
        ref=_ref(session) or session.get("client_reference_id"),
        state=_page_state(session),
        instruction_id=_id(session.get("subscription")),
    )


def _page_state(session: Thing) -> PageState:
    if session["status"] == "open":
        return PageState.OPEN
    if session["status"] == "expired":
        return PageState.EXPIRED
    if session["payment_status"] != "unpaid":
        return PageState.DONE
    intent = session.get("payment_intent")
    status = intent.get("status") if isinstance(intent, Mapping) else None
    failed = status in {"requires_payment_method", "canceled"}
    return PageState.FAILED if failed else PageState.WAITING


def instruction_of(subscription: Thing) -> InstructionLook:
    """A Subscription (its latest invoice expanded)."""
    state = _INSTRUCTION.get(str(subscription["status"]), InstructionState.FAILING)
    invoice = subscription.get("latest_invoice")
    invoice = invoice if isinstance(invoice, Mapping) else {}
    failing = state in {InstructionState.FAILING, InstructionState.GIVEN_UP}
    items = subscription["items"]["data"]
    next_at = invoice.get("next_payment_attempt") if failing else None
    resting = subscription.get("pause_collection") or subscription.get("cancel_at_period_end")
    if state is InstructionState.ACTIVE and items and not resting:
        next_at = items[0].get("current_period_end")
    details = subscription.get("cancellation_details") or {}
    return InstructionLook(
        id=str(subscription["id"]),
        ref=_ref(subscription),
        state=state,
        next_at=None if next_at is None else _at(next_at),
        failures=int(invoice.get("attempt_count") or 1) if failing else 0,
        card_failed=details.get("reason") == "payment_failed",
        rests=bool(subscription.get("pause_collection")),
    )


def dispute_of(dispute: Thing) -> DisputeLook:
    """A Dispute."""
    answer_by = (dispute.get("evidence_details") or {}).get("due_by")
    return DisputeLook(
        id=str(dispute["id"]),
        charge_id=_id(dispute["charge"]) or "",
        amount_minor=int(dispute["amount"]),
        state=_DISPUTE.get(str(dispute["status"]), DisputeState.OPEN),
        reason=str(dispute["reason"])[:32],
        opened_at=_at(dispute["created"]),
        answer_by=None if answer_by is None else _at(answer_by),
    )


def refund_of(refund: Thing) -> RefundLook:
    """A Refund."""
    state = _REFUND.get(str(refund["status"]), RefundState.SENT)
    return RefundLook(
        id=str(refund["id"]),
        ref=_ref(refund),
        state=state,
        amount_minor=int(refund["amount"]),
        at=_at(refund["created"]),
    )


def payout_of(payout: Thing) -> PayoutLook:
    """A Payout; Stripe gives the day of arrival as midnight in UTC."""
    return PayoutLook(
        id=str(payout["id"]),
        amount_minor=int(payout["amount"]),
        state=_PAYOUT.get(str(payout["status"]), PayoutState.UNDER_WAY),
        arrives_on=_day(payout["arrival_date"]),
    )


def subscription_of(invoice: Thing) -> str | None:
    """The number of the subscription an invoice comes from, None if from none."""
    return _id(_subscription_details(invoice).get("subscription"))


def invoice_ref(invoice: Thing) -> str | None:
    """Our reference on the subscription an invoice comes from."""
    return _ref(_subscription_details(invoice))


def _subscription_details(invoice: Thing) -> Thing:
    details: Thing = (invoice.get("parent") or {}).get("subscription_details") or {}
    return details


def _ref(thing: Thing) -> str | None:
    held = (thing.get("metadata") or {}).get(REF)
    return None if held is None else str(held)


def _id(value: object) -> str | None:
    # Stripe gives an id, or the thing itself where it was asked to expand it.
    if isinstance(value, Mapping):
        return str(value["id"])
    return None if value is None else str(value)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _day(seconds: float) -> date:
    return _at(seconds).date()
