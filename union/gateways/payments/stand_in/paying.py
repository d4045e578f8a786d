"""What happens to money in the stand-in: pages paid, charges, refunds, disputes, payouts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from union.gateways.payments.stand_in.world import (
    CURRENCY,
    DAY,
    RefusedError,
    Thing,
    World,
    fee_of,
    metadata_of,
)

DISPUTE_FEE = 1500
WORKS, DECLINED, SLOW, DISPUTED, FAILS_LATER = "works", "declined", "slow", "disputed", "later"
CARDS = (WORKS, DECLINED, SLOW, DISPUTED, FAILS_LATER)
"""The pretended cards: what each does when it is asked for money."""

SLOW_S = 3600


def open_page(world: World, params: Mapping[str, Any], pages: str) -> Thing:
    """A Checkout Session; ``pages`` is where its page lives."""
    item = params["line_items"][0]
    price = item["price_data"]
    amount = int(price["unit_amount"]) * int(item.get("quantity", 1))
    if amount <= 0 or str(price["currency"]) != CURRENCY:
        raise RefusedError("parameter_invalid_integer")
    session = world.add(
        "cs_test",
        "checkout.session",
        amount_subtotal=amount,
        amount_total=amount,
        cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
        currency=CURRENCY,
        customer=None,
        expires_at=world.now + DAY,
        invoice=None,
        metadata=metadata_of(params),
        mode=params["mode"],
        payment_intent=None,
        payment_method_types=["card"],
        payment_status="unpaid",
        status="open",
        subscription=None,
        success_url=params.get("success_url"),
        url=None,
    )
    session["url"] = f"{pages}/pay/{session['id']}"
    world.state["cards"][session["id"]] = {
        "name": str(price["product_data"]["name"]),
        "origin": metadata_of(
            params.get("payment_intent_data") or params.get("subscription_data") or {}
        ),
    }
    return session


def intend(world: World, amount: int, metadata: Mapping[str, str]) -> Thing:
    """A payment intent, not paid yet."""
    return world.add(
        "pi",
        "payment_intent",
        amount=amount,
        amount_received=0,
        capture_method="automatic",
        confirmation_method="automatic",
        currency=CURRENCY,
        customer=None,
        description=None,
        last_payment_error=None,
        latest_charge=None,
        metadata=dict(metadata),
        payment_method_types=["card"],
        status="requires_payment_method",
    )


def charge(world: World, intent: Thing, *, paid: bool) -> Thing:
    """Try the card for an intent; what was paid stands in the statement."""
    made = world.add(
        "ch",
        "charge",
        amount=intent["amount"],
        amount_captured=intent["amount"] if paid else 0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details={"address": None, "email": None, "name": None, "phone": None},
        captured=paid,
        currency=CURRENCY,
        customer=None,
        description=None,
        disputed=False,
        failure_code=None if paid else "card_declined",
        metadata=dict(intent["metadata"]),
        paid=paid,
        payment_intent=intent["id"],
        refunded=False,
        status="succeeded" if paid else "failed",
    )
    intent["latest_charge"] = made["id"]
    if not paid:
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = {"code": "card_declined", "type": "card_error"}
        world.tell("charge.failed", made)
        world.tell("payment_intent.payment_failed", intent)
        return made
    line = world.move("charge", made["amount"], made["id"], fee=fee_of(made["amount"]))
    made["balance_transaction"] = line["id"]
    intent["status"] = "succeeded"
    intent["amount_received"] = intent["amount"]
    world.tell("charge.succeeded", made)
    world.tell("payment_intent.succeeded", intent)
    return made


def refund(world: World, params: Mapping[str, Any]) -> Thing:
    """Give back so much of a charge; never more than is left of it."""
    of = world.get(str(params["charge"]))
    left = of["amount"] - of["amount_refunded"]
    amount = int(params.get("amount") or left)
    if of["status"] != "succeeded" or of["disputed"] or not 0 < amount <= left:
        raise RefusedError("charge_already_refunded" if not left else "refund_refused")
    made = world.add(
        "re",
        "refund",
        amount=amount,
        balance_transaction=None,
        charge=of["id"],
        currency=CURRENCY,
        metadata=metadata_of(params),
        payment_intent=of["payment_intent"],
        reason=None,
        status="succeeded",
    )
    made["balance_transaction"] = world.move("refund", -amount, made["id"])["id"]
    of["amount_refunded"] += amount
    of["refunded"] = of["amount_refunded"] == of["amount"]
    world.tell("refund.created", made)
    world.tell("charge.refunded", of)
    return made


def fail_refund(world: World, refund_id: str) -> Thing:
    """The card's bank sends a refund back."""
    made = world.get(refund_id)
    if made["status"] != "succeeded":
        raise RefusedError("refund_is_over")
    made["status"] = "failed"
    of = world.get(made["charge"])
    of["amount_refunded"] -= made["amount"]
    of["refunded"] = False
    world.move("refund_failure", made["amount"], made["id"])
    world.tell("refund.failed", made)
    return made


def open_dispute(world: World, charge_id: str) -> Thing:
    """The card's holder asks for what is left of a charge; it is taken at once, with a fee."""
    of = world.get(charge_id)
    amount = of["amount"] - of["amount_refunded"]
    if of["status"] != "succeeded" or of["disputed"] or amount <= 0:
        raise RefusedError("dispute_refused")
    of["disputed"] = True
    made = world.add(
        "du",
        "dispute",
        amount=amount,
        balance_transactions=[],
        charge=of["id"],
        currency=CURRENCY,
        evidence={},
        evidence_details={"due_by": world.now + 7 * DAY, "has_evidence": False},
        is_charge_refundable=False,
        metadata={},
        payment_intent=of["payment_intent"],
        reason="fraudulent",
        status="needs_response",
    )
    world.move("adjustment", -amount, made["id"], category="dispute", fee=DISPUTE_FEE)
    world.tell("charge.dispute.created", made)
    world.tell("charge.dispute.funds_withdrawn", made)
    return made


def decide_dispute(world: World, dispute_id: str, *, won: bool) -> Thing:
    """The card's bank decides; what is won comes back."""
    made = world.get(dispute_id)
    if made["status"] != "needs_response":
        raise RefusedError("dispute_is_over")
    made["status"] = "won" if won else "lost"
    if won:
        world.move("adjustment", made["amount"], made["id"], category="dispute_reversal")
        world.tell("charge.dispute.funds_reinstated", made)
    world.tell("charge.dispute.closed", made)
    return made


def pay_out(world: World) -> Thing | None:
    """Send all that is held to the bank; None if there is nothing to send."""
    amount = world.held()
    if amount <= 0:
        return None
    made = world.add(
        "po",
        "payout",
        amount=amount,
        arrival_date=world.now // DAY * DAY + 2 * DAY,
        automatic=True,
        currency=CURRENCY,
        description=None,
        metadata={},
        method="standard",
        status="in_transit",
        type="bank_account",
    )
    world.move("payout", -amount, made["id"])
    world.tell("payout.created", made)
    return made


def arrive(world: World, payout_id: str, *, well: bool = True) -> Thing:
    """A payout reaches the bank, or comes back."""
    made = world.get(payout_id)
    if made["status"] != "in_transit":
        raise RefusedError("payout_is_over")
    made["status"] = "paid" if well else "failed"
    if not well:
        world.move("payout_failure", made["amount"], made["id"])
    world.tell("payout.paid" if well else "payout.failed", made)
    return made
