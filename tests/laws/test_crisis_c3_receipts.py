"""C3: what a provider says became of words moves nothing, whatever it says and however often."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.crisis import ROUTES, Workers, make_responder, report
from tests.builders.members import make_branch
from union.gateways.port import Delivery
from union.kernel.actor import Actor
from union.messages.models import DELIVERY_WORDS, Attempt, DeliveryReceipt
from union.messages.services import store_receipt

NIGHT = Actor.system("test")
AGAIN = (
    "INSERT INTO delivery_receipt"
    " (attempt_id, provider, provider_id, word, code, at, stored_at) SELECT attempt_id,"
)
STANDS = (
    "SELECT id, state FROM page ORDER BY id",
    "SELECT id, state, code, closed_at FROM message ORDER BY id",
    "SELECT id, state, code, ended_at, lease_until FROM attempt ORDER BY id",
    "SELECT id, state FROM incident ORDER BY id",
    "SELECT id, due_at, done_at FROM timer ORDER BY id",
    "SELECT id, fact FROM outbox ORDER BY id",
    "SELECT id, code FROM incident_event ORDER BY id",
)


@pytest.fixture
def unit(committing):
    return replace(committing, routes=ROUTES)


@pytest.fixture
def keys(unit, clock):
    """The keys under which the pages of an incident were handed over."""
    with unit.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(2):
            make_responder(work, bidar)
        report(work)
    Workers(unit, clock).settle()
    with unit.reading(NIGHT) as work:
        return work.session.scalars(select(Attempt.key)).all()


def stands(unit):
    with unit.reading(NIGHT) as work:
        return [work.session.execute(text(query)).all() for query in STANDS]


def test_every_receipt_for_every_page_changes_nothing(unit, keys):
    before = stands(unit)
    assert before[0]
    for key, word in itertools.product(keys, DELIVERY_WORDS):
        with unit.begin(NIGHT) as work:
            assert store_receipt(work, Delivery("liar", f"{key}-{word}", key, word))
            assert not store_receipt(work, Delivery("liar", f"{key}-{word}", key, word))
    assert stands(unit) == before
    with unit.reading(NIGHT) as work:
        told = work.session.scalars(select(DeliveryReceipt.id)).all()
    assert len(told) == len(keys) * len(DELIVERY_WORDS)


def test_with_receipts_the_next_is_asked_as_soon_as_without(unit, keys, clock):
    with unit.begin(NIGHT) as work:
        for key in keys:
            store_receipt(work, Delivery("liar", f"{key}-d", key, "delivered"))
            store_receipt(work, Delivery("liar", f"{key}-a", key, "answered"))
    clock.advance(timedelta(minutes=3))
    workers = Workers(unit, clock)
    workers.settle()
    assert workers.provider.taken


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE delivery_receipt SET word = 'delivered'",
        "DELETE FROM delivery_receipt",
        "TRUNCATE delivery_receipt",
        f"{AGAIN} provider, provider_id, word, code, at, at FROM delivery_receipt",
        f"{AGAIN} 'x', 'x', 'she is coming', '', at, at FROM delivery_receipt",
        f"{AGAIN} 'x', 'x', 'delivered', '', NULL, at FROM delivery_receipt",
    ],
)
def test_a_receipt_is_added_once_and_never_changed(unit, keys, harm):
    with unit.begin(NIGHT) as work:
        store_receipt(work, Delivery("liar", "1", keys[0], "failed", "30003"))
    with pytest.raises(DBAPIError), unit.begin(NIGHT) as work:
        work.session.execute(text(harm))


def test_a_receipt_about_nothing_of_ours_is_not_kept(unit, keys):
    with unit.begin(NIGHT) as work:
        assert not store_receipt(work, Delivery("liar", "1", "m0-a0", "delivered"))
