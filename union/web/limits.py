"""How often somebody may try: counted per address, so that nobody can lock another out."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(
    key_func=get_remote_address,
    in_memory_fallback_enabled=True,
    headers_enabled=False,
)

SIGN_IN_TRIES = "30 per minute; 300 per hour"
"""A whole office may stand behind one address; a password of twelve letters bears this many."""


def install(app: Flask, redis_url: str) -> None:
    """Count in Redis, or in this process while Redis is away."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", redis_url)
    limiter.init_app(app)
