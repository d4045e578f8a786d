"""A draw of receipts that anybody can make again from its seed, with any tool."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def draw(seed: str, refs: Iterable[str], wanted: int) -> list[str]:
    """The ``wanted`` receipts whose SHA-256 of "seed|reference" is smallest, in that order."""
    return sorted(refs, key=lambda ref: hashlib.sha256(f"{seed}|{ref}".encode()).digest())[:wanted]
