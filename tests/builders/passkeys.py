"""A telephone that holds passkeys: true keys and signatures, and every lie one wants it to tell."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from union.identity.rules.passkeys import Place

PLACE = Place("notebook.example", "https://notebook.example", "Notebook")

PRESENT, VERIFIED, MAY_BACK_UP, BACKED_UP, NEW = 0x01, 0x04, 0x08, 0x10, 0x40
_CURVE = ec.SECP256R1()
_SIZE = 32


def coded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def uncoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")


@dataclass(frozen=True)
class Lies:
    """What this telephone says otherwise than it should; None is the truth."""

    origin: str | None = None
    domain: str | None = None
    challenge: bytes | None = None
    kind: str | None = None
    handle: bytes | None = None
    framed: bool = False
    spoilt: bool = False


TRUTH = Lies()


@dataclass
class SoftKey:
    """One passkey on it; ``handle`` is what its account is called there."""

    handle: bytes
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(_CURVE)
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(_SIZE))
    count: int = 0

    @property
    def public(self) -> bytes:
        """As COSE writes it: an ES256 key on P-256."""
        numbers = self.private.public_key().public_numbers()
        x, y = (one.to_bytes(_SIZE, "big") for one in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})


@dataclass
class SoftPhone:
    """A telephone: the address its browser is at, its lock, and whether its maker keeps copies.

    ``counts``: whether each answer counts one up; those that keep copies never do.
    """

    place: Place = PLACE
    unlocks: bool = True
    touched: bool = True
    backed_up: bool = False
    counts: bool = False
    key: SoftKey | None = None

    def make(self, options: dict[str, Any], lies: Lies = TRUTH, key_id: bytes | None = None) -> str:
        """A new passkey, as a browser sends it; called as another is, if ``key_id`` is given."""
        self.key = SoftKey(handle=uncoded(options["user"]["id"]))
        self.key.id = key_id or self.key.id
        said = self._said("webauthn.create", options, lies)
        head = bytes(16) + len(self.key.id).to_bytes(2, "big") + self.key.id
        data = self._data(options["rp"]["id"], lies, NEW) + head + self.key.public
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._sent({"clientDataJSON": coded(said), "attestationObject": coded(attested)})

    def give(self, options: dict[str, Any], lies: Lies = TRUTH) -> str:
        """The passkey's answer, as a browser sends it."""
        key = self._held()
        key.count += self.counts
        said = self._said("webauthn.get", options, lies)
        data = self._data(options["rpId"], lies, 0)
        signed = key.private.sign(data + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        signature = bytes([*signed[:-1], signed[-1] ^ 1]) if lies.spoilt else signed
        return self._sent(
            {
                "clientDataJSON": coded(said),
                "authenticatorData": coded(data),
                "signature": coded(signature),
                "userHandle": coded(lies.handle or key.handle),
            }
        )

    def with_other_key(self) -> SoftPhone:
        """The same telephone that answers with a passkey nobody knows."""
        return replace(self, key=SoftKey(handle=self._held().handle))

    def _said(self, kind: str, options: dict[str, Any], lies: Lies) -> bytes:
        challenge = coded(lies.challenge) if lies.challenge else options["challenge"]
        return json.dumps(
            {
                "type": lies.kind or kind,
                "challenge": challenge,
                "origin": lies.origin or self.place.origin,
                "crossOrigin": lies.framed,
            }
        ).encode()

    def _data(self, domain: str, lies: Lies, more: int) -> bytes:
        flags = more | PRESENT * self.touched | VERIFIED * self.unlocks
        if self.backed_up:
            flags |= MAY_BACK_UP | BACKED_UP
        bound_to = sha256((lies.domain or domain).encode()).digest()
        return bound_to + bytes([flags]) + self._held().count.to_bytes(4, "big")

    def _sent(self, response: dict[str, str]) -> str:
        held = coded(self._held().id)
        return json.dumps({"id": held, "rawId": held, "type": "public-key", "response": response})

    def _held(self) -> SoftKey:
        assert self.key is not None, "this telephone holds no passkey yet"
        return self.key
