"""Lines as a phone seals and writes them: opened and read into what a sheet's line is.

The phone seals each line to its own key of ours the moment it is written and cannot open it
again: an ephemeral P-256 key, HKDF-SHA-256, AES-256-GCM. ``static/round_seal.js`` is the other
half.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from union.dues.rules.reading import SheetLine

POINT_BYTES = 65
NONCE_BYTES = 12
MOST_SEALED_BYTES = 2000
_CURVE = ec.SECP256R1()
_LONGEST_TEXT = 40


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line as it arrives: its key (the phone's own, for ever) and what is sealed under it."""

    key: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line opened: what a sheet's line has, and what only a phone knows.

    ``written_at`` is by the phone's clock, None if it had none worth keeping.
    """

    line: SheetLine
    spoiled: bool
    stamped: bool
    written_at: datetime | None


def make_phone_key() -> tuple[bytes, bytes]:
    """A new pair for a phone: the private half (PKCS 8, DER) and the public point (65 bytes)."""
    private = ec.generate_private_key(_CURVE)
    return (
        private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        ),
    )


def seal_line(public_key: bytes, about: str, content: Mapping[str, Any], nonce: bytes) -> bytes:
    """Seal a line as a phone does; ``about`` is its phone's reference and its key."""
    mine = ec.generate_private_key(_CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public_key)
    key = _key(mine.exchange(ec.ECDH(), theirs), about)
    point = mine.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    plain = json.dumps(content).encode()
    return point + nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def open_line(private_key: bytes, about: str, sealed: bytes) -> Mapping[str, Any] | None:
    """What a phone sealed; None for anything that is no line of this phone under this key."""
    if not POINT_BYTES + NONCE_BYTES < len(sealed) <= MOST_SEALED_BYTES:
        return None
    private = serialization.load_der_private_key(private_key, None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        return None
    nonce = sealed[POINT_BYTES : POINT_BYTES + NONCE_BYTES]
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sealed[:POINT_BYTES])
        key = _key(private.exchange(ec.ECDH(), point), about)
        plain = AESGCM(key).decrypt(nonce, sealed[POINT_BYTES + NONCE_BYTES :], about.encode())
        content = json.loads(plain)
    except (ValueError, RecursionError, InvalidTag):
        return None
    return content if isinstance(content, dict) else None


def read_written(row_no: int, collector: str, content: Mapping[str, Any] | None) -> WrittenLine:
    """A phone's line as a line of a sheet; what cannot be read stays empty and is refused later."""
    said = content or {}
    rupees = _whole(said.get("amount_minor"))
    line = SheetLine(
        row_no=row_no,
        collector=collector,
        receipt=_text(said, "receipt_no"),
        day=_text(said, "day"),
        card=_text(said, "card"),
        amount="" if rupees is None else f"{rupees // 100}.{rupees % 100:02d}",
        note="",
    )
    return WrittenLine(
        line, said.get("spoiled") is True, said.get("stamped") is True, _at(said.get("at"))
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name, "")).strip()[:_LONGEST_TEXT]


def _whole(value: object) -> int | None:
    sound = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return int(value) if sound and isinstance(value, int) else None


def _at(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _key(shared: bytes, about: str) -> bytes:
    kdf = HKDF(hashes.SHA256(), 32, salt=None, info=b"round-line|" + about.encode())
    return kdf.derive(shared)
