"""What an HTTP gateway tells us: a text that came in, or what became of one of ours.

Reads plain values and decides one thing only: whether whoever knocks knows the secret.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from union.gateways.port import Delivery, Inbound
from union.infra.ways_settings import HttpSmsSettings

STATUSES: Mapping[str, str] = {
    "1": "delivered",
    "2": "failed",
    "4": "queued",
    "8": "sent",
    "16": "failed",
    "DELIVRD": "delivered",
    "DELIVERED": "delivered",
    "ACCEPTD": "queued",
    "ENROUTE": "sent",
    "SENT": "sent",
    "UNDELIV": "failed",
    "UNDELIVERED": "failed",
    "REJECTD": "failed",
    "DELETED": "failed",
    "FAILED": "failed",
    "EXPIRED": "expired",
}
"""What gateways say, as numbers of Kannel's dlr-mask or the words of SMPP, and what it means."""

_HEADERS: Mapping[str, str] = {"from": "X-Kannel-From", "to": "X-Kannel-To"}


@dataclass(frozen=True, slots=True)
class Told:
    """One request of a gateway, as plain values; `body` only where it was no form."""

    values: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    charset: str = "utf-8"
    source: str = ""


def may_knock(settings: HttpSmsSettings, told: Told) -> bool:
    """Whether it carries the secret, as a password or a bearer's, and comes from where it may."""
    secret = settings.webhook_secret
    if not secret:
        return False
    given = _given(told.headers.get("Authorization", ""))
    known = hmac.compare_digest(given, secret.encode())
    return known and (not settings.sources or _is_from(told.source, settings))


def read_text(settings: HttpSmsSettings, told: Told, at: datetime) -> Inbound | None:
    """A text that came in, or None if nobody is said to have sent it.

    Without an id of the gateway's, `provider_id` is empty.
    """
    sender = _value(settings, told, "from")
    if not sender:
        return None
    text = told.values.get(settings.names["text"])
    return Inbound(
        provider=settings.name,
        provider_id=_value(settings, told, "id")[:80],
        channel="sms",
        from_number=sender,
        to_number=_value(settings, told, "to"),
        body=_decoded(told) if text is None else text,
        at=at,
    )


def read_receipt(settings: HttpSmsSettings, told: Told) -> Delivery | None:
    """What became of one of ours, or None if that cannot be read."""
    key, status = told.values.get("key", ""), told.values.get("status", "").upper()
    if not key or status not in STATUSES:
        return None
    word = STATUSES[status]
    code = status if word in ("failed", "expired") else ""
    return Delivery(settings.name, f"{key}-{status}", key, word, code)


def _value(settings: HttpSmsSettings, told: Told, name: str) -> str:
    return told.values.get(settings.names[name]) or told.headers.get(_HEADERS.get(name, ""), "")


def _decoded(told: Told) -> str:
    try:
        codecs.lookup(told.charset)
    except LookupError:
        return told.body.decode(errors="replace")
    return told.body.decode(told.charset, errors="replace")


def _given(authorization: str) -> bytes:
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer":
        return value.strip().encode()
    if kind.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value, validate=True).partition(b":")[2]
    except (ValueError, binascii.Error):
        return b""


def _is_from(source: str, settings: HttpSmsSettings) -> bool:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(one) for one in settings.sources)
