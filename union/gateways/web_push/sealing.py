"""The content coding of a notice (RFC 8291 over RFC 8188): only her browser can open it.

Written on `cryptography` directly; see docs/decisions.md. It must never see whom a notice is for.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES = 16
RECORD_SIZE = 4096
LAST_RECORD = b"\x02"
PADDED_TO = 512
"""Every notice is as long as every other, so that its length says nothing."""


def seal_notice(
    content: bytes,
    receiver: ec.EllipticCurvePublicKey,
    auth: bytes,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    padded_to: int = PADDED_TO,
) -> bytes:
    """The body of the request: header block and one record (`aes128gcm`).

    `sender` and `salt` are fresh for every notice; they are given only to hold this against the
    example of RFC 8291, appendix A.
    """
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    ours, theirs = point_of(sender.public_key()), point_of(receiver)
    shared = sender.exchange(ec.ECDH(), receiver)
    key_info = b"WebPush: info\x00" + theirs + ours
    secret = _derive(shared, salt=auth, info=key_info, length=32)
    key = _derive(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    padding = b"\x00" * max(0, padded_to - len(content))
    record = AESGCM(key).encrypt(nonce, content + LAST_RECORD + padding, None)
    return salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours + record


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as its uncompressed point of 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
