"""A pretended card company for tests: the real SDK talks to it without a wire between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import stripe
from werkzeug.test import Client

from tests.builders.dues import make_payer
from union.checkout.models import CardCheckout, CardLine
from union.checkout.services import ask_instruction, ask_payment, lead_to_page
from union.gateways.payments.stand_in import (
    DEMONSTRATION_KEY,
    DEMONSTRATION_SECRET,
    MemoryStore,
    StandIn,
    World,
)
from union.gateways.payments.stand_in.lasting import pay_page
from union.gateways.payments.stripe_provider import StripeProvider, stripe_provider
from union.infra.card_settings import CardSettings
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor
from union.kernel.clock import Clock
from union.kernel.ids import new_ref

ADDRESS = "http://127.0.0.1:9/outside/cards"
SETTINGS = CardSettings(DEMONSTRATION_KEY, DEMONSTRATION_SECRET, ADDRESS, ("http://127.0.0.1:9",))
TEST = Actor.system("test")


class NoWire(stripe.HTTPClient):
    """Hands requests to an application in this process: no socket, and as fast as a call."""

    name = "no_wire"

    def __init__(self, app: Callable[..., object]) -> None:
        super().__init__()
        self._client = Client(app)

    def request(self, method, url, headers, post_data=None):
        path = url.removeprefix(ADDRESS)
        answer = self._client.open(path, method=method.upper(), headers=headers, data=post_data)
        return answer.get_data(as_text=True), answer.status_code, dict(answer.headers)

    def close(self) -> None:
        """There is nothing to close."""


@dataclass
class Company:
    """The card company and our provider that speaks to it."""

    stand_in: StandIn
    provider: StripeProvider
    told: list[str] = field(default_factory=list)

    @contextmanager
    def world(self) -> Iterator[World]:
        with self.stand_in.world() as world:
            yield world

    def held(self) -> int:
        with self.world() as world:
            return world.held()

    def notices(self) -> list[tuple[bytes, str]]:
        """Every notice not told yet, as it goes over the wire: body and signature."""
        with self.world() as world:
            events = [world.get(one["event"]) for one in world.state["outbox"]]
            world.state["outbox"].clear()
        signed = [self.stand_in.signed(event) for event in events]
        return [(body, headers["Stripe-Signature"]) for body, headers in signed]


def make_company(clock: Clock) -> Company:
    stand_in = StandIn(MemoryStore(), clock, ADDRESS)
    return Company(stand_in, stripe_provider(SETTINGS, NoWire(stand_in)))


def open_page(
    unit: UnitOfWork,
    company: Company,
    person_id: int,
    amount_minor: int = 10000,
    *,
    monthly: bool = False,
) -> tuple[CardCheckout, str]:
    """She asks to pay; her checkout, and the company's page for it."""
    ask = ask_instruction if monthly else ask_payment
    with unit.begin(TEST) as work:
        checkout = ask(work, company.provider.name, person_id, amount_minor)
    url = lead_to_page(unit, company.provider, checkout, "http://127.0.0.1:8000/back")
    return checkout, url.rpartition("/")[2]


def pay(
    unit: UnitOfWork,
    company: Company,
    person_id: int,
    amount_minor: int = 10000,
    *,
    card: str = "works",
    monthly: bool = False,
) -> CardCheckout:
    """She pays on the company's page; nobody has been told yet."""
    checkout, session_id = open_page(unit, company, person_id, amount_minor, monthly=monthly)
    with company.world() as world:
        pay_page(world, session_id, card)
    return checkout


def make_card_payer(unit: UnitOfWork) -> int:
    with unit.begin(TEST) as work:
        return make_payer(work).person_id


def make_line(work: Work, kind: str, amount_minor: int, **fields) -> CardLine:
    """A line of the statement by itself; whoever asks books it before the commit."""
    fields = {"ref": new_ref(), "charge_id": "ch_made", "provider_id": new_ref(), **fields}
    made = CardLine(
        provider="stripe",
        kind=kind,
        amount_minor=amount_minor,
        fee_minor=0,
        happened_at=work.clock.now(),
        happened_on=work.clock.today(),
        read_at=work.clock.now(),
        **fields,
    )
    work.session.add(made)
    work.session.flush()
    return made
