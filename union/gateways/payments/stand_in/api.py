"""The stand-in's API as Stripe's: paths, parameters, lists, errors, idempotency keys."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from union.gateways.payments.stand_in.lasting import end_subscription, expire_page, pause
from union.gateways.payments.stand_in.paying import open_page, pay_out, refund
from union.gateways.payments.stand_in.world import (
    CURRENCY,
    NoSuchThingError,
    RefusedError,
    Thing,
    World,
)

MOST_LISTED = 100
USUALLY_LISTED = 10
READABLE = {
    "balance_transactions": "balance_transaction",
    "charges": "charge",
    "checkout/sessions": "checkout.session",
    "disputes": "dispute",
    "events": "event",
    "invoice_payments": "invoice_payment",
    "invoices": "invoice",
    "payment_intents": "payment_intent",
    "payouts": "payout",
    "refunds": "refund",
    "subscriptions": "subscription",
}

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what is said."""

    status: int
    body: Thing
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked: path below /v1/, its parameters, and the key it came under."""

    method: str
    path: str
    params: Params
    key: str | None = None

    @property
    def words(self) -> str:
        """What the key stands for."""
        said = json.dumps([self.method, self.path, self.params], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def answer(world: World, call: Call, pages: str) -> Answer:
    """Do what was asked, once for each key: the same again is answered with what was said before.

    Under the same key with other words nothing is done: idempotency_error, as with Stripe.
    """
    keys = world.state["keys"]
    if call.method == "POST" and call.key is not None and call.key in keys:
        held = keys[call.key]
        if held["words"] != call.words:
            said = "Keys for idempotent requests can only be used with the same parameters"
            return Answer(400, _error("idempotency_error", None, said))
        return Answer(held["status"], held["body"], replayed=True)
    given = _do(world, call, pages)
    if call.method == "POST" and call.key is not None:
        keys[call.key] = {
            "words": call.words,
            "status": given.status,
            "body": copy.deepcopy(given.body),
        }
    return given


def _do(world: World, call: Call, pages: str) -> Answer:
    try:
        return Answer(200, _route(world, call, pages))
    except NoSuchThingError:
        said = "No such thing"
        return Answer(404, _error("invalid_request_error", "resource_missing", said))
    except RefusedError as error:
        return Answer(400, _error("invalid_request_error", str(error), "Refused"))
    except (KeyError, ValueError, IndexError, TypeError):
        said = "A parameter is missing or strange"
        return Answer(400, _error("invalid_request_error", "parameter_missing", said))


def _route(world: World, call: Call, pages: str) -> Thing:
    acts: Mapping[tuple[str, str], Callable[[], Thing]] = {
        ("POST", "checkout/sessions"): lambda: open_page(world, call.params, pages),
        ("POST", "refunds"): lambda: refund(world, call.params),
        ("POST", "payouts"): lambda: _payout(world),
        ("GET", "balance"): lambda: _balance(world),
    }
    act = acts.get((call.method, call.path))
    if act is not None:
        return copy.deepcopy(act())
    folder, _, thing_id = call.path.rpartition("/")
    if call.method == "DELETE" and folder == "subscriptions":
        return copy.deepcopy(end_subscription(world, thing_id, "cancellation_requested"))
    if call.method == "POST" and folder == "subscriptions":
        return copy.deepcopy(pause(world, thing_id, call.params["pause_collection"]))
    if call.method == "POST" and thing_id == "expire":
        return copy.deepcopy(expire_page(world, folder.rpartition("/")[2]))
    if call.method == "GET" and call.path in READABLE:
        return _list(world, call)
    if call.method == "GET" and folder in READABLE:
        return _expanded(world, world.get(thing_id), _expand(call.params))
    raise NoSuchThingError(call.path)


def _payout(world: World) -> Thing:
    made = pay_out(world)
    if made is None:
        raise RefusedError("balance_insufficient")
    return made


def _balance(world: World) -> Thing:
    held = [{"amount": world.held(), "currency": CURRENCY, "source_types": {}}]
    nothing = [{"amount": 0, "currency": CURRENCY, "source_types": {}}]
    return {"object": "balance", "available": held, "pending": nothing, "livemode": False}


def _list(world: World, call: Call) -> Thing:
    params = call.params
    found: Iterable[Thing] = world.every(READABLE[call.path])
    for name, limit in (params.get("created") or {}).items():
        found = [one for one in found if _compares(name, one["created"], int(limit))]
    intent = (params.get("payment") or {}).get("payment_intent")
    if intent is not None:
        found = [one for one in found if one["payment"]["payment_intent"] == intent]
    charge_id = params.get("charge")
    if charge_id is not None:
        found = [one for one in found if one["charge"] == charge_id]
    kept = list(found)
    after = params.get("starting_after")
    if after is not None:
        kept = kept[[one["id"] for one in kept].index(after) + 1 :]
    limit = min(int(params.get("limit", USUALLY_LISTED)), MOST_LISTED)
    expand = [path.removeprefix("data.") for path in _expand(params)]
    return {
        "object": "list",
        "url": f"/v1/{call.path}",
        "has_more": len(kept) > limit,
        "data": [_expanded(world, one, expand) for one in kept[:limit]],
    }


def _compares(name: str, made: int, limit: int) -> bool:
    return {"gte": made >= limit, "gt": made > limit, "lte": made <= limit, "lt": made < limit}[
        name
    ]


def _expand(params: Params) -> list[str]:
    return [str(path) for path in params.get("expand") or []]


def _expanded(world: World, thing: Thing, paths: Iterable[str]) -> Thing:
    shown = copy.deepcopy(thing)
    for path in paths:
        if isinstance(shown.get(path), str):
            shown[path] = copy.deepcopy(world.get(shown[path]))
    return shown


def _error(kind: str, code: str | None, message: str) -> Thing:
    return {"error": {"type": kind, "code": code, "message": message}}


def nest(pairs: Iterable[tuple[str, str]]) -> Params:
    """Flat form fields (``a[b][0][c]``) as the values they mean; lists from their numbers."""
    whole: Params = {}
    for name, value in pairs:
        steps = re.findall(r"[^\[\]]+", name)
        at = whole
        for step in steps[:-1]:
            at = at.setdefault(step, {})
        at[steps[-1]] = value
    return {name: _lists(value) for name, value in whole.items()}


def _lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if value and all(step.isdigit() for step in value):
        return [_lists(value[step]) for step in sorted(value, key=int)]
    return {name: _lists(one) for name, one in value.items()}
