"""A report as the text that is signed: canonical JSON of codes and figures, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORMAT = "audit-report-v1"


def as_text(content: Mapping[str, Any]) -> str:
    """The one way to write a report's content down."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(text: str) -> bytes:
    """SHA-256 of the report's text in UTF-8."""
    return hashlib.sha256(text.encode()).digest()


def signed_text(ref: str, hashed: bytes) -> bytes:
    """What a trustee puts her signature under."""
    return f"{FORMAT}|{ref}|{hashed.hex()}".encode()
