"""The browsers a notice goes to, as plain values, and which addresses may be knocked at at all.

An address comes from a browser, so anybody signed in can send us any: only the push services of
the known browsers are ever called, over https, and nothing else on any network.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from union.kernel.errors import UnionError

HANDSET = "handset:"
"""Before a number: a telephone of the simulator, which stands for a browser in a demonstration."""

KNOWN_SERVICES: Mapping[str, str] = {
    "fcm.googleapis.com": "google",
    "updates.push.services.mozilla.com": "mozilla",
    "web.push.apple.com": "apple",
    "notify.windows.com": "microsoft",
}
"""The push services of the browsers there are, by host; Microsoft's have a part in front."""

AUTH_BYTES = 16
LONGEST_ENDPOINT = 1000


class DeviceUnfitError(UnionError):
    """What a browser gave is no address of a push service we call, or its keys are none."""

    code: ClassVar[str] = "device_unfit"


@dataclass(frozen=True, slots=True)
class Device:
    """One browser: `ref` is our name for it, the rest is what it gave (base64url, unpadded)."""

    ref: str
    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


def pack(devices: Sequence[Device]) -> str:
    """Some browsers as the one address a gateway is given."""
    return json.dumps([asdict(one) for one in devices])


def unpack(address: str) -> list[Device]:
    """The browsers of an address; none where it is no such address."""
    try:
        return [Device(**one) for one in json.loads(address)]
    except (ValueError, TypeError):
        return []


def service_of(endpoint: str, extra: Collection[str] = ()) -> str | None:
    """The push service behind an address, in a word; None for one we never call.

    `extra` are origins (`http://127.0.0.1:9`) that a deployment or a test allows besides.
    """
    if endpoint.startswith(HANDSET):
        return "handset"
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return None
    if f"{parts.scheme}://{parts.netloc}" in extra:
        return "other"
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc:
        return None
    host = (parts.hostname or "").lower()
    named = [name for known, name in KNOWN_SERVICES.items() if host == known]
    if host.endswith(".notify.windows.com"):
        named = ["microsoft"]
    return named[0] if named else None


def fit_device(device: Device, extra: Collection[str] = ()) -> str:
    """The service of a browser's address; DeviceUnfitError if it or its keys are none we can use.

    A handset is none: only a demonstration makes those, never a page.
    """
    service = service_of(device.endpoint, extra)
    if service in (None, "handset") or len(device.endpoint) > LONGEST_ENDPOINT:
        raise DeviceUnfitError
    try:
        public_key_of(device)
        secret = decoded(device.auth)
    except (ValueError, binascii.Error) as error:
        raise DeviceUnfitError from error
    if len(secret) != AUTH_BYTES:
        raise DeviceUnfitError
    return str(service)


def public_key_of(device: Device) -> ec.EllipticCurvePublicKey:
    """Her browser's key; ValueError if it is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(device.p256dh))


def decoded(text: str) -> bytes:
    """Bytes from base64url, with or without padding."""
    return base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))


def encoded(content: bytes) -> str:
    """Base64url without padding, as all of Web Push writes it."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
