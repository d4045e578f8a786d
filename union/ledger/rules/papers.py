"""What a paper may be, told from its content, never from its name; and what is approved of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

LARGEST_PAPER = 8 * 1024 * 1024
"""Bytes; the database refuses more."""

MOST_PAPERS = 8
PIECE = 256 * 1024
"""Bytes of a paper that are encrypted together; the database counts its pieces by it."""

_JPEG, _PNG, _PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
_RIFF, _WEBP = b"RIFF", b"WEBP"

ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}


def paper_type(beginning: bytes) -> str | None:
    """The kind of paper by its first bytes, or None if it is none that is taken."""
    if beginning.startswith(_PDF):
        return "application/pdf"
    if beginning.startswith(_JPEG):
        return "image/jpeg"
    if beginning.startswith(_PNG):
        return "image/png"
    if beginning[:4] == _RIFF and beginning[8:12] == _WEBP:
        return "image/webp"
    return None


def papers_hash(words: bytes | None, papers: Iterable[bytes]) -> bytes:
    """What a voucher's approval covers beside its figures; the database computes the same.

    ``words`` are the encrypted words as kept, ``papers`` the SHA-256 of each paper in order.
    """
    said = hashlib.sha256(words).hexdigest() if words is not None else ""
    laid = "".join(f"|{one.hex()}" for one in papers)
    return hashlib.sha256(f"v1|{said}{laid}".encode()).digest()
