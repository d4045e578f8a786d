"""How often somebody may try: counted per address, so that nobody can lock another out.

The address itself is kept nowhere: what is counted under is a keyed hash of it.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from flask import Flask, request
from flask_limiter import Limiter

from union.web.current import kit

_ONE_HOUSEHOLD = 64
"""Bits of an IPv6 address that one line has; the rest is hers to change at will."""


def visitor() -> str:
    """Who asks, as the counters know her: nothing one could turn back into an address."""
    return kit().unit.vault.fingerprint("visitor", _line(request.remote_addr or "")).hex()


def _line(address: str) -> str:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Address(int(known) >> _ONE_HOUSEHOLD << _ONE_HOUSEHOLD))


limiter = Limiter(
    key_func=visitor,
    in_memory_fallback_enabled=True,
    headers_enabled=False,
)

SIGN_IN_TRIES = "30 per minute; 300 per hour"
"""A whole office may stand behind one address; a password of twelve letters bears this many."""


def install(app: Flask, redis_url: str) -> None:
    """Count in Redis, or in this process while Redis is away."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", redis_url)
    limiter.init_app(app)
