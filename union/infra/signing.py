"""Signatures by Ed25519, and the union's own key, which lies in the secrets file beside the others.

Owns what is signed and how it is verified; never decides what deserves a signature, and knows no
database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from union.kernel.errors import UnionError
from union.kernel.ids import in_fours

KEY_BYTES = 32
_FIGURES = 32


class SigningKeyMissingError(UnionError):
    """The secrets of this deployment hold no key to sign with."""

    code = "signing_key_missing"


@dataclass(frozen=True, slots=True)
class Signature:
    """What was signed with which public key (32 and 64 bytes)."""

    public_key: bytes
    value: bytes


class Signer:
    """Signs in the union's name."""

    def __init__(self, key: bytes) -> None:
        """``key`` is the 32 bytes of the secrets file; SigningKeyMissingError if there are none."""
        if len(key) != KEY_BYTES:
            raise SigningKeyMissingError
        self._key = Ed25519PrivateKey.from_private_bytes(key)

    @property
    def public_key(self) -> bytes:
        """What everybody may know, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> Signature:
        """A signature under exactly these bytes."""
        return Signature(self.public_key, self._key.sign(message))


def fingerprint(public_key: bytes) -> str:
    """A public key as people compare it: the first 32 hexadecimal figures of its SHA-256."""
    return in_fours(hashlib.sha256(public_key).hexdigest()[:_FIGURES])


def is_signed(message: bytes, signature: Signature) -> bool:
    """Whether the signature stands under exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(signature.public_key).verify(signature.value, message)
    except (InvalidSignature, ValueError):
        return False
    return True
