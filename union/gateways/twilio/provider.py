"""Texts and calls through Twilio's API, by its own library; what goes out is logged nowhere.

The API knows no idempotency key: ours travels in the address of the status callback, and one
process never sends it twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from union.gateways.fanout import MOST_AT_ONCE
from union.gateways.once import Once
from union.gateways.port import GatewayRefusedError, GatewayUnreachableError, Receipt
from union.gateways.twilio.twiml import render

if TYPE_CHECKING:
    from union.gateways.port import VoiceScript
    from union.infra.ways_settings import TwilioSettings

NAME = "twilio"
TIMEOUT_S = 2.2
"""To connect, and again to answer: together less than the five seconds a call may take."""

RINGS_S = 35
CALL_EVENTS = ("ringing", "answered", "completed")


@dataclass(frozen=True, slots=True)
class Twilio:
    """One account. `public_url` is where it tells us what came of things."""

    settings: TwilioSettings
    client: Client
    public_url: str
    _once: Once = field(default_factory=Once)

    def send(self, key: str, to_e164: str, text: str) -> Receipt:
        """Hand over one text."""
        sender = self.settings.sms_from
        by_service = sender.startswith("MG")

        def create() -> object:
            return self.client.messages.create(
                to=to_e164,
                body=text,
                status_callback=self._address("receipt", key),
                **({"messaging_service_sid": sender} if by_service else {"from_": sender}),
            ).sid

        return self._once.hand_over(key, lambda: _handed(create))

    def call(self, key: str, to_e164: str, script: VoiceScript) -> Receipt:
        """Start one call; what it says travels along, so that nothing is looked up at its start."""

        def create() -> object:
            return self.client.calls.create(
                to=to_e164,
                from_=self.settings.voice_from,
                twiml=render(script, keys_address(self.public_url, key, 1)),
                timeout=RINGS_S,
                status_callback=self._address("receipt", key),
                status_callback_event=list(CALL_EVENTS),
                status_callback_method="POST",
            ).sid

        return self._once.hand_over(key, lambda: _handed(create))

    def _address(self, what: str, key: str) -> str:
        return f"{self.public_url}/in/twilio/{what}/{key}"


def keys_address(public_url: str, key: str, step: int) -> str:
    """Where the keys pressed at one step of a call are told."""
    return f"{public_url}/in/twilio/keys/{key}/{step}"


def twilio_provider(
    settings: TwilioSettings, public_url: str, session: requests.Session | None = None
) -> Twilio:
    """The account by these settings, ready: what the library loads late is loaded now.

    Tests hand in a session of their own.
    """
    net = TwilioHttpClient(timeout=TIMEOUT_S, logger=_SILENT)
    net.session = session or _session()
    client = Client(settings.account_sid, settings.auth_token, http_client=net)
    _ = client.messages, client.calls
    return Twilio(settings, client, public_url)


def _session() -> requests.Session:
    """Room for one round of calls, no second try, no proxy or password of the process's."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", HTTPAdapter(pool_maxsize=MOST_AT_ONCE, max_retries=0))
    return session


def _handed(create: Callable[[], object]) -> Receipt:
    """Twilio's errors as the port's, by code only: what it says quotes the number."""
    try:
        return Receipt(NAME, str(create()))
    except TwilioRestException as error:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status in _LATER:
            raise GatewayUnreachableError from None
        raise GatewayRefusedError from None
    except (TwilioException, requests.RequestException, OSError, ValueError):
        raise GatewayUnreachableError from None


_SILENT = logging.getLogger("union.gateways.twilio")
_SILENT.setLevel(logging.CRITICAL)
_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT})
