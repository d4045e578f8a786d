"""The call to the push services: every browser of hers at once, each under a hard time-out.

One that is gone for good (404, 410) is named in the answer, so that it is not tried again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from union.gateways.fanout import call_all
from union.gateways.port import (
    GatewayGoneError,
    GatewayRefusedError,
    GatewayUnreachableError,
    PushGateway,
    Receipt,
)
from union.gateways.web_push.devices import (
    HANDSET,
    Device,
    decoded,
    public_key_of,
    service_of,
    unpack,
)
from union.gateways.web_push.sealing import seal_notice
from union.gateways.web_push.vapid import PushKey, ticket
from union.kernel.clock import Clock

PROVIDER = "web_push"
URGENT_TTL_SECONDS = 300
"""How long a push service keeps a notice for a phone that is off; by then other ways were tried."""

CALL_SECONDS = 2.0
"""To connect, and again to answer."""

ALL_SECONDS = 4.5
"""For all browsers of one person together; shorter than one call to a gateway may take."""

LONGEST_TOPIC = 32


@dataclass(frozen=True, slots=True)
class WebPush:
    """Notices by way of the browsers' own services.

    `key` gives the union's pair, made when first asked for; `contact` (https: or mailto:) is told
    to the services; `extra` are origins allowed besides the known services; `handsets` takes what
    is for a telephone of the simulator.
    """

    key: Callable[[], PushKey]
    contact: str
    clock: Clock
    extra: Collection[str] = ()
    handsets: PushGateway | None = None

    def push(self, key: str, address: str, text: str) -> Receipt:
        """Hand over to all browsers of the address; one that takes it is enough.

        GatewayGoneError if every one of them is gone, else the mildest error there was.
        """
        devices = unpack(address)
        answers = call_all(devices, lambda one: self._one(key, one, text), ALL_SECONDS)
        gone = tuple(
            one.ref
            for one, answer in zip(devices, answers, strict=True)
            if isinstance(answer, GatewayGoneError)
        )
        if any(isinstance(answer, Receipt) for answer in answers):
            return Receipt(PROVIDER, key, gone)
        if devices and len(gone) == len(devices):
            raise GatewayGoneError(gone=",".join(gone))
        if any(isinstance(answer, GatewayUnreachableError) for answer in answers):
            raise GatewayUnreachableError
        raise GatewayRefusedError

    def _one(self, key: str, device: Device, text: str) -> Receipt:
        service = service_of(device.endpoint, self.extra)
        if service == "handset" and self.handsets is not None:
            return self.handsets.push(key, device.endpoint.removeprefix(HANDSET), text)
        if service in (None, "handset"):
            raise GatewayRefusedError
        content = json.dumps({"key": key, "text": text}, ensure_ascii=False).encode()
        body = seal_notice(content, public_key_of(device), decoded(device.auth))
        return _answer_of(key, self._post(key, device.endpoint, body))

    def _post(self, key: str, endpoint: str, body: bytes) -> int:
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        headers = {
            "Authorization": ticket(self.key(), audience, self.contact, self.clock.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(URGENT_TTL_SECONDS),
            "Urgency": "high",
            "Topic": topic_of(key),
        }
        try:
            with requests.post(
                endpoint,
                data=body,
                headers=headers,
                timeout=(CALL_SECONDS, CALL_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return int(answer.status_code)
        except requests.RequestException:
            # What a library says of a failed call quotes the address: only the fact is kept.
            raise GatewayUnreachableError from None


def topic_of(key: str) -> str:
    """What replaces what at a push service: a later try of one message replaces the one before."""
    return key.partition("-")[0][:LONGEST_TOPIC]


def _answer_of(key: str, status: int) -> Receipt:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise GatewayGoneError
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Receipt(PROVIDER, key)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise GatewayUnreachableError
    raise GatewayRefusedError
