"""What takes time in the stand-in: pages paid by each card, monthly renewals, slow banks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from dateutil.relativedelta import relativedelta

from union.gateways.payments.stand_in.paying import (
    DECLINED,
    DISPUTED,
    FAILS_LATER,
    SLOW,
    SLOW_S,
    charge,
    intend,
    open_dispute,
)
from union.gateways.payments.stand_in.world import CURRENCY, DAY, RefusedError, Thing, World

MOST_TRIES = 4
RETRY_AFTER = 3 * DAY


def pay_page(world: World, session_id: str, card: str) -> Thing:
    """Somebody pays on a page with a pretended card; declined, the page stays open."""
    session = world.get(session_id)
    if session["status"] != "open":
        raise RefusedError("page_is_over")
    held = world.state["cards"][session_id]
    if session["mode"] == "subscription":
        return _begin(world, session, card)
    intent = _intent_of(world, session, held["origin"])
    if card == DECLINED:
        charge(world, intent, paid=False)
        return session
    if card == SLOW:
        intent["status"] = "processing"
        session["status"] = "complete"
        held["slow_until"] = world.now + SLOW_S
        world.tell("checkout.session.completed", session)
        return session
    paid = charge(world, intent, paid=True)
    _complete(world, session)
    if card == DISPUTED:
        open_dispute(world, paid["id"])
    return session


def answer_slow(world: World, session_id: str, *, well: bool) -> Thing:
    """The slow bank answers at last."""
    session = world.get(session_id)
    held = world.state["cards"][session_id]
    if held.pop("slow_until", None) is None:
        raise RefusedError("nothing_is_slow")
    charge(world, world.get(session["payment_intent"]), paid=well)
    if well:
        session["payment_status"] = "paid"
    end = "succeeded" if well else "failed"
    world.tell(f"checkout.session.async_payment_{end}", session)
    return session


def expire_page(world: World, session_id: str) -> Thing:
    """A page is open no more."""
    session = world.get(session_id)
    if session["status"] != "open":
        raise RefusedError("page_is_over")
    session["status"] = "expired"
    session["url"] = None
    world.tell("checkout.session.expired", session)
    return session


def end_subscription(world: World, subscription_id: str, reason: str) -> Thing:
    """A subscription ends for good."""
    subscription = world.get(subscription_id)
    if subscription["status"] == "canceled":
        raise RefusedError("resource_missing")
    subscription["status"] = "canceled"
    subscription["canceled_at"] = subscription["ended_at"] = world.now
    subscription["cancellation_details"] = {"comment": None, "feedback": None, "reason": reason}
    world.tell("customer.subscription.deleted", subscription)
    return subscription


def pause(world: World, subscription_id: str, how: Mapping[str, str] | str) -> Thing:
    """Let a subscription rest (its bills are void meanwhile), or with "" let it go on."""
    subscription = world.get(subscription_id)
    if subscription["status"] == "canceled":
        raise RefusedError("resource_missing")
    if how and (isinstance(how, str) or how["behavior"] != "void"):
        raise RefusedError("parameter_unknown")
    subscription["pause_collection"] = {"behavior": "void", "resumes_at": None} if how else None
    world.tell("customer.subscription.updated", subscription)
    return subscription


def renew(world: World, subscription_id: str, *, paid: bool | None = None) -> Thing:
    """A month is over: an invoice, and a try of the card; ``paid`` None lets the card decide.

    While it rests the invoice is void and the card is left alone.
    """
    subscription = world.get(subscription_id)
    if subscription["status"] != "active":
        raise RefusedError("not_active")
    item = subscription["items"]["data"][0]
    count = world.state["cards"][subscription_id]["months"] + 1
    world.state["cards"][subscription_id]["months"] = count
    item["current_period_start"] = item["current_period_end"]
    item["current_period_end"] = _later(subscription["billing_cycle_anchor"], count)
    invoice = _invoice(world, subscription)
    if subscription.get("pause_collection"):
        invoice["status"] = "void"
        world.tell("invoice.voided", invoice)
    else:
        _try(world, subscription, invoice, paid=_card_pays(world, subscription_id, paid=paid))
    return subscription


def try_again(world: World, subscription_id: str, *, paid: bool | None = None) -> Thing:
    """The next try of a renewal that failed; after the last one the subscription ends."""
    subscription = world.get(subscription_id)
    if subscription["status"] != "past_due":
        raise RefusedError("not_past_due")
    invoice = world.get(subscription["latest_invoice"])
    _try(world, subscription, invoice, paid=_card_pays(world, subscription_id, paid=paid))
    return subscription


def pass_time(world: World) -> None:
    """Do what has become due: renewals, tries, slow banks, pages left open."""
    for one in world.every("subscription"):
        while one["status"] == "active" and _ends(one) <= world.now:
            renew(world, one["id"])
        if one["status"] == "past_due":
            due = world.get(one["latest_invoice"])["next_payment_attempt"]
            if due is not None and due <= world.now:
                try_again(world, one["id"])
    for one in world.every("checkout.session"):
        slow_until = world.state["cards"][one["id"]].get("slow_until")
        if slow_until is not None and slow_until <= world.now:
            answer_slow(world, one["id"], well=True)
        if one["status"] == "open" and one["expires_at"] <= world.now:
            expire_page(world, one["id"])


def _ends(subscription: Thing) -> int:
    return int(subscription["items"]["data"][0]["current_period_end"])


def _card_pays(world: World, subscription_id: str, *, paid: bool | None) -> bool:
    card = world.state["cards"][subscription_id]["card"]
    return card != FAILS_LATER if paid is None else paid


def _intent_of(world: World, session: Thing, origin: dict[str, str]) -> Thing:
    if session["payment_intent"] is None:
        session["payment_intent"] = intend(world, session["amount_total"], origin)["id"]
    return world.get(session["payment_intent"])


def _complete(world: World, session: Thing) -> None:
    session["status"], session["payment_status"] = "complete", "paid"
    session["url"] = None
    world.tell("checkout.session.completed", session)


def _begin(world: World, session: Thing, card: str) -> Thing:
    held = world.state["cards"][session["id"]]
    if card == DECLINED:
        charge(world, intend(world, session["amount_total"], {}), paid=False)
        return session
    subscription = world.add(
        "sub",
        "subscription",
        billing_cycle_anchor=world.now,
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        cancellation_details=None,
        collection_method="charge_automatically",
        currency=CURRENCY,
        customer=world.add("cus", "customer", email=None, name=None)["id"],
        description=None,
        ended_at=None,
        latest_invoice=None,
        metadata=dict(held["origin"]),
        pause_collection=None,
        start_date=world.now,
        status="active",
    )
    subscription["items"] = {"object": "list", "has_more": False, "url": "", "data": []}
    subscription["items"]["data"].append(
        {
            "id": f"si_{subscription['id'][4:]}",
            "object": "subscription_item",
            "current_period_start": world.now,
            "current_period_end": _later(world.now, 1),
            "quantity": 1,
            "metadata": {},
            "unit_amount": session["amount_total"],
        }
    )
    kept = FAILS_LATER if card == FAILS_LATER else "works"
    world.state["cards"][subscription["id"]] = {"card": kept, "months": 1}
    invoice = _invoice(world, subscription)
    world.tell("customer.subscription.created", subscription)
    paid = _try(world, subscription, invoice, paid=True)
    session["subscription"], session["invoice"] = subscription["id"], invoice["id"]
    _complete(world, session)
    if card == DISPUTED:
        open_dispute(world, paid["id"])
    return session


def _invoice(world: World, subscription: Thing) -> Thing:
    amount = subscription["items"]["data"][0]["unit_amount"]
    invoice = world.add(
        "in",
        "invoice",
        amount_due=amount,
        amount_paid=0,
        attempt_count=0,
        attempted=False,
        currency=CURRENCY,
        customer=subscription["customer"],
        metadata={},
        next_payment_attempt=None,
        parent={
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(subscription["metadata"]),
                "subscription": subscription["id"],
            },
        },
        status="open",
        total=amount,
    )
    intent = intend(world, amount, {})
    world.add(
        "inpay",
        "invoice_payment",
        amount_paid=None,
        amount_requested=amount,
        currency=CURRENCY,
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
    )
    subscription["latest_invoice"] = invoice["id"]
    world.tell("invoice.created", invoice)
    return invoice


def _try(world: World, subscription: Thing, invoice: Thing, *, paid: bool) -> Thing:
    payment = next(one for one in world.every("invoice_payment") if one["invoice"] == invoice["id"])
    invoice["attempt_count"] += 1
    invoice["attempted"] = True
    made = charge(world, world.get(payment["payment"]["payment_intent"]), paid=paid)
    if paid:
        invoice.update(status="paid", amount_paid=invoice["total"], next_payment_attempt=None)
        payment.update(status="paid", amount_paid=invoice["total"])
        world.tell("invoice.payment_succeeded", invoice)
        if subscription["status"] != "active":
            subscription["status"] = "active"
            world.tell("customer.subscription.updated", subscription)
        return made
    last = invoice["attempt_count"] >= MOST_TRIES
    invoice["next_payment_attempt"] = None if last else world.now + RETRY_AFTER
    subscription["status"] = "past_due"
    world.tell("invoice.payment_failed", invoice)
    if last:
        end_subscription(world, subscription["id"], "payment_failed")
    else:
        world.tell("customer.subscription.updated", subscription)
    return made


def _later(anchor: int, months: int) -> int:
    begun = datetime.fromtimestamp(anchor, UTC)
    return int((begun + relativedelta(months=months)).timestamp())
