"""Web Push: one short notice to the browsers a person chose, sealed so that only they read it.

Owns encryption, signing and the call to the browsers' push services. It must never know a person;
it keeps nothing, and what a service answers is read no further than its status.
"""

from __future__ import annotations

from union.gateways.web_push.devices import (
    HANDSET,
    KNOWN_SERVICES,
    Device,
    DeviceUnfitError,
    fit_device,
    pack,
    service_of,
    unpack,
)
from union.gateways.web_push.gateway import URGENT_TTL_SECONDS, WebPush
from union.gateways.web_push.vapid import PushKey, new_push_key

__all__ = [
    "HANDSET",
    "KNOWN_SERVICES",
    "URGENT_TTL_SECONDS",
    "Device",
    "DeviceUnfitError",
    "PushKey",
    "WebPush",
    "fit_device",
    "new_push_key",
    "pack",
    "service_of",
    "unpack",
]
