"""Cookies and forms are signed with the web key as it is now, and checked with those that count.

A web key is exchanged while everybody works; nothing here makes, keeps or shows one. What a key of
before signed is never signed anew by itself: a cookie that came late would undo a sign-out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

if TYPE_CHECKING:
    from flask import Flask

    from union.infra.living_secrets import LivingSecrets
    from union.kernel.clock import Clock


class RenewedSessions(SecureCookieSessionInterface):
    """Flask's own sessions; with each request it is asked which keys count."""

    def __init__(self, secrets: LivingSecrets, clock: Clock) -> None:
        """``clock`` says whether the time of a key before is over."""
        self._secrets = secrets
        self._clock = clock

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """Called before anything else is done for a request, so that its forms follow.

        Made of the keys that were just asked for: another request may change what the
        application holds meanwhile.
        """
        counting = self._secrets.now().web_keys.counting(self._clock.now())
        if app.config.get("WTF_CSRF_SECRET_KEY") != counting:
            app.config.update(SECRET_KEY=counting[-1], WTF_CSRF_SECRET_KEY=counting)
        return URLSafeTimedSerializer(
            counting,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={
                "key_derivation": self.key_derivation,
                "digest_method": self.digest_method,
            },
        )
