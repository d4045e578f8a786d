"""The handset simulator: the default gateway, behind the same port as a real provider."""

from __future__ import annotations

from union.gateways.simulator.gateway import simulator_gateways
from union.gateways.simulator.phones import CallOverError, Handset, Phones
from union.gateways.simulator.store import create_schema, open_store

__all__ = [
    "CallOverError",
    "Handset",
    "Phones",
    "create_schema",
    "open_store",
    "simulator_gateways",
]
