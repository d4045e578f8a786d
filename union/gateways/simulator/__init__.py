"""The handset simulator: the default gateway, behind the same port as a real provider."""

from __future__ import annotations

from union.gateways.simulator.calls import CallOverError
from union.gateways.simulator.gateway import simulator_gateways
from union.gateways.simulator.phones import Phones
from union.gateways.simulator.skies import MODES, set_weather, weathers
from union.gateways.simulator.store import create_schema, open_store
from union.gateways.simulator.table import Handset, version

__all__ = [
    "MODES",
    "CallOverError",
    "Handset",
    "Phones",
    "create_schema",
    "open_store",
    "set_weather",
    "simulator_gateways",
    "version",
    "weathers",
]
