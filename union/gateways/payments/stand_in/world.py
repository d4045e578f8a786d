"""The stand-in's world: things with ids, the events they make, and the statement.

Field names are Stripe's. Times are whole seconds. Nothing here knows HTTP.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from union.gateways.payments.stand_in.store import State

API_VERSION = "2026-10-28.endive"
CURRENCY = "inr"
FEE_PERCENT = 3
DAY = 24 * 3600
WITHOUT_MODE = frozenset({"balance_transaction", "refund"})
"""Kinds of which Stripe does not say whether they are real."""

Thing = dict[str, Any]


class NoSuchThingError(Exception):
    """No thing has this id."""


class RefusedError(Exception):
    """The act is not possible; the message is Stripe's code for it."""


@dataclass(slots=True)
class World:
    """One state of everything, at an instant in seconds."""

    state: State
    now: int

    def add(self, prefix: str, kind: str, /, **fields: object) -> Thing:
        """Make a thing with an id of its own."""
        self.state["seq"] += 1
        thing: Thing = {
            "id": f"{prefix}_{self.state['tag']}{self.state['seq']:06d}",
            "object": kind,
            "created": self.now,
            **({} if kind in WITHOUT_MODE else {"livemode": False}),
            **fields,
        }
        self.state["things"][thing["id"]] = thing
        return thing

    def get(self, thing_id: str) -> Thing:
        """The thing with this id."""
        try:
            thing: Thing = self.state["things"][thing_id]
        except KeyError:
            raise NoSuchThingError(thing_id) from None
        return thing

    def every(self, kind: str) -> list[Thing]:
        """All things of a kind, newest first."""
        return [one for one in reversed(self.state["things"].values()) if one["object"] == kind]

    def tell(self, kind: str, thing: Thing) -> Thing:
        """Make an event of how a thing is now; it is told until somebody listens."""
        event = self.add(
            "evt",
            "event",
            api_version=API_VERSION,
            type=kind,
            data={"object": copy.deepcopy(thing)},
            pending_webhooks=1,
            request=None,
        )
        self.state["outbox"].append({"event": event["id"], "tries": 0, "due": self.now})
        return event

    def move(
        self, kind: str, amount: int, source: str, *, category: str | None = None, fee: int = 0
    ) -> Thing:
        """A line of the statement."""
        return self.add(
            "txn",
            "balance_transaction",
            amount=amount,
            available_on=self.now + 2 * DAY,
            currency=CURRENCY,
            description=None,
            exchange_rate=None,
            fee=fee,
            fee_details=[],
            net=amount - fee,
            reporting_category=category or kind,
            source=source,
            status="pending",
            type=kind,
        )

    def held(self) -> int:
        """What is held for the account: the sum of the statement."""
        return sum(one["net"] for one in self.every("balance_transaction"))


def fee_of(amount: int) -> int:
    """What the pretended company keeps of a payment, in paise, rounded down."""
    return amount * FEE_PERCENT // 100


def metadata_of(params: Mapping[str, Any]) -> dict[str, str]:
    """What of metadata was sent, as text."""
    return {str(name): str(value) for name, value in (params.get("metadata") or {}).items()}
