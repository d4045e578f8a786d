"""The pretended card company: on a demonstration's table, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.cards import SETTINGS
from union.factory import HOUSE, close_app, create_app
from union.gateways.payments.stand_in import TableStore, World, create_schema
from union.gateways.payments.stand_in.paying import charge, intend
from union.infra.card_settings import CardSettings
from union.web.limits import limiter


@pytest.fixture
def build(settings, clock):
    """A function: settings of the cards in, a browser out; whatever was built is closed."""
    apps = []

    def browser(cards: CardSettings | None, *, demonstration: bool = True):
        limiter.enabled = False
        app = create_app(replace(settings, demonstration=demonstration, cards=cards), clock)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        apps.append(app)
        create_schema(app.extensions[HOUSE].outside)
        return app.test_client(), TableStore(app.extensions[HOUSE].outside)

    yield browser
    for app in apps:
        close_app(app)


def test_its_desk_lies_on_the_table_and_its_world_is_kept(build, clock):
    client, store = build(SETTINGS)
    with store.hold() as state:
        charge(World(state, int(clock.now().timestamp())), intend_for(state, clock), paid=True)
    desk = client.get("/outside/cards/").text
    assert "The pretended card company" in desk
    assert "It holds ₹97." in desk
    client.post("/outside/cards/", data={"act": "pay_out"})
    assert "It holds ₹0." in client.get("/outside/cards/").text
    assert client.get("/outside/cards/pay/cs_none").status_code == 410
    assert client.get("/outside/cards/v1/balance").status_code == 401


def intend_for(state, clock):
    return intend(World(state, int(clock.now().timestamp())), 10000, {})


@pytest.mark.parametrize(
    ("cards", "demonstration"),
    [(None, True), (SETTINGS, False), (CardSettings("sk_test_of_somebody", "whsec_1"), True)],
)
def test_without_its_own_key_or_a_demonstration_it_is_not_there(build, cards, demonstration):
    client, _store = build(cards, demonstration=demonstration)
    assert client.get("/outside/cards/").status_code == 404
