"""The stand-in beside the SDK's own models and beside localstripe, over a real wire."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import stripe
from stripe._object_classes import OBJECT_CLASSES
from werkzeug.serving import make_server

from tests.builders.cards import make_company
from tests.stripe_stand_in.local import PATIENCE_S, local_stripe
from union.gateways.payments.stand_in import (
    DEMONSTRATION_KEY,
    DEMONSTRATION_SECRET,
    MemoryStore,
    StandIn,
)
from union.gateways.payments.stand_in.lasting import pass_time, pause, pay_page, renew
from union.gateways.payments.stand_in.paying import (
    arrive,
    charge,
    intend,
    open_dispute,
    open_page,
    pay_out,
    refund,
)

SESSION = {
    "mode": "payment",
    "line_items": [
        {
            "quantity": 1,
            "price_data": {
                "currency": "inr",
                "unit_amount": 10000,
                "product_data": {"name": "Notebook"},
            },
        }
    ],
    "success_url": "http://127.0.0.1/back",
    "cancel_url": "http://127.0.0.1/back",
    "metadata": {"r": "ours"},
}


@contextmanager
def served(app) -> Iterator[str]:
    """An application on a port of 127.0.0.1, for as long as the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def stand_in(clock) -> StandIn:
    return StandIn(MemoryStore(), clock, "http://127.0.0.1")


@pytest.fixture
def client(stand_in):
    with served(stand_in) as address:
        http = stripe.RequestsClient(timeout=PATIENCE_S)
        yield stripe.StripeClient(
            DEMONSTRATION_KEY, base_addresses={"api": address}, http_client=http
        )
        http.close()


def test_a_key_gives_the_same_answer_and_refuses_other_words(client):
    key = {"idempotency_key": "k1"}
    first = client.v1.checkout.sessions.create(SESSION, key)
    assert client.v1.checkout.sessions.create(SESSION, key).id == first.id
    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.checkout.sessions.create({**SESSION, "metadata": {"r": "other"}}, key)
    assert refused.value.http_status == 400
    assert client.v1.checkout.sessions.create(SESSION, {"idempotency_key": "k2"}).id != first.id


def test_a_refusal_is_kept_under_its_key_too(client, stand_in):
    with stand_in.world() as world:
        paid = charge(world, intend(world, 10000, {}), paid=True)["id"]
    ask, key = {"charge": paid, "amount": 20000}, {"idempotency_key": "k1"}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create(ask, key)
    assert client.v1.refunds.create({"charge": paid}, {"idempotency_key": "k2"}).amount == 10000


def test_another_key_opens_nothing(stand_in):
    with served(stand_in) as address:
        http = stripe.RequestsClient(timeout=PATIENCE_S)
        stranger = stripe.StripeClient(
            "sk_test_x", base_addresses={"api": address}, http_client=http
        )
        with pytest.raises(stripe.AuthenticationError):
            stranger.v1.balance.retrieve()
        http.close()


def test_lists_are_paged_newest_first_and_bounded_by_time(client, stand_in):
    with stand_in.world() as world:
        for _ in range(5):
            charge(world, intend(world, 10000, {}), paid=True)
    pages = client.v1.balance_transactions.list({"limit": 2})
    found = [one.id for one in pages.auto_paging_iter()]
    assert found == sorted(found, reverse=True)
    assert len(found) == 5
    later = {"created": {"gt": int(stand_in.clock.now().timestamp())}}
    assert client.v1.balance_transactions.list(later).data == []


def test_what_is_not_there_is_not_found(client):
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.disputes.retrieve("du_none")
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")


def pay_for(world, mode: str) -> str:
    """A page of this mode, paid; its id."""
    price = SESSION["line_items"][0]["price_data"]
    if mode == "subscription":
        price = {**price, "recurring": {"interval": "month"}}
    items = [{"quantity": 1, "price_data": price}]
    session = open_page(world, {**SESSION, "mode": mode, "line_items": items}, "http://127.0.0.1")
    pay_page(world, session["id"], "works")
    return session["id"]


def everything(world) -> list[dict]:
    """One of each kind of thing, made by living through it."""
    paid = world.get(pay_for(world, "payment"))
    open_dispute(world, world.get(paid["payment_intent"])["latest_charge"])
    subscribed = world.get(pay_for(world, "subscription"))
    pause(world, subscribed["subscription"], {"behavior": "void"})
    renew(world, subscribed["subscription"])
    pause(world, subscribed["subscription"], "")
    renew(world, subscribed["subscription"], paid=False)
    refund(world, {"charge": world.every("charge")[1]["id"]})
    charge(world, intend(world, 90000, {}), paid=True)
    arrive(world, pay_out(world)["id"])
    return list(world.state["things"].values())


def test_every_thing_is_one_the_sdk_knows_field_by_field(stand_in):
    with stand_in.world() as world:
        things = everything(world)
    kinds = set()
    for thing in things:
        module, name = OBJECT_CLASSES[thing["object"]]
        known = getattr(import_module(module), name).__annotations__
        assert set(thing) <= set(known), (thing["object"], set(thing) - set(known))
        kinds.add(thing["object"])
    assert len(kinds) == 12


def test_no_word_of_ours_but_the_reference_is_in_it(stand_in):
    with stand_in.world() as world:
        things = everything(world)
    assert {word for thing in things for word in (thing.get("metadata") or {}).values()} <= {"ours"}


def test_a_notice_nobody_took_is_told_again_later_and_given_up_at_last(clock):
    heard, answers = [], [500, 500, 200]

    def post(_address, body, _headers) -> int:
        heard.append(json.loads(body)["id"])
        return answers[len(heard) - 1]

    company = make_company(clock)
    company.stand_in.notices, company.stand_in.post = "http://127.0.0.1/n", post
    with company.world() as world:
        world.tell("charge.succeeded", world.add("ch", "charge"))
    assert company.stand_in.tell() == 0
    assert company.stand_in.tell() == 0
    clock.advance(timedelta(minutes=1))
    assert company.stand_in.tell() == 0
    clock.advance(timedelta(minutes=5))
    assert company.stand_in.tell() == 1
    assert len(heard) == 3
    assert len(set(heard)) == 1
    assert company.notices() == []


def test_a_month_ends_where_the_month_ends(clock):
    clock.move_to(datetime(2027, 1, 31, 9, tzinfo=UTC))
    company = make_company(clock)
    with company.world() as world:
        number = world.get(pay_for(world, "subscription"))["subscription"]
    ends = []
    for _month in range(3):
        with company.world() as world:
            end = world.get(number)["items"]["data"][0]["current_period_end"]
        ends.append(datetime.fromtimestamp(end, UTC).date().isoformat())
        clock.move_to(datetime.fromtimestamp(end, UTC))
        with company.world() as world:
            pass_time(world)
            pass_time(world)
    assert ends == ["2027-02-28", "2027-03-31", "2027-04-30"]


def test_a_pause_is_as_the_sdk_sends_and_knows_it(client, stand_in):
    with stand_in.world() as world:
        number = world.get(pay_for(world, "subscription"))["subscription"]
    rest, on = {"pause_collection": {"behavior": "void"}}, {"pause_collection": ""}
    key = {"idempotency_key": "k1"}
    for _ in range(2):
        rested = client.v1.subscriptions.update(number, rest, key)
    held = rested.pause_collection.to_dict()
    assert set(held) <= set(stripe.Subscription.PauseCollection.__annotations__)
    assert (held["behavior"], rested.status) == ("void", "active")
    with stand_in.world() as world:
        renew(world, number)
        assert world.every("invoice")[0]["status"] == "void"
        assert len(world.every("charge")) == 1
        told = [one["type"] for one in world.every("event")]
    assert told.count("customer.subscription.updated") == 1
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.update(number, {"pause_collection": {"behavior": "rest"}})
    assert client.v1.subscriptions.update(number, on).pause_collection is None


def test_refunds_are_listed_by_their_charge(client, stand_in):
    with stand_in.world() as world:
        first, other = (charge(world, intend(world, 900, {}), paid=True)["id"] for _ in range(2))
        refund(world, {"charge": other})
        made = refund(world, {"charge": first})["id"]
    assert [one.id for one in client.v1.refunds.list({"charge": first}).data] == [made]


def shape(thing: dict) -> dict:
    """The kind of each value, a thing as its id; null is left out, for either may know less."""
    return {
        name: str if isinstance(value, dict) and "id" in value else type(value)
        for name, value in thing.items()
        if value is not None
    }


def test_where_localstripe_has_the_feature_both_say_the_same(client, stand_in, monkeypatch):
    heard = []

    def ears(environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        heard.append((body, environ["HTTP_STRIPE_SIGNATURE"]))
        start_response("200 OK", [])
        return [b""]

    with (
        served(ears) as address,
        local_stripe(monkeypatch, address, DEMONSTRATION_SECRET) as other,
    ):
        card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123"}
        method = other.v1.payment_methods.create({"type": "card", "card": card})
        ask = {"amount": 10000, "currency": "inr", "payment_method": method.id, "confirm": True}
        intent = other.v1.payment_intents.create(ask)
        with stand_in.world() as world:
            ours = charge(world, intend(world, 10000, {}), paid=True)
        theirs = other.v1.charges.list({"limit": 1}).data[0]
        for one, api in ((ours["id"], client), (theirs.id, other)):
            api.v1.refunds.create({"charge": one, "amount": 4000})
        compare(
            other.v1.payment_intents.retrieve(intent.id).to_dict(),
            client.v1.payment_intents.retrieve(ours["payment_intent"]).to_dict(),
            {"amount", "currency", "status"},
        )
        compare(
            other.v1.charges.retrieve(theirs.id).to_dict(),
            client.v1.charges.retrieve(ours["id"]).to_dict(),
            {"amount", "currency", "status", "paid", "captured", "amount_refunded", "refunded"},
        )
        for kind in ("charge", "refund"):
            compare(
                line_of_kind(other, kind),
                line_of_kind(client, kind),
                {"amount", "currency", "type"},
            )


def line_of_kind(api: stripe.StripeClient, kind: str) -> dict:
    found = api.v1.balance_transactions.list({"limit": 10}).data
    return next(one.to_dict() for one in found if one.type == kind)


def compare(theirs: dict, ours: dict, same: set[str]) -> None:
    """These fields are equal, and whatever both know is of one kind."""
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    kinds, known = shape(ours), shape(theirs)
    differ = {
        name: (kinds[name], known[name])
        for name in kinds.keys() & known.keys() - {"metadata", "balance_transaction"}
        if kinds[name] is not known[name]
    }
    assert differ == {}
