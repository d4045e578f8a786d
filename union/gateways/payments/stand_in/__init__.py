"""A stand-in for Stripe: what a demonstration and the tests pay through; never real money.

It keeps its own world (objects, statement, events, idempotency keys) and is true to what Stripe
does with keys, repeats and the order of notices. Nothing of the union's is known here.
"""

from __future__ import annotations

from union.gateways.payments.stand_in.app import (
    DEMONSTRATION_KEY,
    DEMONSTRATION_SECRET,
    PATH,
    StandIn,
)
from union.gateways.payments.stand_in.store import MemoryStore, Store, TableStore, create_schema
from union.gateways.payments.stand_in.world import World

__all__ = [
    "DEMONSTRATION_KEY",
    "DEMONSTRATION_SECRET",
    "PATH",
    "MemoryStore",
    "StandIn",
    "Store",
    "TableStore",
    "World",
    "create_schema",
]
